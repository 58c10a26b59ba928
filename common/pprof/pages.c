#define _GNU_SOURCE
#include "pages.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "catalog.h"
#include "index.h"
#include "legacy.h"
#include "profile_samples.h"
#include "profile_text.h"
#include "proto.h"
#include "threads_profile.h"

#define NS_PER_S INT64_C(1000000000)
enum { RETRY_S = 5, TICK_MS = 50 };

/* The linker's names for where web.c has the code that everything below is called by. */
extern const char __start_pprof_own[], __stop_pprof_own[];

/* What a client asks for: numbers, once they were looked at. */
struct wish {
    unsigned seconds; /* 0: not given */
    unsigned debug;
};

static int64_t clock_now_ns(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* A whole number from low to high; `value` stays as it is where there is none. 0 or -1. */
static int parse_number(const char *text, unsigned low, unsigned high, unsigned *value)
{
    if (text == NULL)
        return 0;
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 4 || text[digits] != '\0')
        return -1;
    unsigned number = (unsigned)atoi(text);
    if (number < low || number > high)
        return -1;
    *value = number;
    return 0;
}

/* 0, or -1 with the answer that says what is wrong. */
static int parse_wish(const struct page_request *request, struct wish *wish,
                      struct page_answer *answer)
{
    unsigned gc = 0;

    *wish = (struct wish){0};
    if (parse_number(request->seconds, 1, PAGES_SECONDS_MAX, &wish->seconds) != 0)
        page_refuse(answer, 400, "seconds is a whole number from 1 to %d\n", PAGES_SECONDS_MAX);
    else if (parse_number(request->debug, 0, 2, &wish->debug) != 0)
        page_refuse(answer, 400, "debug is 0 (for pprof), 1 or 2 (text)\n");
    else if (parse_number(request->gc, 0, 9999, &gc) != 0) /* there is nothing to collect in C */
        page_refuse(answer, 400, "gc is a number\n");
    else
        return 0;
    return -1;
}

/* Waits, unless the client goes. 0, or -1 with errno ECANCELED. */
static int wait_for(const struct page_request *request, unsigned seconds)
{
    int64_t deadline_ns = clock_now_ns(CLOCK_MONOTONIC) + seconds * NS_PER_S;

    while (clock_now_ns(CLOCK_MONOTONIC) < deadline_ns) {
        if (page_is_cancelled((void *)request)) {
            errno = ECANCELED;
            return -1;
        }
        poll(NULL, 0, TICK_MS);
    }
    return 0;
}

/* NULL with errno set, as catalog_entry's collect. */
static struct profile *collect_delta(const struct catalog_entry *entry,
                                     const struct page_request *request,
                                     const struct catalog_wish *wish)
{
    struct profile *later = NULL, *earlier = entry->collect(wish);
    int problem = 0;

    if (earlier == NULL)
        return NULL;
    if (wait_for(request, wish->seconds) == 0)
        later = entry->collect(wish);
    if (later == NULL) {
        problem = errno;
    } else if (profile_subtract(later, earlier) != 0) {
        profile_delete(later);
        later = NULL;
        problem = ENOMEM;
    }
    profile_delete(earlier);
    errno = problem;
    return later;
}

static void answer_failure(const struct catalog_entry *entry, struct page_answer *answer)
{
    switch (errno) {
    case ENOTSUP:
        page_refuse(answer, 501, "There is no %s profile: %s.\n", entry->name,
                    catalog_missing(entry));
        break;
    case EBUSY:
        page_refuse(answer, 503, "Another %s profile is being collected. Try again in a while.\n",
                    entry->name);
        answer->retry_after_s = RETRY_S;
        break;
    case ECANCELED:
        answer->is_dropped = true;
        break;
    default:
        page_refuse(answer, 503, "The %s profile could not be collected: %s.\n", entry->name,
                    strerror(errno));
        answer->retry_after_s = RETRY_S;
    }
}

/* NULL: the answer says why. */
static struct profile *collect_now(const struct catalog_entry *entry,
                                   const struct page_request *request, unsigned seconds,
                                   struct page_answer *answer)
{
    const struct catalog_wish wish = {seconds, page_is_cancelled, (void *)request};
    int64_t start_ns = clock_now_ns(CLOCK_REALTIME);
    int64_t since_ns = clock_now_ns(CLOCK_MONOTONIC);

    struct profile *profile = entry->is_timed || seconds == 0
                                  ? entry->collect(&wish)
                                  : collect_delta(entry, request, &wish);
    if (profile == NULL) {
        answer_failure(entry, answer);
        return NULL;
    }
    if (entry->is_without_own || (!entry->is_timed && seconds > 0)) /* nobody else came or went */
        profile_drop_within(profile, (uintptr_t)__start_pprof_own, (uintptr_t)__stop_pprof_own);
    if (!entry->is_timed) /* these say so themselves */
        profile_set_time(profile, start_ns,
                         seconds > 0 ? clock_now_ns(CLOCK_MONOTONIC) - since_ns : 0);
    return profile;
}

