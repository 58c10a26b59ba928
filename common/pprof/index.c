#define _GNU_SOURCE /* program_invocation_short_name */
#include "index.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "catalog.h"
#include "children.h"
#include "hooked.h"
#include "profile_samples.h"

static const char head[] =
    "<!doctype html><html lang=en><meta charset=utf-8><title>/debug/pprof/</title><style>"
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em;"
    "color-scheme:light dark}"
    "td,th{padding:.3em .8em;text-align:left;vertical-align:top}td:first-child{text-align:right;"
    "font-variant-numeric:tabular-nums}code{font-size:.9em}</style>";

static void write_escaped(FILE *file, const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr("<>&\"'", *text) != NULL)
            fprintf(file, "&#%d;", *text);
        else
            fputc(*text, file);
    }
}

/* Writes how many there are, or why that is not known, and makes the remark on them. */
static void write_count(FILE *file, const struct catalog_entry *entry,
                        char remark[CATALOG_REMARK_SIZE])
{
    static const struct catalog_wish wish = {0, NULL, NULL};

    remark[0] = '\0';
    if (entry->is_timed) {
        fputs("-", file);
    } else if (entry->count != NULL) {
        fprintf(file, "%" PRId64, entry->count());
    } else {
        struct profile *profile = entry->collect(&wish);
        if (profile != NULL) {
            fprintf(file, "%zu", profile->sample_count);
            catalog_remark(entry, profile, remark);
        } else {
            fputs(errno == ENOTSUP ? "not in this build" : "?", file);
        }
        profile_delete(profile);
    }
}

static void write_row(FILE *file, const struct catalog_entry *entry)
{
    char remark[CATALOG_REMARK_SIZE];

    fputs("<tr><td>", file);
    write_count(file, entry, remark);
    fprintf(
        file,
        "<td><a href=\"%s%s\">%s</a><td>%s<br>%s (as text: <a href=\"%s?%sdebug=1\">debug=1</a>, "
        "<a href=\"%s?%sdebug=2\">debug=2</a>)",
        entry->name, entry->is_timed ? "?seconds=10" : "?debug=1", entry->name, entry->title,
        entry->meaning, entry->name, entry->is_timed ? "seconds=10&amp;" : "", entry->name,
        entry->is_timed ? "seconds=10&amp;" : "");
    if (remark[0] != '\0')
        fprintf(file, "<br><b>%s</b>", remark);
}

static void write_hooks(FILE *file)
{
    char state[HOOKED_TEXT_SIZE];

    fputs("<p>What it is collected by:<ul>", file);
    for (int hook = 0; hook < HOOKED_COUNT; hook++) {
        fprintf(file, "<li>%s: ", hooked_name(hook));
        write_escaped(file, hooked_state(hook, state));
    }
    fputs("</ul>", file);
}

struct others {
    FILE *file;
    unsigned count;
};

static void write_child(void *closure, pid_t process, const char *url)
{
    struct others *others = closure;

    if (others->count++ == 0)
        fputs("<p>Other processes of it that serve profiles:<ul>", others->file);
    fprintf(others->file, "<li>process %d: ", (int)process);
    write_escaped(others->file, url);
}

void index_write(FILE *file, const struct page_request *request)
{
    const char *url = request->site->address.url;
    struct others others = {.file = file};

    fputs(head, file);
    fputs("<h1>", file);
    write_escaped(file, program_invocation_short_name);
    fprintf(file,
            ", process %d</h1><p>Profiles for pprof clients. Stacks, where nothing else is "
            "said:<table><tr><th>Count<th>Profile<th>What it is",
            (int)getpid());
    for (const struct catalog_entry *entry = catalog; entry->name != NULL; entry++)
        write_row(file, entry);
    fputs("<tr><td>1<td><a href=\"cmdline\">cmdline</a><td>How the program was started."
          "<tr><td>-<td>symbol<td>The names of addresses, for google-pprof (POST)."
          "<tr><td>-<td>trace<td>Not to be had: its format is that of Go's scheduler."
          "</table>",
          file);
    write_hooks(file);
    children_each(write_child, &others);
    fputs(others.count > 0 ? "</ul><p>From a terminal:<pre><code>"
                           : "<p>From a terminal:<pre><code>",
          file);
    if (request->site->address.is_unix) {
        fputs("curl --unix-socket ", file);
        write_escaped(file, request->site->address.host);
        fputs(" http://localhost/debug/pprof/heap >heap.pb.gz; go tool pprof heap.pb.gz", file);
    } else {
        for (const struct catalog_entry *entry = catalog; entry->name != NULL; entry++) {
            fputs("go tool pprof ", file);
            write_escaped(file, url);
            fprintf(file, "%s%s\n", entry->name, entry->is_timed ? "?seconds=10" : "");
        }
    }
    fputs("</code></pre><p>Add <code>-http=:</code> for pprof's own pages with flame graphs. "
          "<code>?seconds=N</code> gives what came within N seconds; google-pprof takes "
          "<code>/pprof/</code> in place of <code>/debug/pprof/</code>.",
          file);
}
