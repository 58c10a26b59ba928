/* dhat.c - the reader of DHAT's files, held against DHAT's own sums and the recorded program. */
#include "bench/readers/dhat.h"

#include "tests/harness/reading.h"

static const char path[] = HARNESS_DATA "dhat.json";

static struct dhat load(void)
{
    char error[TEXT_ERROR_SIZE];
    struct dhat result;
    cr_assert_eq(dhat_read(path, &result, error, sizeof error), 0, "%s", error);
    return result;
}

static int try_file(const char *file, char *error, size_t error_size)
{
    struct dhat result;
    uint64_t bytes = 0;

    if (dhat_read(file, &result, error, error_size) != 0)
        return -1;
    for (uint32_t i = 0; i < result.point_count; i++) {
        bytes += result.points[i].sum.bytes;
        for (uint32_t f = 0; f < result.points[i].frame_count; f++)
            frame_name_is(result.points[i].frames[f]->function, "main");
    }
    cr_expect_eq(bytes, result.sum.bytes);
    dhat_free(&result);
    return 0;
}

Test(dhat, sums_up_to_what_dhat_printed)
{
    struct dhat result = load();
    struct text text = reading_load(HARNESS_DATA "dhat.txt");

    cr_expect_eq(result.sum.bytes, reading_number_after(&text, "Total: "));
    cr_expect_eq(result.sum.gmax_bytes, reading_number_after(&text, "At t-gmax: "));
    cr_expect_eq(result.sum.end_bytes, reading_number_after(&text, "At t-end: "));
    cr_expect_eq(result.sum.read_bytes, reading_number_after(&text, "Reads: "));
    cr_expect_eq(result.sum.written_bytes, reading_number_after(&text, "Writes: "));
    const char *at = strstr(text.bytes, "Total: ");
    struct text rest = {(char *)at, strlen(at)};
    cr_expect_eq(result.sum.blocks, reading_number_after(&rest, " bytes in "));
    rest.bytes = strstr(text.bytes, "At t-gmax: ");
    cr_expect_eq(result.sum.gmax_blocks, reading_number_after(&rest, " bytes in "));
    rest.bytes = strstr(text.bytes, "At t-end: ");
    cr_expect_eq(result.sum.end_blocks, reading_number_after(&rest, " bytes in "));
    cr_expect_leq(result.gmax_instructions, result.end_instructions);
    text_free(&text);
    dhat_free(&result);
}

Test(dhat, sums_by_function)
{
    struct dhat result = load();
    struct dhat_sum sum;
    uint64_t bytes = 0, blocks = 0;

    /* Keys of 1 to 20 bytes and one of 40, each grown by a byte a time; only the last is kept. */
    for (unsigned length = 1; length <= 40; length += length == 20 ? 20 : 1) {
        bytes++;
        blocks += 1 + length;
        for (unsigned i = 0; i < length; i++)
            bytes += i + 2;
    }
    cr_expect_gt(dhat_sum_by_function(&result, "key_build", &sum), 0);
    cr_expect_eq(sum.bytes, bytes);
    cr_expect_eq(sum.blocks, blocks);
    cr_expect_eq(sum.end_bytes, 41);
    cr_expect_eq(sum.end_blocks, 1);

    cr_expect_eq(dhat_sum_by_function(&result, "lose", &sum), 2);
    cr_expect_eq(sum.bytes, 1024);
    cr_expect_eq(sum.end_blocks, 2);
    cr_expect_eq(sum.read_bytes, 0);

    cr_expect_eq(dhat_sum_by_function(&result, "main", &sum), result.point_count);
    cr_expect_eq(memcmp(&sum, &result.sum, sizeof sum), 0, "all of it happens below main()");
    cr_expect_eq(dhat_sum_by_function(&result, "no_such_function", &sum), 0);
    cr_expect_eq(sum.bytes, 0);
    dhat_free(&result);
}

Test(dhat, resolves_frames)
{
    struct dhat result = load();
    const struct dhat_point *point = &result.points[0]; /* the first allocation: the numbers */

    cr_assert_eq(point->frame_count, 2);
    cr_expect_str_eq(point->frames[0]->function, "malloc");
    cr_expect_not_null(strstr(point->frames[0]->object, "vgpreload_dhat"));
    cr_expect_str_eq(point->frames[1]->function, "main");
    cr_expect_str_eq(point->frames[1]->file, "sample.c");
    cr_expect_eq(point->sum.bytes, 400);
    cr_expect_eq(point->most_bytes, 400);
    dhat_free(&result);
}

Test(dhat, names_file_and_line_of_an_error)
{
    const char *cut = reading_temporary();
    char error[TEXT_ERROR_SIZE], expected[TEXT_ERROR_SIZE];
    static const char text[] = "{\"dhatFileVersion\":2\n,\"mode\":\"heap\"\n,\"pps\":x}";
    struct dhat result;

    reading_write(cut, text, sizeof text - 1);
    cr_expect_eq(dhat_read(cut, &result, error, sizeof error), -1);
    snprintf(expected, sizeof expected, "%s:3: not JSON from here on (or out of memory)", cut);
    cr_expect_str_eq(error, expected);
    unlink(cut);
}

Test(dhat, refuses_other_versions_and_frames_that_are_not_there)
{
    static const char *const texts[] = {
        "{\"dhatFileVersion\":3,\"mode\":\"heap\",\"te\":1,\"tg\":1,\"pps\":[],\"ftbl\":[]}",
        "{\"dhatFileVersion\":2,\"mode\":\"heap\",\"te\":1.5,\"tg\":1,\"pps\":[],\"ftbl\":[]}",
        "{\"dhatFileVersion\":2,\"mode\":\"copy\",\"te\":1,\"tg\":1,\"pps\":[],\"ftbl\":[]}",
        "{\"dhatFileVersion\":2,\"mode\":\"heap\",\"te\":1,\"tg\":1,\"pps\":[{\"tb\":1,\"tbk\":1,"
        "\"tl\":1,\"mb\":0,\"mbk\":0,\"gb\":0,\"gbk\":0,\"eb\":0,\"ebk\":0,\"rb\":0,\"wb\":0,"
        "\"fs\":[1]}],\"ftbl\":[\"[root]\"]}",
        "{\"dhatFileVersion\":2,\"mode\":\"heap\",\"te\":1,\"tg\":1,\"pps\":[{\"tb\":-1}],"
        "\"ftbl\":[\"[root]\"]}",
        "{\"dhatFileVersion\":2,\"mode\":\"heap\",\"te\":1,\"tg\":1,\"pps\":[],"
        "\"ftbl\":[\"[root]\",\"nonsense\"]}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        reading_expect_refusal(texts[i], strlen(texts[i]), try_file);
}

Test(dhat, refuses_broken_files)
{
    /* Only the newline at the end can be spared. */
    cr_expect_leq(reading_try_cuts(path, try_file), 1);
    reading_try_changes(path, try_file);
    reading_try_garbage(try_file);
}
