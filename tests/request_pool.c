#include "common/request_pool.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "common/memory.h"

static struct request_pool pool;

static void start(void)
{
    request_pool_init(&pool, 10, 200000, 1 << 20);
}

static void stop(void)
{
    request_pool_free(&pool);
}

TestSuite(request_pool, .init = start, .fini = stop);

static struct request_pool_usage usage(void)
{
    struct request_pool_usage found;
    request_pool_usage(&pool, &found);
    return found;
}

Test(request_pool, gives_the_same_request_again)
{
    size_t charged;
    struct request *request = request_pool_take(&pool, &charged);

    cr_assert_not_null(request);
    cr_assert_eq(request->limit, 10);
    cr_assert_eq(usage().used_bytes, charged);
    request_pool_give(&pool, request, charged);
    cr_assert_eq(usage().used_bytes, 0);
    cr_assert_eq(request_pool_take(&pool, &charged), request);
    request_pool_give(&pool, request, charged);
}

Test(request_pool, counts_what_a_request_has_grown_by)
{
    size_t charged;
    struct request *request = request_pool_take(&pool, &charged);
    size_t before = charged, capacity = request->capacity;

    cr_assert_eq(request_reserve(request, capacity + 1), 0);
    cr_assert_eq(request_pool_charge(&pool, request, &charged), 0);
    cr_assert_eq(charged, before + request->capacity - capacity);
    cr_assert_eq(usage().used_bytes, charged);
    request_pool_give(&pool, request, charged);
    cr_assert_eq(usage().used_bytes, 0);
}

Test(request_pool, gives_none_where_too_many_bytes_are_out)
{
    size_t charged, other;
    struct request *request = request_pool_take(&pool, &charged);

    cr_assert_eq(request_reserve(request, 300000), 0);
    cr_assert_eq(request_pool_charge(&pool, request, &charged), -1);
    cr_assert_eq(errno, ENOBUFS);
    cr_assert_null(request_pool_take(&pool, &other));
    cr_assert_eq(errno, ENOBUFS);
    request_pool_give(&pool, request, charged);
    request = request_pool_take(&pool, &charged);
    cr_assert_not_null(request);
    request_pool_give(&pool, request, charged);
}

Test(request_pool, knows_which_requests_are_still_held)
{
    struct request *held[3];
    size_t charged[3];

    for (int i = 0; i < 3; i++) {
        held[i] = request_hold(request_pool_take(&pool, &charged[i]));
        request_pool_give(&pool, held[i], charged[i]);
    }
    cr_assert_eq(usage().retained_count, 3);
    cr_assert_geq(usage().retained_bytes, 3 * sizeof(struct request));
    cr_assert_eq(usage().used_bytes, 0);
    request_release(held[1]);
    cr_assert_eq(usage().retained_count, 2);
    request_release(held[0]);
    request_release(held[2]);
    cr_assert_eq(usage().retained_count, 0);
    cr_assert_eq(usage().retained_bytes, 0);
}

Test(request_pool, fails_cleanly_where_memory_runs_out)
{
    size_t charged;

    for (uint64_t nth = 1; nth <= 3; nth++) {
        memory_fail_at(nth);
        struct request *request = request_pool_take(&pool, &charged);
        memory_fail_at(0);
        cr_assert_null(request);
        cr_assert_eq(usage().used_bytes, 0);
    }
}
