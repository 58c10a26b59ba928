/*
 * meddle.c - loaded into compare with LD_PRELOAD: raises a signal, or fails a call, at a moment
 * that a test names, so that no test has to hit it by the clock.
 *
 * MEDDLE="rename:/latest:2" raises signal 2 just before rename() to a path that ends in "/latest";
 * MEDDLE="after:/latest:2" just after it; MEDDLE="rename:/latest:-28" fails it with errno 28.
 */
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int rename(const char *from, const char *to);

static bool ends_in(const char *text, const char *end, size_t length)
{
    size_t text_length = strlen(text);
    return text_length >= length && strncmp(text + text_length - length, end, length) == 0;
}

/* False if the call is to fail, with errno set. */
static bool meddle(const char *call, const char *path)
{
    const char *wish = getenv("MEDDLE");
    size_t call_length = strlen(call);

    if (wish == NULL || strncmp(wish, call, call_length) != 0 || wish[call_length] != ':')
        return true;
    const char *end = wish + call_length + 1, *number = strrchr(wish, ':') + 1;
    if (!ends_in(path, end, (size_t)(number - 1 - end)))
        return true;
    int what = (int)strtol(number, NULL, 10);
    if (what < 0) {
        errno = -what;
        return false;
    }
    raise(what);
    return true;
}

/* ISO C knows no conversion from an object's pointer to a function's; POSIX has one. */
static void find_next(const char *name, void *function)
{
    void *found = dlsym(RTLD_NEXT, name);
    memcpy(function, &found, sizeof found);
}

int rename(const char *from, const char *to)
{
    int (*next)(const char *, const char *);
    find_next("rename", &next);
    if (!meddle("rename", to))
        return -1;
    int status = next(from, to);
    meddle("after", to);
    return status;
}
