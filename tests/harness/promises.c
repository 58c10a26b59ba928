/*
 * promises.c - what a comparison makes of its tools' files: planted profiles with known shares, and
 * tools that are not there.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "bench/compare/comparison.h"
#include "bench/readers/profile.pb-c.h"

static struct comparison comparison; /* large */

static void begin(void)
{
    comparison = (struct comparison){.cpu_count = 2};
    plan_init(&comparison.plan, MODE_QUICK, LESSON_ALL, 0);
    snprintf(comparison.results.folder, sizeof comparison.results.folder,
             "/tmp/promises-test.XXXXXX");
    cr_assert_not_null(mkdtemp(comparison.results.folder));
    char path[PATH_SIZE];
    cr_assert_eq(mkdir(results_path(&comparison.results, "raw", path), 0700), 0);
    cr_assert_eq(comparison_begin(&comparison), 0);
}

static void end(void)
{
    char command[PATH_SIZE + 16];
    model_free(&comparison.model);
    snprintf(command, sizeof command, "rm -r %s", comparison.results.folder);
    cr_assert_eq(system(command), 0);
}

TestSuite(promises, .init = begin, .fini = end);

enum { STACK_MAX = 3 };

/* A profile of one type, each stack with its weight: "store_commit" and so on, innermost first. */
struct planted {
    const char *functions[STACK_MAX], *files[STACK_MAX];
    int64_t weight;
};

static void plant(const char *name, const char *type, const struct planted *stacks, size_t count)
{
    enum { MOST = 8 };
    static char *texts[1 + 2 * MOST * STACK_MAX];
    static Profile__Type type_message;
    static Profile__Sample samples[MOST];
    static Profile__Location locations[MOST * STACK_MAX];
    static Profile__Line lines[MOST * STACK_MAX];
    static Profile__Function functions[MOST * STACK_MAX];
    static uint64_t ids[MOST * STACK_MAX];
    Profile__Type *types_at[] = {&type_message};
    Profile__Sample *samples_at[MOST];
    Profile__Location *locations_at[MOST * STACK_MAX];
    Profile__Line *lines_at[MOST * STACK_MAX];
    Profile__Function *functions_at[MOST * STACK_MAX];
    Profile__Profile profile = PROFILE__PROFILE__INIT;
    size_t text = 0, frame = 0;

    cr_assert_leq(count, MOST);
    texts[text++] = (char *)type;
    profile__type__init(&type_message);
    for (size_t s = 0; s < count; s++) {
        profile__sample__init(&samples[s]);
        samples[s].n_value = 1;
        samples[s].value = (int64_t *)&stacks[s].weight;
        samples[s].location_id = &ids[frame];
        for (int i = 0; i < STACK_MAX && stacks[s].functions[i] != NULL; i++, frame++) {
            profile__location__init(&locations[frame]);
            profile__line__init(&lines[frame]);
            profile__function__init(&functions[frame]);
            ids[frame] = locations[frame].id = functions[frame].id = lines[frame].function_id =
                frame + 1;
            functions[frame].name = (int64_t)text;
            texts[text++] = (char *)stacks[s].functions[i];
            functions[frame].file = (int64_t)text;
            texts[text++] = (char *)stacks[s].files[i];
            lines_at[frame] = &lines[frame];
            locations[frame].n_line = 1;
            locations[frame].line = &lines_at[frame];
            locations_at[frame] = &locations[frame];
            functions_at[frame] = &functions[frame];
            samples[s].n_location_id++;
        }
        samples_at[s] = &samples[s];
    }
    profile.n_type = 1;
    profile.type = types_at;
    profile.n_sample = count;
    profile.sample = samples_at;
    profile.n_location = profile.n_function = frame;
    profile.location = locations_at;
    profile.function = functions_at;
    profile.n_text = text;
    profile.text = texts;
    unsigned char bytes[4096];
    char path[PATH_SIZE];
    size_t length = profile__profile__get_packed_size(&profile);
    cr_assert_leq(length, sizeof bytes);
    profile__profile__pack(&profile, bytes);
    gzFile file = gzopen(results_path(&comparison.results, name, path), "wb");
    cr_assert_eq(gzwrite(file, bytes, (unsigned)length), (int)length);
    cr_assert_eq(gzclose(file), Z_OK);
}

