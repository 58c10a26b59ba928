/*
 * render_number.h - numbers as people read them: three digits that matter, and a unit that fits.
 *
 * Each function writes a NUL-terminated UTF-8 text into the caller's buffer and returns that
 * buffer. What is not a number (NAN: nothing was measured) becomes RENDER_NOTHING. No text is wider
 * than RENDER_NUMBER_WIDTH columns. Pure functions, thread-safe; the locale's LC_NUMERIC is taken
 * to be "C".
 */
#ifndef RENDER_NUMBER_H
#define RENDER_NUMBER_H

enum { RENDER_NUMBER_SIZE = 48, RENDER_NUMBER_WIDTH = 25 };

#define RENDER_NOTHING "\u2013" /* a dash */
#define RENDER_INFINITE "\u221e"

/* Whole numbers in groups of three (12,345), others with three digits (1.99); from 1e9 on 1.23e9.
 */
char *render_count(char text[RENDER_NUMBER_SIZE], double count);

/*
 * A value with its unit, as units are written in compare.json: of "ns/record" this is "7.51 us", of
 * "B" "5,412 B" or "3.13 GiB" (bytes are shown one by one below 10,000), of "1", "Ir" and "threads"
 * the count alone, as the label says of what. What stands behind the slash: render_per().
 */
char *render_value(char text[RENDER_NUMBER_SIZE], double value, const char *unit);

/* What one value is for: "record" of "ns/record", "" of "B". Points into `unit`. */
const char *render_per(const char *unit);

/* "4.18x"; unbounded (INFINITY) is RENDER_INFINITE. */
char *render_ratio(char text[RENDER_NUMBER_SIZE], double ratio);

/* "4.10-4.26", with a dash of its own; RENDER_NOTHING if either end is missing. */
char *render_interval(char text[RENDER_NUMBER_SIZE], double low, double high);

/* A power that something grows by, with two decimals: "1.93". */
char *render_exponent(char text[RENDER_NUMBER_SIZE], double exponent);

/* 57.3 -> "57%". */
char *render_percent(char text[RENDER_NUMBER_SIZE], double percent);

/* 0.0151 -> "1.5%": a share with two digits. */
char *render_share(char text[RENDER_NUMBER_SIZE], double share);

/* 0.9969 -> "99.69%": what is close to certain is not rounded up to it. */
char *render_confidence(char text[RENDER_NUMBER_SIZE], double confidence);

/* A time that somebody chose, in nanoseconds: 50000 -> "50 us". */
char *render_setting(char text[RENDER_NUMBER_SIZE], double ns);

#endif
