/* cpu_samples.c - the reader of profile.proto, held against what Go's pprof reads in the same file.
 */
#include "bench/readers/cpu_samples.h"

#include "tests/harness/reading.h"

static const char path[] = HARNESS_DATA "cpu.pb.gz";

static struct cpu_samples load(void)
{
    struct cpu_samples profile;
    char error[TEXT_ERROR_SIZE];
    cr_assert_eq(cpu_samples_read(path, &profile, error, sizeof error), 0, "%s", error);
    return profile;
}

/* Of the samples that have the function in their stack, or at its end. */
static int64_t sum_of(const struct cpu_samples *profile, const char *function, bool is_self)
{
    int64_t ns = 0;

    for (uint32_t s = 0; s < profile->sample_count; s++) {
        const struct cpu_sample *sample = &profile->samples[s];
        for (uint32_t f = 0; f < (is_self && sample->frame_count > 0 ? 1 : sample->frame_count);
             f++)
            if (strcmp(profile->frames[sample->frame_first + f].function, function) == 0) {
                ns += sample->ns;
                break;
            }
    }
    return ns;
}

static int try_file(const char *name, char *error, size_t error_size)
{
    struct cpu_samples profile;

    if (cpu_samples_read(name, &profile, error, error_size) != 0)
        return -1;
    for (uint32_t s = 0; s < profile.sample_count; s++)
        cr_expect_leq(profile.samples[s].frame_first + profile.samples[s].frame_count,
                      profile.frame_count);
    for (uint32_t f = 0; f < profile.frame_count; f++)
        cr_expect(profile.frames[f].function != NULL && profile.frames[f].file != NULL);
    cpu_samples_free(&profile);
    return 0;
}

Test(cpu_samples, agrees_with_pprof)
{
    struct text text = reading_load(HARNESS_DATA "cpu.txt");
    struct cpu_samples profile = load();
    unsigned compared = 0;

    for (char *line = strtok(text.bytes, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        char function[256], flat[32], cum[32];
        if (strstr(line, "Total samples = ") != NULL)
            cr_expect_eq(profile.ns, atoll(strstr(line, "Total samples = ") + 16), "%s", line);
        if (sscanf(line, " %31s %*s %*s %31s %*s %255s", flat, cum, function) != 3 ||
            flat[0] < '0' || flat[0] > '9' || strstr(line, "samples") != NULL ||
            strstr(line, "Showing") != NULL || function[0] == '[') /* one name for many */
            continue;
        cr_expect_eq(sum_of(&profile, function, true), atoll(flat), "%s", line);
        cr_expect_eq(sum_of(&profile, function, false), atoll(cum), "%s", line);
        compared++;
    }
    cr_expect_gt(compared, 50);
    cpu_samples_free(&profile);
    text_free(&text);
}

Test(cpu_samples, knows_lines)
{
    struct cpu_samples profile = load();
    bool has_line = false;

    for (uint32_t f = 0; f < profile.frame_count; f++)
        has_line |= strcmp(profile.frames[f].function, "key_build") == 0 &&
                    strcmp(profile.frames[f].file, "/sample/naive/key.c") == 0 &&
                    profile.frames[f].line > 0;
    cr_expect(has_line);
    cr_expect_eq(profile.count * 4000000, profile.ns, "250 a second");
    cpu_samples_free(&profile);
}

/* Cuts a file at each place, and changes each of its bytes; nothing of it is a text. */
static unsigned try_all(const char *name)
{
    static char bytes[1 << 16];
    FILE *file = fopen(name, "rb");
    cr_assert_not_null(file);
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    const char *changed = reading_temporary();
    char error[TEXT_ERROR_SIZE];
    unsigned accepted = 0;

    cr_assert(length > 1000 && length < sizeof bytes);
    for (size_t at = 0; at < length; at += 13) {
        reading_write(changed, bytes, at);
        if (try_file(changed, error, sizeof error) == 0)
            accepted++;
        else
            reading_expect_error(changed, error);
        bytes[at] ^= 0x55;
        reading_write(changed, bytes, length);
        if (try_file(changed, error, sizeof error) != 0)
            reading_expect_error(changed, error);
        bytes[at] ^= 0x55;
    }
    unlink(changed);
    return accepted;
}

Test(cpu_samples, refuses_broken_files)
{
    reading_try_garbage(try_file);
    cr_expect_eq(try_all(path), 0, "half a gzip file was accepted");
}

/* The same without gzip's checksum to find it. */
Test(cpu_samples, refuses_broken_messages)
{
    char name[64], command[256], error[TEXT_ERROR_SIZE];

    snprintf(name, sizeof name, "%s", reading_temporary());
    snprintf(command, sizeof command, "zcat %s >%s", path, name);
    cr_assert_eq(system(command), 0);
    cr_expect_eq(try_file(name, error, sizeof error), 0, "%s", error);
    try_all(name);
    unlink(name);
}
