/*
 * The fix: an array that doubles when it is full. A thousand numbers are eight blocks, and who walks
 * along it walks straight on.
 *
 * The cost: up to half of it is empty, and a number moves when it grows.
 */
#include "numbers.h"

#include <stdlib.h>

struct numbers {
    uint32_t *values;
    size_t count, room;
};

struct numbers *numbers_new(void)
{
    return calloc(1, sizeof(struct numbers));
}

void numbers_delete(struct numbers *numbers)
{
    free(numbers->values);
    free(numbers);
}

int numbers_add(struct numbers *numbers, uint32_t number)
{
    if (numbers->count == numbers->room) {
        size_t room = numbers->room > 0 ? 2 * numbers->room : 8;
        uint32_t *values = realloc(numbers->values, room * sizeof *values);
        if (values == NULL)
            return -1;
        numbers->values = values;
        numbers->room = room;
    }
    numbers->values[numbers->count++] = number;
    return 0;
}

uint64_t numbers_sum(const struct numbers *numbers)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < numbers->count; i++)
        sum += numbers->values[i];
    return sum;
}
