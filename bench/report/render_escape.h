/*
 * render_escape.h - text of unknown origin made harmless inside of HTML, Markdown, and a script.
 *
 * What is not UTF-8 becomes U+FFFD, as do control characters and what reverses the direction of
 * text; white space becomes a space. Thread-safe for different files.
 */
#ifndef RENDER_ESCAPE_H
#define RENDER_ESCAPE_H

#include <stdio.h>

/* For an element's text and for an attribute between quotes. */
void escape_html(FILE *file, const char *text);

/* The same for text of several lines: their ends stay. */
void escape_lines(FILE *file, const char *text);

/* For a line or a table's cell of GitHub-flavoured Markdown: shown as it is, whatever it holds. */
void escape_markdown(FILE *file, const char *text);

/* For href: a relative path, so that nothing in it can be a scheme or leave the attribute. */
void escape_path(FILE *file, const char *path);

/*
 * JSON for a <script>: the same value, with none of the characters that HTML, or XML, looks for.
 * They occur inside of strings alone, where JSON has another way to write them.
 */
void escape_script(FILE *file, const char *json);

#endif
