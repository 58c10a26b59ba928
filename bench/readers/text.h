/*
 * text.h - a whole file in memory, and its lines: what every reader of a tool's output starts from.
 *
 * Files come from programs that may have been killed half-way, so a reader takes nothing for
 * granted and names the file and the line where it stopped. Thread-safe for different texts.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A buffer of this size holds every error text of the readers; longer ones are cut. */
enum { TEXT_ERROR_SIZE = 512 };

struct text {
    char *bytes;   /* owned, with a NUL behind the last byte; readers may write into it */
    size_t length; /* bytes, without that NUL */
};

/* A walk over the lines of a text. It cannot outlive the text. */
struct text_lines {
    char *next;      /* the line that text_next_line() hands out next, or NULL at the end */
    char *end;       /* of the text */
    unsigned number; /* of the line handed out last, from 1 */
    bool is_whole;   /* the line handed out last ended with a newline */
};

/*
 * Reads the file at `path`, up to 1 GiB. 0, or -1 with an error text; then there is nothing to
 * free. An empty file is an error, as no tool writes one when it succeeds, and so is a file with a
 * NUL in it.
 */
int text_read(const char *path, struct text *text, char *error, size_t error_size);
void text_free(struct text *text);

/* The first line comes with the first text_next_line(). */
void text_lines_init(struct text_lines *lines, struct text *text);

/*
 * The next line, NUL-terminated in place without its newline (or CR newline); NULL at the end.
 * Valid as long as the text.
 */
char *text_next_line(struct text_lines *lines);

/*
 * Writes "path:line: message" into `error`, or "path: message" for line 0. Always returns -1, so
 * that a reader can end with it.
 */
int text_error(char *error, size_t error_size, const char *path, unsigned line, const char *format,
               ...) __attribute__((format(printf, 5, 6)));

/*
 * Reads an unsigned decimal number at *at and moves *at behind it. Commas between digits are
 * allowed
 * ("1,065"), as Valgrind prints them. 0, or -1 if there is no number or it exceeds 64 bits; then
 * *at has not moved.
 */
int text_number(const char **at, uint64_t *number);

/* Where `at` starts with `prefix`: moves *at behind it and says true. */
bool text_skip(const char **at, const char *prefix);

#endif