/* The same; those that take their time are a few at once, so that the others find room. */
static struct profile *collect(const struct catalog_entry *entry,
                               const struct page_request *request, unsigned seconds,
                               struct page_answer *answer)
{
    atomic_uint *waiting_count = &request->site->waiting_count;
    struct profile *profile = NULL;

    if (seconds == 0)
        return collect_now(entry, request, 0, answer);
    if (atomic_fetch_add(waiting_count, 1) < PAGES_WAITING_MAX) {
        profile = collect_now(entry, request, seconds, answer);
    } else {
        page_refuse(answer, 503, "%d profiles are being collected already. Try again in a while.\n",
                    PAGES_WAITING_MAX);
        answer->retry_after_s = RETRY_S;
    }
    atomic_fetch_sub(waiting_count, 1);
    return profile;
}

/* A file that becomes the answer's text. NULL: no memory, and the answer says so. */
static FILE *open_answer(struct page_answer *answer)
{
    FILE *file = open_memstream(&answer->text, &answer->length);

    if (file == NULL)
        page_refuse(answer, 503, "out of memory\n");
    return file;
}

static void close_answer(FILE *file, struct page_answer *answer)
{
    bool is_failed = ferror(file) != 0;

    if (fclose(file) != 0 || is_failed)
        page_refuse(answer, 503, "out of memory\n");
}

static struct symbols *lock_symbols(struct page_site *site)
{
    pthread_mutex_lock(&site->symbols_mutex);
    symbols_refresh(site->symbols);
    return site->symbols;
}

static void unlock_symbols(struct page_site *site)
{
    symbols_release(site->symbols);
    pthread_mutex_unlock(&site->symbols_mutex);
}

static void write_text(const struct catalog_entry *entry, const struct profile *profile,
                       const struct page_request *request, unsigned debug,
                       struct page_answer *answer)
{
    FILE *file = open_answer(answer);
    char remark[CATALOG_REMARK_SIZE];

    if (file == NULL)
        return;
    catalog_remark(entry, profile, remark);
    if (remark[0] != '\0')
        fprintf(file, "# %s\n", remark);
    int status = profile_text_write(file, profile, lock_symbols(request->site), entry->name,
                                    entry->type, (int)debug);
    unlock_symbols(request->site);
    close_answer(file, answer);
    if (status != 0)
        page_refuse(answer, 503, "out of memory\n");
}

static void write_proto(const struct catalog_entry *entry, const struct profile *profile,
                        const struct page_request *request, struct page_answer *answer)
{
    char remark[CATALOG_REMARK_SIZE];

    catalog_remark(entry, profile, remark);
    int status = proto_write(profile, lock_symbols(request->site), entry->type,
                             remark[0] != '\0' ? remark : NULL, &answer->text, &answer->length);
    unlock_symbols(request->site);
    if (status != 0) {
        page_refuse(answer, 503, "out of memory\n");
        return;
    }
    answer->type = "application/octet-stream";
    answer->file_name = entry->name;
}

static void answer_threads(const struct catalog_entry *entry, struct page_answer *answer)
{
    FILE *file = open_answer(answer);

    if (file == NULL)
        return;
    int status = threads_profile_write_text(file), problem = errno;
    close_answer(file, answer);
    if (status != 0) {
        errno = problem;
        answer_failure(entry, answer);
    }
}

static void answer_profile(const struct catalog_entry *entry, const struct page_request *request,
                           struct page_answer *answer)
{
    struct wish wish;

    if (parse_wish(request, &wish, answer) != 0)
        return;
    if (entry->is_timed && wish.seconds == 0)
        wish.seconds = PAGES_SECONDS_DEFAULT;
    if (!entry->is_timed && wish.seconds > 0 && wish.debug > 0) {
        page_refuse(answer, 400, "seconds and debug cannot be had together\n"); /* as Go's */
        return;
    }
    if (wish.debug == 2 && strcmp(entry->name, "threads") == 0) { /* it has words of its own */
        answer_threads(entry, answer);
        return;
    }
    struct profile *profile = collect(entry, request, wish.seconds, answer);
    if (profile == NULL)
        return;
    if (wish.debug > 0)
        write_text(entry, profile, request, wish.debug, answer);
    else
        write_proto(entry, profile, request, answer);
    profile_delete(profile);
}

/* Replaces a token on the command line by stars: that is a place where it may stand. */
static void hide_token(char *text, size_t length, const char *token)
{
    size_t token_length = strlen(token);

    for (char *at = text; (at = memmem(at, length - (size_t)(at - text), token, token_length));)
        memset(at, '*', token_length);
}

/*
 * The command line, its words with `separator` between them. Words behind the first may be secrets:
 * they are shown where a token, or the file's mode, says who is asking.
 */
