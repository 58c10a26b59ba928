#include "bench/report/evidence_align.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 32 };

/* Scores. What is not worth a pair gets less than nothing: a gap on each side costs 0. */
static const float same_function = 1000, same_text = 3, same_blank = 0.4f, never = -1;
static const float least_alike = 0.5f; /* of the words, so that a pair is worth showing */

static bool is_word_byte(char byte)
{
    return isalnum((unsigned char)byte) || byte == '_';
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t{}*/;")] == '\0';
}

/* "static int take(struct x *x)" -> take. A declaration ends with ';', a call is indented. */
static void find_function(struct align_line *line)
{
    const char *open = strchr(line->text, '('), *start;
    size_t length = strlen(line->text);

    line->function[0] = '\0';
    if (open == NULL || !(isalpha((unsigned char)line->text[0]) || line->text[0] == '_') ||
        line->text[length - 1] == ';' || strchr(line->text, '=') != NULL)
        return;
    for (start = open; start > line->text && is_word_byte(start[-1]); start--)
        ;
    if (start > line->text && start < open)
        snprintf(line->function, sizeof line->function, "%.*s", (int)(open - start), start);
}

/* The function that starts at this line owns what stands right above it, and all that follows. */
static void set_owner(struct align_line *lines, uint32_t count, uint32_t at)
{
    uint32_t first = at;

    while (first > 0 && lines[first - 1].text[0] != '\0' && lines[first - 1].text[0] != '}')
        first--;
    for (uint32_t i = first; i < count; i++)
        lines[i].owner = lines[at].function;
}

void align_find_functions(struct align_line *lines, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        find_function(&lines[i]);
        lines[i].owner = "";
    }
    for (uint32_t i = 0; i < count; i++)
        if (lines[i].function[0] != '\0')
            set_owner(lines, count, i);
}

struct word {
    const char *start;
    size_t length;
};

/* Where there is no room for more, the last word is the rest of the line. */
static unsigned split(const char *text, struct word words[WORDS_MAX])
{
    unsigned count = 0;

    while (*text != '\0' && count < WORDS_MAX) {
        size_t length = 1;
        if (isspace((unsigned char)*text)) {
            text++;
            continue;
        }
        if (count == WORDS_MAX - 1)
            length = strlen(text);
        else if (is_word_byte(*text))
            while (is_word_byte(text[length]))
                length++;
        words[count++] = (struct word){text, length};
        text += length;
    }
    return count;
}

/* Dice's coefficient of the words: 2 x common / all, 0 to 1. */
static float alikeness(const char *left, const char *right)
{
    struct word a[WORDS_MAX], b[WORDS_MAX];
    unsigned a_count = split(left, a), b_count = split(right, b), common = 0;
    bool is_used[WORDS_MAX] = {false};

    for (unsigned i = 0; i < a_count; i++)
        for (unsigned j = 0; j < b_count; j++)
            if (!is_used[j] && a[i].length == b[j].length &&
                memcmp(a[i].start, b[j].start, a[i].length) == 0) {
                is_used[j] = true;
                common++;
                break;
            }
    return a_count + b_count != 0 ? 2.0f * (float)common / (float)(a_count + b_count) : 0;
}

static float score_of(const struct align_line *left, const struct align_line *right)
{
    if (left->function[0] != '\0' || right->function[0] != '\0')
        return strcmp(left->function, right->function) == 0 ? same_function : never;
    if (strcmp(left->text, right->text) == 0)
        return is_blank(left->text) ? same_blank : same_text;
    if (is_blank(left->text) || is_blank(right->text))
        return never;
    float alike = alikeness(left->text, right->text);
    return alike >= least_alike ? alike : never;
}

/* Lines of one owner. */
struct part {
    const struct align_line *lines;
    uint32_t first, count;
};

static struct part part_at(const struct align_line *lines, uint32_t count, uint32_t first)
{
    struct part part = {lines, first, 0};
    while (first + part.count < count && lines[first + part.count].owner == lines[first].owner)
        part.count++;
    return part;
}

/* best[i][j] is the score of what is left from line i and line j on, pair[i][j] of these two. */
static void fill(const struct part *left, const struct part *right, float *best, float *pair)
{
    size_t width = right->count + 1u;

    for (uint32_t i = left->count; i-- > 0;)
        for (uint32_t j = right->count; j-- > 0;) {
            float *cell = &best[i * width + j];
            float score = score_of(&left->lines[left->first + i], &right->lines[right->first + j]);
            pair[i * width + j] = score;
            *cell = cell[1] > cell[width] ? cell[1] : cell[width];
            if (score > 0 && score + cell[width + 1] > *cell)
                *cell = score + cell[width + 1];
        }
}

/* Follows the best scores. Returns the number of pairs. */
static uint32_t follow(const struct part *left, const struct part *right, const float *best,
                       const float *pair, struct align_pair *pairs)
{
    size_t width = right->count + 1u;
    uint32_t i = 0, j = 0, count = 0;

    for (; i < left->count || j < right->count; count++) {
        const float *cell = &best[i * width + j];
        uint32_t l = left->first + i, r = right->first + j;
        bool has_both = i < left->count && j < right->count;
        if (has_both && pair[i * width + j] > 0 && *cell <= pair[i * width + j] + cell[width + 1]) {
            bool is_same = strcmp(left->lines[l].text, right->lines[r].text) == 0;
            pairs[count] = (struct align_pair){l + 1, r + 1, is_same};
            i++;
            j++;
        } else if (i < left->count && (!has_both || *cell <= cell[width])) {
            pairs[count] = (struct align_pair){l + 1, 0, false};
            i++;
        } else {
            pairs[count] = (struct align_pair){0, r + 1, false};
            j++;
        }
    }
    return count;
}

/* Either part may be empty. 0 if memory ran out. */
static uint32_t align_parts(const struct part *left, const struct part *right,
                            struct align_pair *pairs)
{
    size_t cells = (left->count + 1u) * (right->count + 1u);
    float *best = calloc(cells, sizeof *best), *pair = calloc(cells, sizeof *pair);
    uint32_t count = 0;

    if (best != NULL && pair != NULL) {
        fill(left, right, best, pair);
        count = follow(left, right, best, pair, pairs);
    }
    free(best);
    free(pair);
    return count;
}

/* The part with this owner, or one that is empty. */
static struct part find_part(const struct align_line *lines, uint32_t count, const char *owner)
{
    for (uint32_t i = 0; i < count; i++)
        if (strcmp(lines[i].owner, owner) == 0)
            return part_at(lines, count, i);
    return (struct part){lines, 0, 0};
}

uint32_t align(const struct align_line *left, uint32_t left_count, const struct align_line *right,
               uint32_t right_count, struct align_pair *pairs)
{
    const struct part nothing = {left, 0, 0};
    uint32_t count = 0, at = 0; /* right lines before `at` have been looked at */

    if (left_count > ALIGN_LINES_MAX || right_count > ALIGN_LINES_MAX)
        return 0;
    for (uint32_t i = 0; i <= left_count;) {
        struct part mine = part_at(left, left_count, i), other = {right, right_count, 0};
        if (mine.count != 0)
            other = find_part(right, right_count, left[i].owner);
        /* what only the right file has, and stands before that: here is its place */
        while (at < other.first && (mine.count == 0 || other.count != 0)) {
            struct part alone = part_at(right, right_count, at);
            if (find_part(left, left_count, right[at].owner).count == 0)
                count += align_parts(&nothing, &alone, pairs + count);
            at += alone.count;
        }
        count += align_parts(&mine, &other, pairs + count);
        i += mine.count != 0 ? mine.count : 1;
    }
    return count;
}
