/* What a profile holds after stacks were added and subtracted. */
#include <criterion/criterion.h>

#include "common/pprof/profile.h"
#include "common/pprof/profile_samples.h"

static const struct profile_type types[] = {{"samples", "count"}, {"cpu", "nanoseconds"}};

static void add(struct profile *profile, uintptr_t leaf, int64_t count,
                const struct profile_label *label)
{
    uintptr_t stack[] = {leaf, 0x2000, 0x3000};
    int64_t values[] = {count, 10 * count};

    cr_assert_eq(profile_add(profile, stack, 3, true, values, label, label != NULL), 0);
}

Test(profile, sums_equal_stacks)
{
    struct profile *profile = profile_new(types, 2);

    for (uintptr_t leaf = 1; leaf <= 1000; leaf++)
        add(profile, leaf, 1, NULL);
    for (uintptr_t leaf = 1; leaf <= 1000; leaf++)
        add(profile, leaf, 2, NULL);
    cr_assert_eq(profile->sample_count, 1000);
    for (size_t i = 0; i < 1000; i++) {
        cr_assert_eq(profile->samples[i]->stack[0], i + 1);
        cr_assert_eq(profile->samples[i]->values[0], 3);
        cr_assert_eq(profile->samples[i]->values[1], 30);
    }
    profile_delete(profile);
}

Test(profile, keeps_stacks_with_other_labels_apart)
{
    struct profile *profile = profile_new(types, 2);
    char text[] = "waits";
    struct profile_label word = {"state", text, NULL, 0, false};
    struct profile_label seven = {"bytes", NULL, "bytes", 7, false};
    struct profile_label eight = {"bytes", NULL, "bytes", 8, false};

    add(profile, 1, 1, NULL);
    add(profile, 1, 1, &word);
    add(profile, 1, 1, &seven);
    add(profile, 1, 1, &eight);
    add(profile, 1, 1, &word);
    text[0] = 'X'; /* the label was copied */
    cr_assert_eq(profile->sample_count, 4);
    cr_assert_str_eq(profile->samples[1]->labels[0].text, "waits");
    cr_assert_eq(profile->samples[1]->values[0], 2);
    cr_assert_eq(profile->samples[3]->labels[0].number, 8);
    profile_delete(profile);
}

Test(profile, tells_an_exact_leaf_from_a_return_address)
{
    struct profile *profile = profile_new(types, 1);
    uintptr_t stack[] = {0x1000, 0x2000};
    int64_t value = 1;

    profile_add(profile, stack, 2, true, &value, NULL, 0);
    profile_add(profile, stack, 2, false, &value, NULL, 0);
    cr_assert_eq(profile->sample_count, 2);
    cr_assert_eq(profile_sample_address(profile->samples[0], 0), 0x1000);
    cr_assert_eq(profile_sample_address(profile->samples[0], 1), 0x1fff);
    cr_assert_eq(profile_sample_address(profile->samples[1], 0), 0xfff);
    profile_delete(profile);
}

Test(profile, holds_a_stack_of_no_frames)
{
    struct profile *profile = profile_new(types, 1);
    int64_t value = 5;

    profile_add(profile, NULL, 0, false, &value, NULL, 0);
    profile_add(profile, NULL, 0, false, &value, NULL, 0);
    cr_assert_eq(profile->sample_count, 1);
    cr_assert_eq(profile->samples[0]->values[0], 10);
    profile_delete(profile);
}

Test(profile, leaves_what_came_after_an_earlier_one)
{
    struct profile *earlier = profile_new(types, 2), *later = profile_new(types, 2);

    add(earlier, 1, 5, NULL);
    add(earlier, 2, 5, NULL);
    add(earlier, 3, 5, NULL); /* gone since, as freed memory is */
    add(later, 1, 5, NULL);
    add(later, 2, 7, NULL);
    add(later, 4, 1, NULL);
    cr_assert_eq(profile_subtract(later, earlier), 0);
    cr_assert_eq(later->sample_count, 3);
    cr_assert_eq(later->samples[0]->stack[0], 2);
    cr_assert_eq(later->samples[0]->values[0], 2);
    cr_assert_eq(later->samples[1]->stack[0], 4);
    cr_assert_eq(later->samples[2]->stack[0], 3);
    cr_assert_eq(later->samples[2]->values[0], -5);

    add(later, 4, 1, NULL); /* it still finds what it holds */
    cr_assert_eq(later->sample_count, 3);
    cr_assert_eq(later->samples[1]->values[0], 2);
    profile_delete(earlier);
    profile_delete(later);
}

static void add_waiting(struct profile *profile, uintptr_t frame, const char *name, int64_t ms)
{
    const struct profile_label labels[] = {
        {.key = "waiting_ms", .unit = "milliseconds", .number = ms, .is_passing = true},
        {.key = "name", .text = name},
        {.key = "held_bytes", .unit = "bytes", .number = ms, .is_passing = true}};
    const int64_t values[] = {1, 1};

    /* what is passing may be missing, too */
    cr_assert_eq(profile_add(profile, &frame, 1, false, values, labels, ms > 100 ? 3 : 2), 0);
}

Test(profile, takes_a_stack_for_the_same_though_time_has_passed)
{
    struct profile *earlier = profile_new(types, 2), *later = profile_new(types, 2);

    add_waiting(earlier, 1, "idle", 5);
    add_waiting(earlier, 1, "busy", 5);
    add_waiting(later, 1, "idle", 2005);
    add_waiting(later, 2, "busy", 3);
    cr_assert_eq(profile_subtract(later, earlier), 0);
    cr_assert_eq(later->sample_count, 2, "only one has moved");
    for (size_t i = 0; i < later->sample_count; i++) {
        const struct profile_sample *sample = later->samples[i];
        cr_assert_str_eq(sample->labels[1].text, "busy");
        cr_assert_eq(sample->values[0], sample->stack[0] == 2 ? 1 : -1);
    }
    profile_delete(earlier);
    profile_delete(later);
}

Test(profile, drops_the_stacks_that_go_through_some_code)
{
    struct profile *profile = profile_new(types, 2);
    uintptr_t through[] = {0x10, 0x150, 0x30}, past[] = {0x10, 0x200, 0xff};
    int64_t values[] = {1, 10};

    profile_add(profile, through, 3, false, values, NULL, 0);
    profile_add(profile, past, 3, false, values, NULL, 0);
    profile_drop_within(profile, 0x100, 0x200);
    cr_assert_eq(profile->sample_count, 1);
    cr_assert_eq(profile->samples[0]->stack[1], 0x200);
    profile_delete(profile);
}
