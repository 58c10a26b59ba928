#include "threads_profile.h"

#include <errno.h>
#include <stddef.h>

#include "symbols.h"
#include "threads_list.h"

enum { LABELS_MAX = 9, REQUEST_TEXT_SIZE = 96 };

static const char *request_text(const struct thread_entry *entry, char text[REQUEST_TEXT_SIZE])
{
    const char *name = entry->request_name != NULL ? entry->request_name : "request";

    if (entry->request != 0)
        snprintf(text, REQUEST_TEXT_SIZE, "%s %llu", name, (unsigned long long)entry->request);
    else
        snprintf(text, REQUEST_TEXT_SIZE, "%s", name);
    return text;
}

static bool has_request(const struct thread_entry *entry)
{
    return entry->request != 0 || entry->request_name != NULL;
}

static struct profile_label passing(const char *key, const char *unit, int64_t number)
{
    return (struct profile_label){.key = key, .unit = unit, .number = number, .is_passing = true};
}

static int add_entry(struct profile *profile, const struct thread_entry *entry)
{
    struct profile_label labels[LABELS_MAX];
    char request[REQUEST_TEXT_SIZE];
    const int64_t one = 1;
    unsigned count = 0;

    labels[count++] = (struct profile_label){.key = "thread", .number = entry->thread_id};
    labels[count++] = (struct profile_label){.key = "name", .text = entry->name};
    labels[count++] = (struct profile_label){.key = "state", .text = thread_entry_state(entry)};
    labels[count++] = passing("cpu_ms", "milliseconds", entry->cpu_ms);
    if (entry->stack_bytes != 0) {
        labels[count++] = passing("stack_bytes", "bytes", (int64_t)entry->stack_bytes);
        labels[count++] =
            passing("stack_resident_bytes", "bytes", (int64_t)entry->stack_resident_bytes);
    }
    if (has_request(entry))
        labels[count++] = (struct profile_label){
            .key = "request", .text = request_text(entry, request), .is_passing = true};
    if (entry->is_waited_known)
        labels[count++] = passing("waiting_ms", "milliseconds", entry->waiting_ms);
    if (entry->held_bytes != 0)
        labels[count++] = passing("held_bytes", "bytes", (int64_t)entry->held_bytes);
    return profile_add(profile, entry->stack, entry->depth, true, &one, labels, count);
}

int threads_profile_collect(struct profile *profile)
{
    struct threads_list list;

    if (threads_list_take(&list) != 0)
        return -1;
    int status = 0;
    for (size_t i = 0; i < list.count && status == 0; i++)
        status = add_entry(profile, &list.entries[i]);
    threads_list_free(&list);
    if (status != 0)
        errno = ENOMEM;
    return status;
}

/* An address within the call, where the stack has the address behind it. */
static void write_frames(FILE *file, const struct thread_entry *entry, struct symbols *symbols)
{
    for (unsigned i = 0; i < entry->depth; i++) {
        uintptr_t address = entry->stack[i] - (i > 0);
        struct symbol_place place;
        char name[SYMBOLS_NAME_SIZE];
        symbols_find(symbols, address, &place);
        if (place.frame_count == 0)
            place.frames[place.frame_count++] = (struct symbol_frame){0};
        for (unsigned j = 0; j < place.frame_count; j++) {
            const struct symbol_frame *frame = &place.frames[j];
            fprintf(file, "    %s", symbols_name(symbols, address, &place, frame, name));
            if (frame->file != NULL)
                fprintf(file, "  %s:%d", frame->file, frame->line);
            fputc('\n', file);
        }
    }
}

static void write_entry(FILE *file, const struct thread_entry *entry, struct symbols *symbols)
{
    char request[REQUEST_TEXT_SIZE];

    fprintf(file, "\nthread %d \"%s\": %s", entry->thread_id, entry->name,
            thread_entry_state(entry));
    if (entry->is_waited_known)
        fprintf(file, ", for %.1f s", (double)entry->waiting_ms / 1000);
    if (has_request(entry))
        fprintf(file, ", started for %s", request_text(entry, request));
    if (entry->held_bytes != 0)
        fprintf(file, ", which holds %.1f KiB", (double)entry->held_bytes / 1024);
    fprintf(file, "\n  %.3f s of CPU", (double)entry->cpu_ms / 1000);
    if (entry->stack_bytes != 0)
        fprintf(file, "; stack: %zu KiB mapped, %zu KiB of it in memory", entry->stack_bytes / 1024,
                entry->stack_resident_bytes / 1024);
    fputc('\n', file);
    write_frames(file, entry, symbols);
}

static void write_summary(FILE *file, const struct threads_list *list)
{
    size_t stuck_count = 0, mapped = 0, resident = 0;

    for (size_t i = 0; i < list->count; i++) {
        const struct thread_entry *entry = &list->entries[i];
        if (!entry->is_stuck)
            continue;
        stuck_count++;
        mapped += entry->stack_bytes;
        resident += entry->stack_resident_bytes;
    }
    fprintf(file, "%zu threads\n", list->count);
    if (list->reach_doubt[0] != '\0')
        fprintf(file, "Whether threads wait for something that can never come is not known: %s.\n",
                list->reach_doubt);
    else
        fprintf(file,
                "%zu wait for something that nobody can signal: no other thread and no data of the "
                "program leads to it.\n",
                stuck_count);
    if (stuck_count > 0)
        fprintf(file, "Their stacks: %zu MiB mapped, %zu KiB of it in memory.\n", mapped >> 20,
                resident >> 10);
}

int threads_profile_write_text(FILE *file)
{
    struct threads_list list;
    struct symbols *symbols = symbols_new();

    if (symbols == NULL || symbols_refresh(symbols) != 0 || threads_list_take(&list) != 0) {
        int problem = symbols == NULL ? ENOMEM : errno;
        symbols_delete(symbols);
        errno = problem;
        return -1;
    }
    write_summary(file, &list);
    for (int stuck = 1; stuck >= 0; stuck--) /* they come first */
        for (size_t i = 0; i < list.count; i++)
            if (list.entries[i].is_stuck == (stuck == 1))
                write_entry(file, &list.entries[i], symbols);
    threads_list_free(&list);
    symbols_delete(symbols);
    return 0;
}
