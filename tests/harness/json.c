/* json.c - members by kind, and what memory that ran out leaves of a document: nothing. */
#include "bench/readers/json.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/resource.h>

Test(json, finds_members_of_their_kind)
{
    cJSON *json = cJSON_Parse("{\"n\": 1.5, \"t\": \"x\", \"e\": \"\", \"y\": true, \"o\": {}}");
    double number = 7;

    cr_expect_eq(json_number_or_nan(json, "n"), 1.5);
    cr_expect(isnan(json_number_or_nan(json, "t")) && isnan(json_number_or_nan(NULL, "n")));
    cr_expect_eq(json_number(json, "t", &number), -1);
    cr_expect_eq(number, 7, "is as it was");
    cr_expect_str_eq(json_text_or(json, "t", "none"), "x");
    cr_expect_str_eq(json_text_or(json, "e", "none"), "none");
    cr_expect_str_eq(json_text_or(json, "n", "none"), "none");
    cr_expect(json_is_true(json, "y"));
    cr_expect_not(json_is_true(json, "n"));
    cr_expect_not_null(json_member(json, "o"));
    cr_expect_null(json_member(json_member(json, "n"), "o"), "a number has no members");
    cJSON_Delete(json);
}

Test(json, has_no_number_for_what_is_not_finite)
{
    cJSON *json = cJSON_CreateObject();

    json_add_number(json, "a", INFINITY);
    json_add_number(json, "b", 2);
    char *text = json_print(json, false);
    cr_expect_str_eq(text, "{\"a\":null,\"b\":2}");
    cJSON_free(text);
    cJSON_Delete(json);
}

/* A document that lacks what there was no memory for looks whole; so none is printed. */
Test(json, prints_nothing_once_memory_ran_out)
{
    cJSON *json = cJSON_CreateObject();
    struct rlimit limit = {0};
    static char text[1 << 20];

    memset(text, 'x', sizeof text - 1);
    cJSON_AddStringToObject(json, "first", "is there");
    if (IS_SANITIZED)
        cr_skip_test("sanitizers map more than any limit");
    cr_assert_eq(getrlimit(RLIMIT_AS, &limit), 0);
    const struct rlimit none = {.rlim_cur = 0, .rlim_max = limit.rlim_max};
    cr_assert_eq(setrlimit(RLIMIT_AS, &none), 0);
    cJSON_AddStringToObject(json, "second", text);
    cr_assert_eq(setrlimit(RLIMIT_AS, &limit), 0);
    cr_expect_null(json_member(json, "second"));
    errno = 0;
    cr_expect_null(json_print(json, true));
    cr_expect_eq(errno, ENOMEM);
    cr_expect_eq(json_write("/dev/null/never", json), -1);
    cr_expect_eq(errno, ENOMEM);
    cJSON_Delete(json);
}
