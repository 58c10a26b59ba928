/* render.c - numbers and words as the renderers write them. */
#define _XOPEN_SOURCE 700
#include <locale.h>
#include <wchar.h>

#include "bench/report/render_escape.h"
#include "bench/report/render_number.h"
#include "bench/report/render_words.h"
#include "tests/harness/reading.h"

#include <math.h>

static void expect_value(double value, const char *unit, const char *expected)
{
    char text[RENDER_NUMBER_SIZE];
    cr_expect_str_eq(render_value(text, value, unit), expected, "%g %s: %s", value, unit, text);
}

Test(render_number, scales_times)
{
    expect_value(7512, "ns/record", "7.51 us");
    expect_value(110000, "ns/record", "110 us");
    expect_value(100, "ns", "100 ns");
    expect_value(99.84, "ns", "99.8 ns");
    expect_value(0.000512, "ns", "0.000512 ns");
    expect_value(0.0000512, "ns", "5.12e-5 ns");
    expect_value(999.4, "ns", "999 ns");
    expect_value(999.6, "ns", "1.00 us");
    expect_value(999600, "ns", "1.00 ms");
    expect_value(2e9, "ns", "2.00 s");
    expect_value(5e12, "ns", "5,000 s");
    expect_value(-7512, "ns", "-7.51 us");
    expect_value(0, "ns", "0 ns");
    expect_value(168.4, "s", "168 s");
}

Test(render_number, shows_bytes_one_by_one_before_it_scales_them)
{
    expect_value(5412, "B/record", "5,412 B");
    expect_value(5412.3, "B/record", "5,412 B");
    expect_value(781.44, "B", "781 B");
    expect_value(0, "B", "0 B");
    expect_value(9999.4, "B", "9,999 B");
    expect_value(10000, "B", "9.77 KiB");
    expect_value(1048576, "B", "1.00 MiB");
    expect_value(3355443200.0, "B", "3.12 GiB");
    expect_value(-2048, "B/request", "-2,048 B");
    expect_value(1e30, "B", "9.09e17 TiB");
}

Test(render_number, groups_counts_in_threes)
{
    expect_value(54281, "Ir/record", "54,281");
    expect_value(54281.4, "Ir/record", "54,281");
    expect_value(1, "1", "1");
    expect_value(401, "threads", "401");
    expect_value(24.31, "1/record", "24.3");
    expect_value(1.986, "1/record", "1.99");
    expect_value(0.9701, "1/record", "0.970");
    expect_value(9.996, "1", "10.0");
    expect_value(999.7, "1", "1,000");
    expect_value(1234567, "1", "1,234,567");
    expect_value(-1234567, "1", "-1,234,567");
    expect_value(999999999, "1", "999,999,999");
    expect_value(9871234567.0, "1", "9.87e9");
    expect_value(-0.0001, "1", "-0.000100");
    expect_value(3, "furlongs/fortnight", "3 furlongs");
}

Test(render_number, has_a_sign_for_what_is_no_number)
{
    expect_value(NAN, "ns", RENDER_NOTHING);
    expect_value(INFINITY, "B", RENDER_INFINITE);
    expect_value(-INFINITY, "1", "-" RENDER_INFINITE);
}

Test(render_number, says_what_a_value_is_for)
{
    cr_expect_str_eq(render_per("ns/record"), "record");
    cr_expect_str_eq(render_per("B"), "");
    cr_expect_str_eq(render_per(""), "");
}

