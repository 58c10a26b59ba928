/*
 * pages.h - what is answered below /debug/pprof/ and, for google-pprof, below /pprof/.
 */
#ifndef PPROF_PAGES_H
#define PPROF_PAGES_H

#include "page.h"

enum { PAGES_SECONDS_MAX = 300, PAGES_SECONDS_DEFAULT = 30, PAGES_WAITING_MAX = 8 };

/* Whether a POST to this path makes sense. */
bool pages_takes_post(const char *path);

/* Finds the page and makes the answer. */
void pages_answer(const struct page_request *request, struct page_answer *answer);

#endif
