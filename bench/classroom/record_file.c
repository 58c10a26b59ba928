#define _POSIX_C_SOURCE 200809L /* getline */
#include "bench/classroom/record_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/generate.h"
#include "common/tag.h"

/* Past the generated ones, so that no key is written twice. */
static const uint64_t AWKWARD_ID = 1000000;

/* A record with `count` tags, each by print_tag(). */
static void print_record(FILE *file, uint64_t id, const char *name, unsigned count,
                         void (*print_tag)(FILE *file, unsigned i, unsigned tag_count))
{
    fprintf(file, "{\"id\":%llu,\"name\":\"%s\",\"value\":%llu.25,\"tags\":[",
            (unsigned long long)id, name, (unsigned long long)(id % 1000));
    for (unsigned i = 0; i < count; i++) {
        fputs(i > 0 ? ",\"" : "\"", file);
        print_tag(file, i, count);
        fputc('"', file);
    }
    fprintf(file, "],\"ts\":%llu}\n", 1700000000000ull + id % 100000);
}

static void print_rising(FILE *file, unsigned i, unsigned count)
{
    (void)count;
    fprintf(file, "tag:%03u", i);
}

static void print_falling(FILE *file, unsigned i, unsigned count)
{
    fprintf(file, "tag:%03u", count - i);
}

static void print_equal(FILE *file, unsigned i, unsigned count)
{
    (void)i;
    (void)count;
    fputs("the same", file);
}

static void print_blank(FILE *file, unsigned i, unsigned count)
{
    (void)i;
    (void)count;
    fputs("  ", file);
}

/* They differ only far behind the bytes that are compared first. */
static void print_alike(FILE *file, unsigned i, unsigned count)
{
    fprintf(file, "a beginning that all have, and then %03u", (i * 37) % count);
}

/* Each as long as the bytes that are compared first, or one more or less. */
static void print_near(FILE *file, unsigned i, unsigned count)
{
    (void)count;
    fprintf(file, "%.*s", TAG_PREFIX - 1 + (int)(i % 3), "fifteen.letters.and.more");
}

static void print_long(FILE *file, unsigned i, unsigned count)
{
    for (unsigned k = 0; k < 300; k++)
        fputc('a' + (int)((i * 7 + k) % 26), file);
    fprintf(file, "%03u", count - i);
}

static void print_foreign(FILE *file, unsigned i, unsigned count)
{
    static const char *const words[] = {
        "\xc3\xa9t\xc3\xa9", "zebra", "\xe6\x97\xa5\xe6\x9c\xac", "Ab", "%s%n", "a|b", "x:y"};
    (void)count;
    fputs(words[i % (sizeof words / sizeof *words)], file);
}

static void print_awkward(FILE *file)
{
    static void (*const tags[])(FILE *, unsigned, unsigned) = {
        print_rising, print_falling, print_equal, print_blank,
        print_alike,  print_near,    print_long,  print_foreign,
    };
    static const unsigned counts[] = {1, 2, 3, 5, 17, 63, TAGS_MAX};
    char name[4001];
    uint64_t id = AWKWARD_ID;

    for (size_t i = 0; i < sizeof name - 1; i++)
        name[i] = (char)('a' + i % 26);
    name[sizeof name - 1] = '\0';
    for (size_t t = 0; t < sizeof tags / sizeof *tags; t++)
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++, id++)
            print_record(file, id, id % 4 == 0 ? name : "sensor", counts[c], tags[t]);
    print_record(file, 9007199254740991u, name, TAGS_MAX, print_long);
    print_record(file, 9007199254740990u, "%d%s", 1, print_rising);
    fputs("{\"id\":1,\"name\":\"no tags\",\"tags\":[],\"ts\":1}\nnot a record\n", file);
}

int record_file_generate(const char *path, uint64_t seed, uint64_t count, int has_awkward)
{
    char line[GENERATE_LINE_MAX];
    FILE *file = fopen(path, "w");

    if (file == NULL)
        return -1;
    for (uint64_t i = 0; i < count; i++)
        fwrite(line, 1, generate_line(seed, i, line), file);
    if (has_awkward)
        print_awkward(file);
    int is_bad = ferror(file);
    return fclose(file) == 0 && !is_bad ? 0 : -1;
}

/* Its lines, over and over, until there are enough of them. */
static int copy_lines(FILE *in, FILE *out, uint64_t least, uint64_t most)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    uint64_t count = 0;

    while (count < most) {
        length = getline(&line, &size, in);
        if (length > 0) {
            fwrite(line, 1, (size_t)length, out);
            if (line[length - 1] != '\n')
                fputc('\n', out);
            count++;
        } else if (count == 0 || count >= least || ferror(in)) {
            break;
        } else {
            rewind(in);
        }
    }
    free(line);
    if (count == 0)
        errno = ENODATA;
    return count == 0 || ferror(in) || ferror(out) ? -1 : 0;
}

int record_file_copy(const char *path, const char *from, uint64_t least, uint64_t most)
{
    FILE *in = fopen(from, "r"), *out = in != NULL ? fopen(path, "w") : NULL;
    int status = out != NULL ? copy_lines(in, out, least, most) : -1;
    int error = errno;

    if (in != NULL)
        fclose(in);
    if (out != NULL && fclose(out) != 0)
        return -1;
    errno = error;
    return status;
}