Test(render_number, writes_ratios_and_shares)
{
    char text[RENDER_NUMBER_SIZE];

    cr_expect_str_eq(render_ratio(text, 4.184), "4.18x");
    cr_expect_str_eq(render_ratio(text, 0.97), "0.97x");
    cr_expect_str_eq(render_ratio(text, 0.123), "0.123x");
    cr_expect_str_eq(render_ratio(text, 41.84), "41.8x");
    cr_expect_str_eq(render_ratio(text, 9.997), "10.0x");
    cr_expect_str_eq(render_ratio(text, 1100), "1,100x");
    cr_expect_str_eq(render_ratio(text, INFINITY), RENDER_INFINITE);
    cr_expect_str_eq(render_ratio(text, NAN), RENDER_NOTHING);
    cr_expect_str_eq(render_interval(text, 0.9931, 1.0094), "0.99\u20131.01");
    cr_expect_str_eq(render_interval(text, 0, INFINITY), "0\u2013" RENDER_INFINITE);
    cr_expect_str_eq(render_interval(text, NAN, 1), RENDER_NOTHING);
    cr_expect_str_eq(render_percent(text, 57.3), "57%");
    cr_expect_str_eq(render_percent(text, -3.2), "-3%");
    cr_expect_str_eq(render_percent(text, -0.2), "0%");
    cr_expect_str_eq(render_percent(text, NAN), RENDER_NOTHING);
    cr_expect_str_eq(render_share(text, 0.0151), "1.5%");
    cr_expect_str_eq(render_share(text, 0.25), "25%");
    cr_expect_str_eq(render_share(text, 0.0002), "0.020%");
    cr_expect_str_eq(render_confidence(text, 0.9969), "99.69%");
    cr_expect_str_eq(render_confidence(text, 0.95), "95%");
    cr_expect_str_eq(render_exponent(text, 1.926), "1.93");
    cr_expect_str_eq(render_setting(text, 50000), "50 us");
    cr_expect_str_eq(render_setting(text, 1e9), "1 s");
}

/* Numbers of all sizes, with each function that writes one. */
Test(render_number, is_never_wider_than_it_says)
{
    char text[RENDER_NUMBER_SIZE];

    for (int exponent = -320; exponent <= 308; exponent++)
        for (int digits = -9999; digits <= 9999; digits += 1111) {
            double value = digits / 1000.0 * pow(10, exponent);
            const unsigned widths[] = {
                words_width(render_value(text, value, "ns/record")),
                words_width(render_value(text, value, "B")),
                words_width(render_value(text, value, "unheard-of")),
                words_width(render_count(text, rint(value))),
                words_width(render_ratio(text, value)),
                words_width(render_interval(text, value, value)),
                words_width(render_percent(text, value)),
                words_width(render_share(text, value)),
                words_width(render_confidence(text, value)),
                words_width(render_exponent(text, value)),
                words_width(render_setting(text, value)),
            };
            for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
                cr_assert_leq(widths[i], RENDER_NUMBER_WIDTH, "%g by function %zu", value, i);
        }
}

static void expect_code(const char *bytes, uint32_t code, size_t length)
{
    const char *at = bytes;
    cr_expect_eq(words_next(&at), code, "%x", code);
    cr_expect_eq((size_t)(at - bytes), length, "%x", code);
}

Test(render_words, reads_utf8_and_nothing_else)
{
    expect_code("a", 'a', 1);
    expect_code("\u00e9", 0xE9, 2);
    expect_code("\u221e", 0x221E, 3);
    expect_code("\U0001F600", 0x1F600, 4);
    expect_code("\xE9t\xE9", 0xFFFD, 1);    /* Latin-1 */
    expect_code("\xC0\xAF", 0xFFFD, 1);     /* an overlong slash */
    expect_code("\xE0\x80\xAF", 0xFFFD, 1); /* another one */
    expect_code("\xED\xA0\x80", 0xFFFD, 1); /* a surrogate */
    expect_code("\xF5\x80\x80\x80", 0xFFFD, 1);
    expect_code("\xE2\x88", 0xFFFD, 1); /* ends too early */
    expect_code("\x80", 0xFFFD, 1);
}

static void expect_clean(const char *text, bool has_utf8, const char *expected)
{
    char *clean = words_clean(text, has_utf8);
    cr_assert_not_null(clean);
    cr_expect_str_eq(clean, expected);
    free(clean);
}

