#include "bench/pair/tally.h"

#include <math.h>
#include <stdlib.h>

/* Of a name of C++, that much is shown. */
enum { NAME_SHOWN = 80 };

int tally_add(struct tally *tally, const char *name, unsigned side, unsigned turn, double value)
{
    uint32_t number;

    if (names_add(&tally->names, name, &number) != 0)
        return -1;
    if (number >= tally->room) {
        uint32_t room = tally->room != 0 ? 2 * tally->room : 64;
        struct tally_row *rows = realloc(tally->rows, room * sizeof *rows);
        if (rows == NULL)
            return -1;
        for (uint32_t i = tally->room; i < room; i++)
            rows[i] = (struct tally_row){0};
        tally->rows = rows;
        tally->room = room;
    }
    tally->rows[number].value[side][turn] += value;
    return 0;
}

void tally_free(struct tally *tally)
{
    names_free(&tally->names);
    free(tally->rows);
    *tally = (struct tally){.rows = NULL};
}

static double difference(const struct tally_row *row)
{
    return fabs(row->value[PAIR_BEFORE][0] - row->value[PAIR_AFTER][0]);
}

/* The row with the largest difference below that of `last`, or as large and behind it; or -1. */
static int64_t next_row(const struct tally *tally, int64_t last)
{
    int64_t best = -1;

    for (uint32_t i = 0; i < tally->names.count; i++) {
        double one = difference(&tally->rows[i]);
        bool is_left = last < 0 || one < difference(&tally->rows[last]) ||
                       (one == difference(&tally->rows[last]) && i > last);
        if (is_left && (best < 0 || one > difference(&tally->rows[best])))
            best = i;
    }
    return best;
}

void tally_report(struct tally *tally, struct pair *pair, enum pair_section section,
                  const struct quantity *what, const char *behind, double least, unsigned most)
{
    int64_t row = next_row(tally, -1);

    for (unsigned i = 0; i < most && row >= 0 && difference(&tally->rows[row]) > 0 &&
                         difference(&tally->rows[row]) >= least;
         i++, row = next_row(tally, row)) {
        struct quantity one = *what;
        one.label = model_text(&pair->comparison->model, "%s %.*s%s", what->label, NAME_SHOWN,
                               tally->names.texts[row], behind);
        pair_add_count(pair, section, &one, tally->rows[row].value[PAIR_BEFORE],
                       tally->rows[row].value[PAIR_AFTER]);
    }
}
