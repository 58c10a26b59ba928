#include "common/service/header.h"

#include <criterion/criterion.h>

Test(header, knows_which_types_can_be_records)
{
    static const char *const good[] = {"application/json",
                                       "APPLICATION/JSON",
                                       " application/x-ndjson ; charset=\"UTF-8\"",
                                       "text/plain;charset=us-ascii",
                                       "application/json; foo=bar; charset=utf-8",
                                       "application/x-www-form-urlencoded"};
    static const char *const bad[] = {"text/html",
                                      "application/jsonx",
                                      "application",
                                      "application/json; charset=latin1",
                                      "json",
                                      "multipart/form-data",
                                      "application/json, text/html",
                                      ";charset=utf-8"};

    cr_assert(header_is_records(NULL));
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        cr_assert(header_is_records(good[i]), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_assert_not(header_is_records(bad[i]), "%s", bad[i]);
}

Test(header, knows_one_coding)
{
    cr_assert_eq(header_coding(NULL), CODING_IDENTITY);
    cr_assert_eq(header_coding(""), CODING_IDENTITY);
    cr_assert_eq(header_coding("identity"), CODING_IDENTITY);
    cr_assert_eq(header_coding("GZip"), CODING_GZIP);
    cr_assert_eq(header_coding(" x-gzip "), CODING_GZIP);
    cr_assert_eq(header_coding("gzip, gzip"), CODING_UNKNOWN);
    cr_assert_eq(header_coding("identity,gzip"), CODING_UNKNOWN);
    cr_assert_eq(header_coding("br"), CODING_UNKNOWN);
    cr_assert_eq(header_coding("gzi"), CODING_UNKNOWN);
}

Test(header, prefers_json_where_it_is_wanted_more)
{
    static const char *const json[] = {"application/json",
                                       "application/json;q=0.1",
                                       "text/plain;q=0.5, application/json",
                                       "application/json, text/plain",
                                       "application/json ; q=0.9 , */*;q=0.8",
                                       "text/html;level=\"a,b\", application/json"};
    static const char *const text[] = {"*/*",
                                       "",
                                       "text/plain",
                                       "application/json;q=0",
                                       "application/json;q=0.4, text/*;q=0.5",
                                       "application/json;q=2",
                                       "application/json;q=0.1234",
                                       "application/json;q=nonsense",
                                       "text/html, */*;q=0.1",
                                       "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"};

    cr_assert_not(header_prefers_json(NULL));
    for (size_t i = 0; i < sizeof json / sizeof json[0]; i++)
        cr_assert(header_prefers_json(json[i]), "%s", json[i]);
    for (size_t i = 0; i < sizeof text / sizeof text[0]; i++)
        cr_assert_not(header_prefers_json(text[i]), "%s", text[i]);
}

Test(header, tells_how_the_body_ends_or_that_this_is_unclear)
{
    uint64_t length = 0;

    cr_assert_eq(header_framing(NULL, NULL, &length), FRAMING_NONE);
    cr_assert_eq(header_framing(NULL, "0", &length), FRAMING_NONE);
    cr_assert_eq(header_framing(NULL, "18446744073709551615", &length), FRAMING_LENGTH);
    cr_assert_eq(length, UINT64_MAX);
    cr_assert_eq(header_framing("Chunked", NULL, &length), FRAMING_CHUNKED);
    cr_assert_eq(header_framing("chunked", "5", &length), FRAMING_WRONG);
    cr_assert_eq(header_framing("gzip, chunked", NULL, &length), FRAMING_WRONG);
    cr_assert_eq(header_framing("", NULL, &length), FRAMING_WRONG);
    cr_assert_eq(header_framing(NULL, "", &length), FRAMING_WRONG);
    cr_assert_eq(header_framing(NULL, "5, 5", &length), FRAMING_WRONG);
    cr_assert_eq(header_framing(NULL, "18446744073709551616", &length), FRAMING_WRONG);
}
