/* render_markdown.h - a comparison as GitHub-flavoured Markdown, to be pasted into an issue. */
#ifndef RENDER_MARKDOWN_H
#define RENDER_MARKDOWN_H

#include <cjson/cJSON.h>
#include <stdio.h>

/*
 * Writes all of it, or as much as there is in the document, and flushes. UTF-8. 0, or -1 with errno
 * set (ENOMEM, or the file's write error).
 */
int render_markdown(FILE *file, const cJSON *document);

#endif
