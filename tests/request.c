/* request.c - a request's references, its room for text, and how it becomes complete. */
#include "common/request.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "common/memory.h"
#include "tests/sample.h"

Test(request, starts_empty_and_complete)
{
    struct request *request = request_new(10);
    cr_assert_not_null(request);
    cr_expect_eq(request->count, 0);
    cr_expect_eq(request->limit, 10);
    cr_expect_eq(request->references, 1);
    cr_expect(request_is_complete(request), "no line is missing");
    request_wait(request);
    request_release(request);
    request_release(NULL);
}

Test(request, grows_and_keeps_its_text)
{
    struct request *request = request_new(1);
    for (size_t length = 0; length < 1000000; length += 777) {
        cr_assert_eq(request_reserve(request, 777), 0);
        cr_assert_geq(request->capacity, request->length + 777);
        memset(request->text + request->length, (int)(length % 251), 777);
        request->length += 777;
    }
    for (size_t at = 0; at < request->length; at++)
        cr_assert_eq((unsigned char)request->text[at], (at - at % 777) % 251);
    request_release(request);
}

Test(request, holds_less_than_4_gib)
{
    struct request *request = request_new(1);
    errno = 0;
    cr_expect_eq(request_reserve(request, UINT32_MAX), -1);
    cr_expect_eq(errno, EFBIG);
    cr_expect_eq(request_reserve(request, SIZE_MAX), -1);
    request->length = 100;
    cr_expect_eq(request_reserve(request, SIZE_MAX - 50), -1, "the sum is too large for a size");
    request->length = 0;
    cr_expect_eq(request_reserve(request, 10), 0);
    request_release(request);
}

Test(request, says_that_memory_ran_out)
{
    for (uint64_t nth = 1; nth <= 2; nth++) {
        memory_fail_at(nth);
        cr_expect_null(request_new(10));
        memory_fail_at(0);
    }
    struct request *request = request_new(10);
    cr_assert_eq(request_reserve(request, 10), 0);
    memcpy(request->text, "0123456789", 10);
    request->length = 10;
    memory_fail_at(1);
    cr_expect_eq(request_reserve(request, 1 << 20), -1);
    memory_fail_at(0);
    cr_expect_arr_eq(request->text, "0123456789", 10, "it is as it was");
    request_release(request);
}

Test(request, is_complete_once_each_line_is_accounted_for)
{
    struct request *request = sample_generated(1, 0, 10);
    struct tally part = {.accepted = 3, .digest = 5, .score_sum = 7};

    cr_expect_not(request_is_complete(request));
    request_finish(request, 4, &part, 0);
    cr_expect_not(request_is_complete(request));
    request_finish(request, 0, &(struct tally){0}, 0);
    cr_expect_not(request_is_complete(request));
    request_finish(request, 6, &part, 0);
    cr_expect(request_is_complete(request));
    request_wait(request);
    cr_expect_eq(request->tally.accepted, 6);
    cr_expect_eq(request->tally.digest, 10);
    cr_expect_eq(request->tally.score_sum, 14);
    cr_expect_eq(request->error, 0);
    request_release(request);
}

Test(request, keeps_the_first_error)
{
    struct request *request = sample_generated(1, 0, 3);
    request_finish(request, 1, &(struct tally){0}, 0);
    request_finish(request, 1, &(struct tally){0}, ENOMEM);
    request_finish(request, 1, &(struct tally){0}, EIO);
    cr_expect_eq(request->error, ENOMEM);
    request_release(request);
}

Test(request, is_used_again_only_by_the_last_holder)
{
    struct request *request = sample_generated(1, 0, 10);
    request_finish(request, 10, &(struct tally){.accepted = 10}, EIO);
    cr_expect_eq(request_hold(request), request);
    cr_expect_not(request_reuse(request));
    cr_expect_eq(request->count, 10);
    request_release(request);
    size_t capacity = request->capacity;
    cr_expect(request_reuse(request));
    cr_expect_eq(request->count, 0);
    cr_expect_eq(request->length, 0);
    cr_expect_eq(request->error, 0);
    cr_expect_eq(request->tally.accepted, 0);
    cr_expect_eq(request->capacity, capacity, "its memory is kept");
    cr_expect(request_is_complete(request));
    request_release(request);
}

enum { THREADS = 8, ROUNDS = 500 };

static void *hold_and_finish(void *argument)
{
    struct request *request = argument;
    for (int i = 0; i < ROUNDS; i++) {
        request_hold(request);
        request_finish(request, 1, &(struct tally){.accepted = 1}, 0);
        request_release(request);
    }
    request_release(request);
    return NULL;
}

/* The last to let go frees it, whoever that is: ASan would see a second free, or none. */
Test(request, is_shared_by_threads)
{
    struct request *request = request_new(THREADS * ROUNDS);
    pthread_t threads[THREADS];

    request->count = THREADS * ROUNDS;
    for (int i = 0; i < THREADS; i++) {
        request_hold(request);
        cr_assert_eq(pthread_create(&threads[i], NULL, hold_and_finish, request), 0);
    }
    request_wait(request);
    cr_expect_eq(request->tally.accepted, THREADS * ROUNDS);
    request_release(request);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}
