/*
 * render_page.h - a comparison as one HTML page that needs nothing else: no network, no script.
 *
 * page.html is its skeleton, embedded when it is built; `{{name}}` in it is a slot that is filled
 * here. The page holds the document in a <script type="application/json" id="compare">.
 */
#ifndef RENDER_PAGE_H
#define RENDER_PAGE_H

#include <cjson/cJSON.h>
#include <stdio.h>

/*
 * Writes all of it, or as much as there is in the document, and flushes. UTF-8, well-formed as HTML
 * and as XML. 0, or -1 with errno set (ENOMEM, or the file's write error).
 */
int render_page(FILE *file, const cJSON *document);

#endif
