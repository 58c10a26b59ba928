/* What found no room is summed all the same, and said: in the profile, as text, and in the index.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "common/pprof/catalog.h"
#include "common/pprof/heap.h"
#include "common/pprof/heap_live.h"
#include "common/pprof/locks.h"
#include "common/pprof/locks_hook.h"
#include "common/pprof/pprof.h"
#include "common/pprof/profile_samples.h"
#include "common/pprof/stacks.h"
#include "common/pprof/threadcreate.h"
#include "common/pprof/threadcreate_hook.h"
#include "tests/pprof/ask.h"

/* So many turns make more stacks than there is room for. */
enum { TURNS = 13 };

static const int object;
static struct answer answer;
static char remark[CATALOG_REMARK_SIZE];

static __attribute__((noinline)) void *by_malloc(void)
{
    void *block = malloc(100);
    __asm__ volatile("" : "+r"(block));
    return block;
}

static __attribute__((noinline)) void use_all(void)
{
    const void *here = __builtin_return_address(0);
    struct locks_wait wait;

    free(by_malloc());
    threadcreate_count(here);
    locks_wait_begin(&wait, &object, true);
    locks_release(&object, here);
    locks_wait_end(&wait, here);
}

/* Each way through the turns is a stack of its own. */
static __attribute__((noinline)) void turn(unsigned turns)
{
    if (turns == 0) {
        use_all();
    } else {
        turn(turns - 1);
        __asm__ volatile("" ::: "memory");
        turn(turns - 1);
    }
    __asm__ volatile("" ::: "memory");
}

static void start(void)
{
    if (!locks_is_available())
        cr_skip_test("the hooks are not linked with sanitizers");
    cr_assert_eq(locks_start(1), 0);
    cr_assert_eq(threadcreate_start(), 0);
    cr_assert_eq(heap_start(1), 0);
}

static struct profile *collect(const char *name)
{
    struct profile *profile = catalog_find(name)->collect(&(struct catalog_wish){.seconds = 0});

    cr_assert_not_null(profile, "%s", name);
    catalog_remark(catalog_find(name), profile, remark);
    return profile;
}

static bool is_lost(const struct profile_sample *sample)
{
    return sample->depth == 0 && sample->label_count == 1 &&
           strcmp(sample->labels[0].key, "lost") == 0;
}

Test(remarks, stacks_without_room_are_lost_but_summed)
{
    static const char *const names[] = {"allocs", "block", "mutex", "threadcreate"};
    char error[PPROF_ERROR_SIZE];

    start();
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        profile_delete(collect(names[i]));
        cr_expect_null(strstr(remark, "no room"), "%s", remark);
    }
    turn(TURNS);
    struct pprof *pprof = pprof_start(&(struct pprof_options){.listen = "127.0.0.1:0"}, error);
    cr_assert_not_null(pprof, "%s", error);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct profile *profile = collect(names[i]);
        int64_t sum = 0, lost = 0;
        for (size_t s = 0; s < profile->sample_count; s++) {
            sum += profile->samples[s]->values[0];
            lost += is_lost(profile->samples[s]) ? profile->samples[s]->values[0] : 0;
        }
        cr_expect_geq(sum, 1 << TURNS, "%s: %ld", names[i], sum);
        cr_expect_geq(lost, (1 << TURNS) - STACKS_COUNT_MAX, "%s: %ld", names[i], lost);
        cr_expect_lt(lost, sum, "%s", names[i]);
        cr_expect_not_null(strstr(remark, "no room"), "%s", names[i]);
        profile_delete(profile);
    }
    ask_get(pprof, "/debug/pprof/mutex?debug=2", &answer);
    cr_expect_not_null(strstr(answer.body, "found no room: "), "%s", answer.body);
    ask_get(pprof, "/debug/pprof/", &answer);
    unsigned said = 0;
    for (const char *at = answer.body; (at = strstr(at, "found no room: ")) != NULL; at++)
        said++;
    cr_expect_geq(said, sizeof names / sizeof names[0], "%s", answer.body);
    pprof_stop(pprof);
}

Test(remarks, blocks_in_use_without_room_are_said)
{
    static void *blocks[HEAP_LIVE_BLOCKS_MAX + 1000];
    enum { COUNT = sizeof blocks / sizeof blocks[0] };

    start();
    profile_delete(collect("heap"));
    cr_expect_null(strstr(remark, "in use"), "%s", remark);
    for (int i = 0; i < COUNT; i++)
        blocks[i] = by_malloc();
    profile_delete(collect("heap"));
    cr_expect_not_null(strstr(remark, "there is more in use"), "%s", remark);
    for (int i = 0; i < COUNT; i++)
        free(blocks[i]);
}

/* A second lock with the hash of one that is waited for. */
Test(remarks, waits_without_a_slot_are_lost_but_summed)
{
    static char others[64 << LOCKS_SLOT_BITS];
    struct locks_wait wait, other_wait;
    const char *other = others;

    start();
    while (locks_slot_of(other) != locks_slot_of(&object))
        other++;
    locks_wait_begin(&wait, &object, true);
    locks_wait_begin(&other_wait, other, true);
    cr_expect_not(locks_is_waited_for(other));
    locks_wait_end(&other_wait, &object);
    struct profile *mutex = collect("mutex"), *block = collect("block");
    cr_assert_eq(mutex->sample_count, 1);
    cr_assert_eq(block->sample_count, 1);
    cr_expect(is_lost(mutex->samples[0]));
    cr_expect_eq(mutex->samples[0]->values[0], 1);
    cr_expect_eq(mutex->samples[0]->values[1], block->samples[0]->values[1]);
    profile_delete(mutex);
    profile_delete(block);
    locks_wait_end(&wait, &object);
}

Test(remarks, too_little_waited_is_said)
{
    static const char *const names[] = {"block", "mutex"};
    struct locks_wait wait;

    start();
    for (int i = 0; i < 2; i++) {
        profile_delete(collect(names[i]));
        cr_expect_not_null(strstr(remark, "Empty: no thread waited"), "%s: %s", names[i], remark);
    }
    locks_wait_begin(&wait, &object, true);
    wait.slot->counted_ns -= LOCKS_EXACT_NS; /* as if it had begun then */
    wait.since_ns -= LOCKS_EXACT_NS;
    locks_release(&object, &object);
    locks_wait_end(&wait, &object);
    for (int i = 0; i < 2; i++) {
        profile_delete(collect(names[i]));
        cr_expect_str_empty(remark, "%s", names[i]);
    }
}
