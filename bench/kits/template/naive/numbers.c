/*
 * The problem: a list, with a block of the heap for each number: four bytes of it, and 28 for what
 * holds them together.
 *
 * Seen by: DHAT (blocks), simulated caches (who walks along it jumps). Not seen by: system calls.
 */
#include "numbers.h"

#include <stdlib.h>

struct number {
    struct number *next;
    uint32_t value;
};

struct numbers {
    struct number *first, **end;
};

struct numbers *numbers_new(void)
{
    struct numbers *numbers = malloc(sizeof *numbers);
    if (numbers != NULL) {
        numbers->first = NULL;
        numbers->end = &numbers->first;
    }
    return numbers;
}

void numbers_delete(struct numbers *numbers)
{
    for (struct number *at = numbers->first, *next; at != NULL; at = next) {
        next = at->next;
        free(at);
    }
    free(numbers);
}

int numbers_add(struct numbers *numbers, uint32_t number)
{
    struct number *added = malloc(sizeof *added);
    if (added == NULL)
        return -1;
    *added = (struct number){.value = number};
    *numbers->end = added;
    numbers->end = &added->next;
    return 0;
}

uint64_t numbers_sum(const struct numbers *numbers)
{
    uint64_t sum = 0;
    for (const struct number *at = numbers->first; at != NULL; at = at->next)
        sum += at->value;
    return sum;
}
