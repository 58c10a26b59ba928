/*
 * render_page.h - a comparison as one HTML page that needs nothing else: no network, no server.
 *
 * Its parts are embedded when it is built: page/page.html is the skeleton, in which `{{name}}` is a
 * slot that is filled here; the style, the script with its libraries, and their licences come from
 * bench/report/page/ through bench.mk. All numbers stand in the page as text and tables, made
 * here. The script adds what is drawn: it reads the document out of <script
 * type="application/json" id="compare">, and what evidence.h tells of out of id="evidence".
 */
#ifndef RENDER_PAGE_H
#define RENDER_PAGE_H

#include <cjson/cJSON.h>
#include <stdio.h>

/*
 * Writes all of it, or as much as there is in the document and the evidence (evidence.h; NULL for
 * none), and flushes. UTF-8, well-formed as HTML and as XML. 0, or -1 with errno set (ENOMEM, or
 * the file's write error).
 */
int render_page(FILE *file, const cJSON *document, const cJSON *evidence);

/*
 * The same into a file, which is whole or what it was, with what is in `folder`/raw as evidence. 0,
 * or -1 with errno.
 */
int render_page_file(const char *path, const char *folder, const cJSON *document);

#endif
