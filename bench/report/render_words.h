/*
 * render_words.h - text of unknown origin made fit for a terminal: what it shows, how wide it is,
 * and where a line may end.
 *
 * The document holds names that users chose, so a text may hold escape sequences, half a character,
 * or characters two columns wide. Pure functions, thread-safe.
 */
#ifndef RENDER_WORDS_H
#define RENDER_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The code point at *at, and *at moves behind it. A byte that is not UTF-8 counts as U+FFFD, alone.
 * *at must not be at the end.
 */
uint32_t words_next(const char **at);

/* True for what does something to the terminal or to the order of the text instead of showing. */
bool words_is_control(uint32_t code);

/* In place: a sign instead of each control, and of each byte that is not UTF-8. Returns `text`. */
char *words_replace(char *text, char sign);

/*
 * A copy that is valid UTF-8 (or ASCII, with "inf" for the infinite, if !has_utf8) and free of
 * controls: white space becomes a space, the others '?'. From malloc; NULL if memory ran out.
 */
char *words_clean(const char *text, bool has_utf8);

/* Columns that a clean text takes. */
unsigned words_width(const char *text);

/*
 * The next line of a clean text: as many words as fit `width` columns, at least one character.
 * Returns its bytes from *at, without the spaces at its end; *at moves to where the next one
 * starts, or to the end.
 */
size_t words_line(const char **at, unsigned width);

/* The widest word's columns: narrower than that a text must be cut inside of words. */
unsigned words_widest(const char *text);

#endif
