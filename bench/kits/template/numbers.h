/*
 * numbers.h - numbers in the order in which they came. This is the contract: both sides keep it,
 * and main.c, which both share, knows no more than this.
 */
#ifndef NUMBERS_H
#define NUMBERS_H

#include <stdint.h>

struct numbers;

/* Empty; NULL if memory ran out. */
struct numbers *numbers_new(void);
void numbers_delete(struct numbers *numbers);

/* Adds one behind the others. 0, or -1 if memory ran out. */
int numbers_add(struct numbers *numbers, uint32_t number);

uint64_t numbers_sum(const struct numbers *numbers);

#endif
