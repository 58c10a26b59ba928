/* races.c - the reader of DRD's and Helgrind's XML, held against the recorded program. */
#include "races.h"

#include "reading.h"

static const char *const files[] = {
    HARNESS_DATA "drd.race.xml",
    HARNESS_DATA "drd.clean.xml",
    HARNESS_DATA "helgrind.race.xml",
    HARNESS_DATA "helgrind.clean.xml",
};
enum { DRD_RACE, DRD_CLEAN, HELGRIND_RACE, HELGRIND_CLEAN, FILE_COUNT };

static struct races load(int file)
{
    char error[TEXT_ERROR_SIZE];
    struct races result;
    cr_assert_eq(races_read(files[file], &result, error, sizeof error), 0, "%s", error);
    return result;
}

static int try_file(const char *path, char *error, size_t error_size)
{
    struct races result;
    uint32_t holds = 0;

    if (races_read(path, &result, error, error_size) != 0)
        return -1;
    for (uint32_t i = 0; i < result.report_count; i++) {
        races_place(&result.reports[i], (const char *[]){"thread_main", NULL});
        holds += result.reports[i].kind == RACES_HOLD;
    }
    cr_expect(holds == 0 || result.held_ms_max > 0);
    races_free(&result);
    return 0;
}

/* The line of the recorded program that has `what` in it, behind the line that has `function`. */
static unsigned source_line(const char *function, const char *what)
{
    struct text text = reading_load(HARNESS_DATA "threads.c");
    struct text_lines lines;
    unsigned found = 0;
    bool is_in_function = false;

    text_lines_init(&lines, &text);
    for (char *line; found == 0 && (line = text_next_line(&lines)) != NULL;) {
        is_in_function = is_in_function || strstr(line, function) != NULL;
        if (is_in_function && strstr(line, what) != NULL)
            found = lines.number;
    }
    text_free(&text);
    return found;
}

static const struct races_report *first_of(const struct races *result, enum races_kind kind)
{
    for (uint32_t i = 0; i < result->report_count; i++)
        if (result->reports[i].kind == kind)
            return &result->reports[i];
    return NULL;
}

Test(races, finds_locks_that_are_held_long_and_where_they_were_acquired)
{
    for (int file = DRD_RACE; file <= DRD_CLEAN; file++) {
        struct races result = load(file);
        const struct races_report *hold = first_of(&result, RACES_HOLD);

        cr_expect_str_eq(result.tool, "drd");
        cr_expect_eq(result.hold_count, 2, "two of the four threads hold it for 30 ms");
        cr_assert_not_null(hold);
        cr_expect_eq(hold->threshold_ms, 10);
        cr_expect_geq(hold->held_ms, 30, "as recorded: it slept that long");
        cr_expect_eq(result.held_ms_max, hold->held_ms);
        const struct frame *place = races_place(hold, NULL);
        cr_assert_not_null(place);
        cr_expect_str_eq(place->function, "hold_long");
        cr_expect_str_eq(place->file, "threads.c");
        cr_expect_eq(place->line, source_line("hold_long(void)", "pthread_mutex_lock"));
        races_free(&result);
    }
}

Test(races, looks_past_wrappers)
{
    struct races result = load(DRD_CLEAN);
    const struct races_report *hold = first_of(&result, RACES_HOLD);
    const struct frame *place;

    cr_assert_not_null(hold);
    place = races_place(hold, (const char *[]){"lock_acquire", "hold_long", NULL});
    cr_assert_not_null(place);
    cr_expect_str_eq(place->function, "thread_main");
    place = races_place(
        hold, (const char *[]){"hold_long", "thread_main", "start_thread", "clone", NULL});
    cr_expect_null(place);
    races_free(&result);
}

Test(races, finds_races)
{
    static const struct {
        int file;
        const char *kind, *function;
    } cases[] = {{DRD_RACE, "ConflictingAccess", "thread_main"}, {HELGRIND_RACE, "Race", "race"}};

    for (int i = 0; i < 2; i++) {
        struct races result = load(cases[i].file);
        const struct races_report *race = first_of(&result, RACES_RACE);
        cr_expect_gt(result.race_count, 0);
        cr_expect_eq(result.other_count, 0);
        cr_assert_not_null(race);
        cr_expect_str_eq(race->kind_name, cases[i].kind);
        cr_expect_not_null(strstr(race->what, "size 4"), "%s", race->what);
        const struct frame *place = races_place(race, NULL);
        cr_assert_not_null(place);
        /* race() is inlined in thread_main(); Helgrind looks through that, and DRD does not. */
        cr_expect_str_eq(place->function, cases[i].function);
        races_free(&result);
    }
}

Test(races, finds_none_where_there_is_none)
{
    struct races drd = load(DRD_CLEAN), helgrind = load(HELGRIND_CLEAN);
    cr_expect_eq(drd.race_count, 0);
    cr_expect_eq(drd.other_count, 0);
    cr_expect_str_eq(helgrind.tool, "helgrind");
    cr_expect_eq(helgrind.report_count, 0);
    races_free(&drd);
    races_free(&helgrind);
}

Test(races, counts_what_came_up_again)
{
    static const char text[] =
        "<valgrindoutput><protocoltool>drd</protocoltool>"
        "<error><unique>0x1f</unique><kind>Race</kind><what>a</what><stack></stack></error>"
        "<error><unique>0x2</unique><kind>MutexErr</kind><what>b &lt;c&gt;</what></error>"
        "<status><state>FINISHED</state></status>"
        "<errorcounts><pair><count>41</count><unique>0x1f</unique></pair></errorcounts>"
        "<suppcounts><pair><count>9</count><name>x</name></pair></suppcounts>"
        "</valgrindoutput>";
    const char *path = reading_temporary();
    char error[TEXT_ERROR_SIZE];
    struct races result;

    reading_write(path, text, sizeof text - 1);
    cr_assert_eq(races_read(path, &result, error, sizeof error), 0, "%s", error);
    cr_assert_eq(result.report_count, 2);
    cr_expect_eq(result.race_count, 41);
    cr_expect_eq(result.other_count, 1);
    cr_expect_str_eq(result.reports[1].what, "b <c>");
    cr_expect_null(races_place(&result.reports[0], NULL));
    races_free(&result);
    unlink(path);
}

Test(races, refuses_a_run_that_did_not_finish_and_other_tools)
{
    static const char *const texts[] = {
        "<valgrindoutput><protocoltool>drd</protocoltool>"
        "<status><state>RUNNING</state></status></valgrindoutput>",
        "<valgrindoutput><protocoltool>memcheck</protocoltool>"
        "<status><state>FINISHED</state></status></valgrindoutput>",
        "<valgrindoutput><protocoltool>drd</protocoltool><error><kind>HoldtimeErr</kind>"
        "<what>Lock was held for ever.</what></error>"
        "<status><state>FINISHED</state></status></valgrindoutput>",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        reading_expect_refusal(texts[i], strlen(texts[i]), try_file);
}

Test(races, refuses_broken_files)
{
    for (int file = 0; file < FILE_COUNT; file++) {
        /* Only white space at the end can be spared: two newlines. */
        cr_expect_leq(reading_try_cuts(files[file], try_file), 2, "%s", files[file]);
        reading_try_changes(files[file], try_file);
    }
    reading_try_garbage(try_file);
}
