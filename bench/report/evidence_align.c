#include "evidence_align.h"

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

/* The function that starts at this line owns what is right above it, and all down to its "}". */
static void set_owner(struct align_line *lines, uint32_t count, uint32_t at)
{
    const char *owner = lines[at].function;
    uint32_t first = at;

    while (first > 0 && lines[first - 1].text[0] != '\0' && lines[first - 1].text[0] != '}')
        first--;
    for (uint32_t i = first; i < count; i++) {
        lines[i].owner = owner;
        if (lines[i].text[0] == '}')
            break;
    }
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

static unsigned split(const char *text, struct word words[WORDS_MAX])
{
    unsigned count = 0;

    while (*text != '\0' && count < WORDS_MAX) {
        size_t length = 1;
        if (isspace((unsigned char)*text)) {
            text++;
            continue;
        }
        if (is_word_byte(*text))
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
    if (strcmp(left->owner, right->owner) != 0)
        return never;
    if (left->function[0] != '\0' || right->function[0] != '\0')
        return strcmp(left->function, right->function) == 0 ? same_function : never;
    if (strcmp(left->text, right->text) == 0)
        return is_blank(left->text) ? same_blank : same_text;
    if (is_blank(left->text) || is_blank(right->text))
        return never;
    float alike = alikeness(left->text, right->text);
    return alike >= least_alike ? alike : never;
}

uint32_t align(const struct align_line *left, uint32_t left_count, const struct align_line *right,
               uint32_t right_count, struct align_pair *pairs)
{
    size_t width = right_count + 1u;
    uint32_t i = 0, j = 0, count = 0;

    if (left_count > ALIGN_LINES_MAX || right_count > ALIGN_LINES_MAX)
        return 0;
    /* best[i][j]: of what is left from line i and line j on; pair[i][j]: of these two lines */
    float *best = calloc((left_count + 1u) * width, sizeof *best);
    float *pair = calloc((left_count + 1u) * width, sizeof *pair);
    if (best == NULL || pair == NULL)
        goto done;
    for (i = left_count; i-- > 0;)
        for (j = right_count; j-- > 0;) {
            float *cell = &best[i * width + j], score = score_of(&left[i], &right[j]);
            pair[i * width + j] = score;
            *cell = cell[1] > cell[width] ? cell[1] : cell[width];
            if (score > 0 && score + cell[width + 1] > *cell)
                *cell = score + cell[width + 1];
        }
    for (i = 0, j = 0; i < left_count || j < right_count; count++) {
        const float *cell = &best[i * width + j];
        bool has_both = i < left_count && j < right_count;
        if (has_both && pair[i * width + j] > 0 && *cell <= pair[i * width + j] + cell[width + 1]) {
            bool is_same = strcmp(left[i].text, right[j].text) == 0;
            pairs[count] = (struct align_pair){++i, ++j, is_same};
        } else if (i < left_count && (!has_both || *cell <= cell[width])) {
            pairs[count] = (struct align_pair){++i, 0, false};
        } else {
            pairs[count] = (struct align_pair){0, ++j, false};
        }
    }
done:
    free(best);
    free(pair);
    return count;
}
