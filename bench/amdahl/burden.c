/*
 * burden.c - makes one function longer by instructions that do nothing, executed before it.
 *
 * Linked in front of two functions of the program, through calls between objects (--wrap, as
 * timeline/trace.c has it). BURDEN=record_validate:20000 chooses one, and how many.
 */
#include <stdio.h>
#include <stdlib.h>

#include "common/record.h"

static unsigned long before_parse, before_validate;

__attribute__((constructor)) static void read_burden(void)
{
    const char *burden = getenv("BURDEN");

    if (burden != NULL && sscanf(burden, "record_parse:%lu", &before_parse) != 1)
        sscanf(burden, "record_validate:%lu", &before_validate);
}

/* Two instructions a turn. In assembler where we know it, as a compiler may count down by more. */
static void execute(unsigned long instructions)
{
    unsigned long turns = instructions / 2;

    if (turns == 0)
        return;
#if defined(__x86_64__)
    __asm__ volatile("1: sub $1, %0\n\tjnz 1b" : "+r"(turns) : : "cc");
#elif defined(__aarch64__)
    __asm__ volatile("1: subs %0, %0, #1\n\tb.ne 1b" : "+r"(turns) : : "cc");
#else
    for (; turns > 0; turns--)
        __asm__ volatile("");
#endif
}

int __real_record_parse(struct arena *arena, const char *text, size_t length, const cJSON **json,
                        struct reject *reject);
int __wrap_record_parse(struct arena *arena, const char *text, size_t length, const cJSON **json,
                        struct reject *reject);
enum reject_reason __real_record_validate(const cJSON *json, struct tag *tags,
                                          struct record *record);
enum reject_reason __wrap_record_validate(const cJSON *json, struct tag *tags,
                                          struct record *record);

int __wrap_record_parse(struct arena *arena, const char *text, size_t length, const cJSON **json,
                        struct reject *reject)
{
    execute(before_parse);
    return __real_record_parse(arena, text, length, json, reject);
}

enum reject_reason __wrap_record_validate(const cJSON *json, struct tag *tags,
                                          struct record *record)
{
    execute(before_validate);
    return __real_record_validate(json, tags, record);
}