/* Ten threads for 1000 ns, which held a lock for 750 of them. */
static void plant_live(void)
{
    struct model *model = &comparison.model;

    MODEL_ADD(model, model, live_profile, live_profiles,
              (struct live_profile){.has_database = true,
                                    .worker_threads = 10,
                                    .elapsed_ns = 1000,
                                    .held_ns = 750,
                                    .block = "raw/not-there",
                                    .mutex = "raw/mutex",
                                    .threads = "raw/threads"});
    plant("raw/mutex", "delay",
          (struct planted[]){
              {{"lock_release", "store_commit"}, {"/x/common/lock.c", "/x/naive/store.c"}, 8000},
              {{"__libc_free"}, {"./malloc/malloc.c"}, 1000}},
          2);
    plant("raw/threads", "threads",
          (struct planted[]){{{"wait_for_more"}, {"/x/naive/workers.c"}, 19},
                             {{"poll", "serve"}, {"", "/x/common/service/serve.c"}, 1}},
          2);
}

static const struct promise *find(const char *tool, const char *lesson)
{
    for (unsigned i = 0; i < comparison.model.promises->cell_count; i++) {
        const struct promise *one = &comparison.model.promises->cells[i];
        if (strcmp(one->tool, tool) == 0 && strcmp(one->lesson, lesson) == 0)
            return one;
    }
    cr_assert_fail("%s promises nothing of %s", tool, lesson);
    return NULL;
}

static const struct promise_tool *find_tool(const char *id)
{
    for (unsigned i = 0; i < comparison.model.promises->tool_count; i++)
        if (strcmp(comparison.model.promises->tools[i].id, id) == 0)
            return &comparison.model.promises->tools[i];
    return NULL;
}

Test(promises, follow_from_planted_shares)
{
    static const double naive[] = {500, 501, 502, 503, 504, 505, 506, 507, 508, 509},
                        fixed[] = {100, 100, 100, 100, 100, 100, 100, 100, 100, 100};
    const struct metric metric = {
        {"database_time_alone", "time", "ns/record", "wall time"}, CODE_NAIVE, "nnfn", ""};

    plant_live();
    model_add_rounds(&comparison.model, lesson_from_id("store"), &metric, naive, fixed, 10);
    cr_assert_eq(model_judge(&comparison.model), 0);
    cr_assert_eq(judge_promises(&comparison), 0);
    cr_expect_eq(find("lock", "store")->share, 0.75);
    cr_expect_eq(find("lock", "store")->gain, 4);
    cr_expect_eq(find("lock", "store")->outcome, PROMISE_UNDER); /* five came */
    cr_expect_eq(find("mutex", "store")->share, 0.8);
    cr_expect_float_eq(find("mutex", "store")->gain, 5, 1e-9);
    cr_expect_eq(find("mutex", "key")->share, 0);
    cr_expect_eq(find("threads", "workers")->share, 0.95);
    cr_expect_float_eq(find("threads", "workers")->gain, 20, 1e-9);
    cr_expect_eq(find("threads", "store")->outcome, PROMISE_BLIND);
    cr_expect_str_eq(find_tool("mutex")->place, "store_commit (store.c)");
    cr_expect_str_eq(find_tool("mutex")->names, "store");
    cr_expect_str_eq(find_tool("threads")->names, "workers");
    cr_expect_null(find_tool("lock")->place);
}

/* FIX=key leaves out what waits; and times that were not taken leave nothing to judge. */
Test(promises, are_not_judged_where_nothing_was_measured)
{
    plant_live();
    cr_assert_eq(judge_promises(&comparison), 0);
    cr_expect_eq(find("lock", "store")->gain, 4);
    cr_expect_eq(find("lock", "store")->outcome, PROMISE_UNJUDGED);
    cr_expect(isnan(find("lock", "store")->measured.ratio));
    cr_expect(isnan(find_tool("lock")->order));
    cr_expect_eq(find_tool("lock")->told, 0);
}

Test(promises, are_of_the_tools_that_are_there)
{
    plant_live();
    cr_assert_eq(judge_promises(&comparison), 0);
    cr_expect_null(find_tool("block"));
    cr_expect_null(find_tool("callgrind"));
    cr_expect_null(find_tool("cpu"));
    cr_expect_null(find_tool("dhat_bytes"));
    cr_expect_not_null(find_tool("coz")->absent);
}

Test(promises, are_missing_where_no_service_starts)
{
    snprintf(comparison.programs, sizeof comparison.programs, "/nowhere");
    cr_assert_eq(profile_live(&comparison), 0);
    cr_assert_eq(comparison.model.machine.lack_count, 1);
    cr_expect_str_eq(comparison.model.machine.missing[0].what, "live profiles");
    cr_assert_eq(judge_promises(&comparison), 0);
    cr_expect_null(find_tool("mutex"));
    cr_expect_null(find_tool("lock"));
    cr_expect_eq(comparison.model.promises->cell_count, 0);
}