Test(render_words, takes_the_sting_out_of_a_text)
{
    expect_clean("\033[2J\033]0;title\a", true, "?[2J?]0;title?");
    expect_clean("one\ttwo\nthree\r", true, "one two three ");
    expect_clean("\302\23331m", true, "?31m"); /* an escape sequence in one character */
    expect_clean("ab\u202edc", true, "ab?dc"); /* the rest from right to left */
    expect_clean("a\xff\xe9", true, "a\ufffd\ufffd");
    expect_clean("\u00e9 \u221e", true, "\u00e9 \u221e");
    expect_clean("1\u20132 \u221e \u2192 \u00e9", false, "1-2 inf -> ?");
}

/* The C library knows the widths too, if the system has this locale. */
Test(render_words, agrees_with_the_c_library_about_widths)
{
    const char *const texts[] = {"plain",   "\u221e \u2192 \u2013", "\u65e5\u672c\u8a9e",
                                 "e\u0301", "\ud55c\uad6d\uc5b4",   "\uff21\uff22"};

    if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
        cr_skip_test("no C.UTF-8 here");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        wchar_t wide[32];
        size_t length = mbstowcs(wide, texts[i], 32);
        cr_expect_eq((int)words_width(texts[i]), wcswidth(wide, length), "%s", texts[i]);
    }
}

static void expect_lines(const char *text, unsigned width, const char *const *expected)
{
    const char *at = text;

    for (; *at != '\0'; expected++) {
        const char *start = at;
        size_t length = words_line(&at, width);
        cr_assert_not_null(*expected);
        cr_expect_eq(length, strlen(*expected), "%.*s", (int)length, start);
        cr_expect_eq(strncmp(start, *expected, length), 0, "%.*s", (int)length, start);
    }
    cr_expect_null(*expected);
}

Test(render_words, breaks_lines_between_words_or_else_inside)
{
    expect_lines("to be or not", 5, (const char *[]){"to be", "or", "not", NULL});
    expect_lines("to be or not", 6, (const char *[]){"to be", "or not", NULL});
    expect_lines("to be or not", 99, (const char *[]){"to be or not", NULL});
    expect_lines("incredible as it is", 4,
                 (const char *[]){"incr", "edib", "le", "as", "it", "is", NULL});
    expect_lines("a  b ", 1, (const char *[]){"a", "b", NULL});
    expect_lines("\u65e5\u672c", 3, (const char *[]){"\u65e5", "\u672c", NULL});
    expect_lines("\u65e5\u672c", 1, (const char *[]){"\u65e5", "\u672c", NULL});
    expect_lines("", 5, (const char *[]){NULL});
    cr_expect_eq(words_widest("to be incredible"), 10);
}

static void expect_escaped(void (*escape)(FILE *, const char *), const char *text,
                           const char *expected)
{
    char *escaped = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&escaped, &length);

    cr_assert_not_null(file);
    escape(file, text);
    cr_assert_eq(fclose(file), 0);
    cr_expect_str_eq(escaped, expected);
    free(escaped);
}

Test(render_escape, makes_texts_harmless)
{
    expect_escaped(escape_html, "<a href=\"x\" b='y'>&amp;</a>",
                   "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;");
    expect_escaped(escape_html, "a\nb\033\xff\u202e\u00e9", "a b\ufffd\ufffd\ufffd\u00e9");
    expect_escaped(
        escape_markdown, "  a|b\\|`c` *d* [e](f) <g> #1 @h $i$ ~j~\nk",
        "a\\|b\\\\\\|\\`c\\` \\*d\\* \\[e\\](f) &lt;g&gt; \\#1 &#64;h \\$i\\$ \\~j\\~ k");
    expect_escaped(escape_markdown, "- no point", "\\- no point");
    expect_escaped(escape_path, "raw/callgrind.out.key.naive", "raw/callgrind.out.key.naive");
    expect_escaped(escape_path, "javascript:x(\"<&?#\xc3\xa9",
                   "javascript%3Ax%28%22%3C%26%3F%23%C3%A9");
    expect_escaped(escape_script, "{\"a\":\"</script><!--&\u2028\"}",
                   "{\"a\":\"\\u003c/script\\u003e\\u003c!--\\u0026\\u2028\"}");
}