static void answer_cmdline(const struct page_request *request, char separator,
                           struct page_answer *answer)
{
    const struct page_site *site = request->site;
    char text[16384];
    int file = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    ssize_t count = file >= 0 ? read(file, text, sizeof text) : -1;

    if (file >= 0)
        close(file);
    if (count <= 0) {
        page_refuse(answer, 503, "the command line cannot be read: %s\n", strerror(errno));
        return;
    }
    size_t length = (size_t)count;
    if (site->token == NULL && !site->address.is_unix)
        length = strnlen(text, length);
    else if (site->token != NULL)
        hide_token(text, length, site->token);
    if (length > 0 && text[length - 1] == '\0')
        length--;
    for (size_t i = 0; i < length; i++)
        if (text[i] == '\0')
            text[i] = separator;
    FILE *out = open_answer(answer);
    if (out != NULL) {
        fwrite(text, 1, length, out);
        if (separator == '\n')
            fputc('\n', out);
        close_answer(out, answer);
    }
}

static void answer_symbols(const struct page_request *request, struct page_answer *answer)
{
    FILE *file = open_answer(answer);

    if (file == NULL)
        return;
    legacy_write_symbols(file, lock_symbols(request->site), request->body);
    unlock_symbols(request->site);
    close_answer(file, answer);
}

static void answer_index(const struct page_request *request, struct page_answer *answer)
{
    FILE *file = open_answer(answer);

    if (file == NULL)
        return;
    index_write(file, request);
    answer->type = "text/html; charset=utf-8";
    close_answer(file, answer);
}

/* A profile in google-pprof's format. */
static void answer_legacy(const char *name, const struct page_request *request,
                          struct page_answer *answer)
{
    bool is_contention = strcmp(name, "contention") == 0, is_heap = strcmp(name, "heap") == 0;
    struct wish wish;

    if (!is_contention && !is_heap && strcmp(name, "profile") != 0) {
        page_refuse(answer, 404, "/pprof/ has profile, heap, contention, cmdline and symbol.\n");
        return;
    }
    const struct catalog_entry *entry = catalog_find(is_contention ? "mutex" : name);
    if (parse_wish(request, &wish, answer) != 0)
        return;
    if (entry->is_timed && wish.seconds == 0)
        wish.seconds = PAGES_SECONDS_DEFAULT;
    struct profile *profile = collect(entry, request, wish.seconds, answer);
    if (profile == NULL)
        return;
    FILE *file = open_answer(answer);
    if (file != NULL) {
        if (is_heap)
            legacy_write_heap(file, profile);
        else if (is_contention)
            legacy_write_contention(file, profile);
        else
            legacy_write_cpu(file, profile, 1000000 / CATALOG_CPU_HZ);
        answer->type = "application/octet-stream";
        close_answer(file, answer);
    }
    profile_delete(profile);
}

static void redirect(const char *location, struct page_answer *answer)
{
    *answer = (struct page_answer){.status = 302, .fixed = "", .location = location};
}

/* What both trees of pages have. False: it is none of them. */
static bool answer_common(const char *name, char separator, const struct page_request *request,
                          struct page_answer *answer)
{
    if (strcmp(name, "cmdline") == 0)
        answer_cmdline(request, separator, answer);
    else if (strcmp(name, "symbol") == 0)
        answer_symbols(request, answer);
    else
        return false;
    return true;
}

static const char *behind(const char *path, const char *prefix)
{
    size_t length = strlen(prefix);

    return strncmp(path, prefix, length) == 0 ? path + length : NULL;
}

bool pages_takes_post(const char *path)
{
    return strcmp(path, "/debug/pprof/symbol") == 0 || strcmp(path, "/pprof/symbol") == 0;
}

void pages_answer(const struct page_request *request, struct page_answer *answer)
{
    const char *name = behind(request->path, "/debug/pprof/");
    const char *legacy_name = behind(request->path, "/pprof/");

    if (legacy_name != NULL) {
        if (!answer_common(legacy_name, '\n', request, answer))
            answer_legacy(legacy_name, request, answer);
    } else if (name == NULL) {
        if (strcmp(request->path, "/") == 0 || strcmp(request->path, "/debug/pprof") == 0)
            redirect("/debug/pprof/", answer);
        else
            page_refuse(answer, 404, "Nothing is here. Profiles are at /debug/pprof/.\n");
    } else if (*name == '\0') {
        answer_index(request, answer);
    } else if (strcmp(name, "trace") == 0) {
        page_refuse(answer, 501,
                    "There is no trace: its format tells of the Go scheduler's events, and a C "
                    "program has none. /debug/pprof/profile, block and threads show what it does "
                    "and what it waits for.\n");
    } else if (!answer_common(name, '\0', request, answer)) {
        const struct catalog_entry *entry = catalog_find(name);
        if (entry != NULL)
            answer_profile(entry, request, answer);
        else
            page_refuse(answer, 404,
                        "Unknown profile. /debug/pprof/ lists those that there are.\n");
    }
}
