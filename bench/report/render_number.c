#include "bench/report/render_number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { UNIT_LENGTH_MAX = 8 };

/* Above this a number is no longer written out. */
static const double GROUPED_MAX = 999999999.0;

/* 1234567 -> "1,234,567". |value| <= GROUPED_MAX. */
static char *write_grouped(char text[RENDER_NUMBER_SIZE], double value)
{
    long whole = lround(fabs(value));
    const char *sign = value < 0 && whole != 0 ? "-" : "";

    if (whole >= 1000000)
        snprintf(text, RENDER_NUMBER_SIZE, "%s%ld,%03ld,%03ld", sign, whole / 1000000,
                 whole / 1000 % 1000, whole % 1000);
    else if (whole >= 1000)
        snprintf(text, RENDER_NUMBER_SIZE, "%s%ld,%03ld", sign, whole / 1000, whole % 1000);
    else
        snprintf(text, RENDER_NUMBER_SIZE, "%s%ld", sign, whole);
    return text;
}

/* Rounds to three digits: 9996 -> "1.00" and 4, the power of ten. */
static int write_scientific(char text[RENDER_NUMBER_SIZE], double value)
{
    snprintf(text, RENDER_NUMBER_SIZE, "%.2e", value);
    char *mark = strchr(text, 'e');
    *mark = '\0';
    return atoi(mark + 1);
}

/* Three digits that matter, whatever the size. */
static char *write_significant(char text[RENDER_NUMBER_SIZE], double value)
{
    if (isnan(value))
        return strcpy(text, RENDER_NOTHING);
    if (isinf(value))
        return strcpy(text, value > 0 ? RENDER_INFINITE : "-" RENDER_INFINITE);
    if (value == 0)
        return strcpy(text, "0");
    int exponent = write_scientific(text, value);
    if (fabs(value) > GROUPED_MAX || exponent < -4)
        snprintf(text + strlen(text), 8, "e%d", exponent);
    else if (exponent >= 3)
        write_grouped(text, value);
    else
        snprintf(text, RENDER_NUMBER_SIZE, "%.*f", 2 - exponent, value);
    return text;
}

char *render_count(char text[RENDER_NUMBER_SIZE], double count)
{
    if (fabs(count) <= GROUPED_MAX && count == rint(count))
        return write_grouped(text, count);
    return write_significant(text, count);
}

/* A number with its unit behind it; a unit that is too long is cut. */
static char *add_unit(char text[RENDER_NUMBER_SIZE], const char *unit)
{
    size_t length = strlen(text);
    snprintf(text + length, RENDER_NUMBER_SIZE - length, " %.*s", UNIT_LENGTH_MAX, unit);
    return text;
}

static char *write_scaled(char text[RENDER_NUMBER_SIZE], double value, double step,
                          const char *const *units)
{
    /* 999.5 would be rounded to a thousand, which the next unit says better. */
    for (; fabs(value) >= 999.5 && units[1] != NULL; units++)
        value /= step;
    return add_unit(write_significant(text, value), *units);
}

static char *write_time(char text[RENDER_NUMBER_SIZE], double ns)
{
    static const char *const units[] = {"ns", "us", "ms", "s", NULL};
    if (ns == rint(ns) && fabs(ns) < 999.5)
        return add_unit(write_grouped(text, ns), "ns");
    return write_scaled(text, ns, 1000, units);
}

static char *write_bytes(char text[RENDER_NUMBER_SIZE], double bytes)
{
    static const char *const units[] = {"KiB", "MiB", "GiB", "TiB", NULL};
    if (fabs(bytes) < 9999.5)
        return add_unit(render_count(text, bytes), "B");
    return write_scaled(text, bytes / 1024, 1024, units);
}

/* Labels say what these count. */
static int is_plain(const char *unit)
{
    return unit[0] == '\0' || strcmp(unit, "1") == 0 || strcmp(unit, "Ir") == 0 ||
           strcmp(unit, "threads") == 0;
}

char *render_value(char text[RENDER_NUMBER_SIZE], double value, const char *unit)
{
    char base[2 * UNIT_LENGTH_MAX];

    snprintf(base, sizeof base, "%.*s", (int)strcspn(unit, "/"), unit);
    if (!isfinite(value))
        return write_significant(text, value);
    if (strcmp(base, "ns") == 0)
        return write_time(text, value);
    if (strcmp(base, "B") == 0)
        return write_bytes(text, value);
    return is_plain(base) ? render_count(text, value) : add_unit(render_count(text, value), base);
}

const char *render_per(const char *unit)
{
    const char *slash = strchr(unit, '/');
    return slash != NULL ? slash + 1 : "";
}

/* Near 1 both sides of it get as many digits: 0.99 and 1.01. */
static char *write_factor(char text[RENDER_NUMBER_SIZE], double factor)
{
    if (factor >= 0.5 && factor < 9.995)
        snprintf(text, RENDER_NUMBER_SIZE, "%.2f", factor);
    else
        write_significant(text, factor);
    return text;
}

char *render_ratio(char text[RENDER_NUMBER_SIZE], double ratio)
{
    write_factor(text, ratio);
    return isfinite(ratio) ? strcat(text, "x") : text;
}

char *render_interval(char text[RENDER_NUMBER_SIZE], double low, double high)
{
    char from[RENDER_NUMBER_SIZE], to[RENDER_NUMBER_SIZE];

    if (isnan(low) || isnan(high))
        return strcpy(text, RENDER_NOTHING);
    snprintf(text, RENDER_NUMBER_SIZE, "%.16s\u2013%.16s", write_factor(from, low),
             write_factor(to, high));
    return text;
}

char *render_exponent(char text[RENDER_NUMBER_SIZE], double exponent)
{
    if (fabs(exponent) < 99.995)
        snprintf(text, RENDER_NUMBER_SIZE, "%.2f", exponent);
    else
        write_significant(text, exponent);
    return text;
}

char *render_percent(char text[RENDER_NUMBER_SIZE], double percent)
{
    if (!isfinite(percent))
        return write_significant(text, percent);
    if (fabs(percent) > 99999)
        write_significant(text, percent);
    else
        write_grouped(text, percent);
    return strcat(text, "%");
}

char *render_share(char text[RENDER_NUMBER_SIZE], double share)
{
    double percent = 100 * share;

    if (!isfinite(percent))
        return write_significant(text, percent);
    if (fabs(percent) >= 9.95)
        return render_percent(text, percent);
    snprintf(text, RENDER_NUMBER_SIZE, "%.*f%%", fabs(percent) < 0.095 ? 3 : 1, percent);
    return text;
}

char *render_confidence(char text[RENDER_NUMBER_SIZE], double confidence)
{
    if (!isfinite(confidence))
        return write_significant(text, confidence);
    snprintf(text, RENDER_NUMBER_SIZE, "%.4g%%", 100 * confidence);
    return text;
}

char *render_setting(char text[RENDER_NUMBER_SIZE], double ns)
{
    static const char *const units[] = {"ns", "us", "ms", "s"};
    unsigned unit = 0;

    if (!isfinite(ns))
        return write_significant(text, ns);
    for (; unit < 3 && fabs(ns) >= 1000; unit++)
        ns /= 1000;
    snprintf(text, RENDER_NUMBER_SIZE, "%.4g %s", ns, units[unit]);
    return text;
}
