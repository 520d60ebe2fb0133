/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_kernels.c - the kernels that this processor runs against those in plain C, on random ranges of every kind; and
 * sums of bytes against one bit at a time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "src/base/bytes.h"
#include "src/query/range_kernels.h"
#include "tests/support/random.h"

enum { GROUPS = 8, SIZE = GROUPS * NS_RANGE_GROUP, ROUNDS = 20000 };

static test_random r;

static uint8_t any_byte(void)
{
    static const uint8_t edges[] = {0, 1, 254, 255};
    return test_random_below(&r, 3) ? (uint8_t)test_random_below(&r, 256) : edges[test_random_below(&r, 4)];
}

static void same_as_plain(void **state)
{
    (void)state;
    const ns_range_kernels *best = ns_range_kernels_best(), *plain = &ns_range_kernels_plain;
    static uint8_t bytes[SIZE], a[SIZE], b[SIZE];
    static uint16_t sums[SIZE], other[SIZE], tops[GROUPS], other_tops[GROUPS];
    for (int round = 0; round < ROUNDS; round++) {
        uint16_t scale = (uint16_t)test_random_below(&r, 60000);
        for (size_t i = 0; i < SIZE; i++) {
            bytes[i] = any_byte();
            a[i] = b[i] = any_byte();
            sums[i] = other[i] = (uint16_t)(test_random_below(&r, 4) ? test_random_below(&r, 5000) : any_byte() * 257u);
        }
        best->tops(sums, GROUPS, tops);
        plain->tops(sums, GROUPS, other_tops);
        assert_memory_equal(tops, other_tops, sizeof tops);
        for (size_t g = 0; g < GROUPS; g++) {
            uint8_t at[NS_RANGE_GROUP], other_at[NS_RANGE_GROUP];
            uint16_t least = test_random_below(&r, 2) ? tops[g] : (uint16_t)(any_byte() * 257u);
            size_t n = best->select(sums + g * NS_RANGE_GROUP, least, at);
            assert_int_equal(n, plain->select(sums + g * NS_RANGE_GROUP, least, other_at));
            assert_memory_equal(at, other_at, n);
        }
        uint32_t tfs[SIZE];
        float norms[SIZE];
        size_t some = test_random_below(&r, SIZE + 1);
        for (size_t i = 0; i < some; i++) {
            tfs[i] = test_random_below(&r, 2) ? any_byte() : test_random_below(&r, 65536);
            norms[i] = (float)test_random_below(&r, 100000) / (test_random_below(&r, 2) ? 1000 : 1e8f) + 1e-6f;
        }
        uint8_t shares[SIZE], other_shares[SIZE];
        best->shares(tfs, norms, some, shares);
        plain->shares(tfs, norms, some, other_shares);
        assert_memory_equal(shares, other_shares, some);
        for (size_t i = 0; i < some; i++) /* a bound, and a tight one */
            assert_true(shares[i] >= 255.0 * tfs[i] / (tfs[i] + (double)norms[i]) * (1 - 1e-6) &&
                        shares[i] <= 255.0 * tfs[i] / (tfs[i] + (double)norms[i]) * (1 + 1e-6) + 1);
        best->add(sums, bytes, scale, SIZE);
        plain->add(other, bytes, scale, SIZE);
        assert_memory_equal(sums, other, sizeof sums);
        const uint8_t *maxima[3] = {bytes, a, b};
        uint16_t scales[3] = {scale, (uint16_t)test_random_below(&r, 3000), 17};
        size_t terms = test_random_below(&r, 4);
        for (size_t g = 0; g < GROUPS; g++) {
            const uint8_t *selected = test_random_below(&r, 2) ? a + g * NS_RANGE_GROUP : NULL;
            uint16_t *x = sums + g * NS_RANGE_GROUP, *y = other + g * NS_RANGE_GROUP;
            assert_int_equal(best->group(x, maxima, scales, terms, g * NS_RANGE_GROUP, selected),
                             plain->group(y, maxima, scales, terms, g * NS_RANGE_GROUP, selected));
        }
        assert_memory_equal(sums, other, sizeof sums);
        if (round % 2) {
            best->either(a, bytes, SIZE);
            plain->either(b, bytes, SIZE);
        } else {
            best->both(a, bytes, SIZE);
            plain->both(b, bytes, SIZE);
        }
        assert_memory_equal(a, b, SIZE);
        uint64_t count = plain->count(a, SIZE), enough = test_random_below(&r, 2) ? 1 + test_random_below(&r, 900) : count;
        assert_int_equal(best->count(a, SIZE), count);
        assert_true(count < enough ? best->some(a, SIZE, enough) == count : best->some(a, SIZE, enough) >= enough);
        assert_true(count < enough ? plain->some(a, SIZE, enough) == count : plain->some(a, SIZE, enough) >= enough);
    }
}

/* Bounds above bounds: set entry by entry, and the way down to the largest. */
static void levels_as_plain(void **state)
{
    (void)state;
    enum { LOWEST = 2 * 16 * 16 * 16, TOP = 16 };
    const ns_range_kernels *best = ns_range_kernels_best(), *plain = &ns_range_kernels_plain;
    static uint16_t lowest[LOWEST], others[LOWEST], second[LOWEST / 16], third[LOWEST / 256], highest[TOP];
    static uint8_t selected[LOWEST * NS_RANGE_GROUP];
    uint16_t *levels[NS_RANGE_LEVELS] = {lowest, second, third, highest};
    for (int round = 0; round < 200; round++) {
        uint32_t most = round % 3 ? 65536 : 4;
        for (size_t i = 0; i < LOWEST; i++)
            lowest[i] = others[i] = (uint16_t)test_random_below(&r, most);
        for (size_t i = 0; i < LOWEST; i += 16)
            (round % 2 ? best : plain)->climb(levels, i);
        for (int change = 0; change < 50; change++) {
            size_t at = best->peak(levels, TOP), largest = 0;
            for (size_t i = 1; i < LOWEST; i++)
                largest = lowest[i] > lowest[largest] ? i : largest;
            assert_int_equal(at, largest);
            assert_int_equal(plain->peak(levels, TOP), largest);
            lowest[at] = (uint16_t)test_random_below(&r, most);
            best->climb(levels, at);
        }
        memcpy(others, lowest, sizeof others);
        memset(selected, 0, sizeof selected);
        for (int i = 0; i < 3000; i++)
            selected[test_random_below(&r, sizeof selected)] = any_byte();
        best->leave(lowest, selected, LOWEST);
        plain->leave(others, selected, LOWEST);
        assert_memory_equal(lowest, others, sizeof others);
    }
}

static uint32_t sum_bit_by_bit(uint32_t seed, const uint8_t *p, size_t n)
{
    uint32_t c = ~seed;
    for (; n; n--) {
        c ^= *p++;
        for (int k = 0; k < 8; k++)
            c = c & 1 ? c >> 1 ^ UINT32_C(0x82f63b78) : c >> 1;
    }
    return ~c;
}

static void sums(void **state)
{
    (void)state;
    enum { BYTES = 20000 };
    uint8_t *bytes = malloc(BYTES);
    assert_non_null(bytes);
    for (size_t i = 0; i < BYTES; i++)
        bytes[i] = (uint8_t)test_random_next(&r);
    assert_int_equal(ns_crc32c(0, "123456789", 9), 0xe3069283); /* as RFC 3720 has it */
    for (size_t n = 0; n <= BYTES; n += n < 50 ? 1 : 1 + test_random_below(&r, 150)) {
        size_t from = test_random_below(&r, n < 16 ? (uint32_t)n + 1 : 16);
        assert_int_equal(ns_crc32c((uint32_t)n, bytes + from, n - from), sum_bit_by_bit((uint32_t)n, bytes + from, n - from));
    }
    free(bytes);
}

int main(void)
{
    const char *seed = getenv("NSEARCH_TEST_SEED");
    r.state = seed ? strtoull(seed, NULL, 10) : (uint64_t)time(NULL) * 2654435761u;
    print_message("seed %llu\n", (unsigned long long)r.state);
    const struct CMUnitTest tests[] = {cmocka_unit_test(same_as_plain), cmocka_unit_test(levels_as_plain),
                                       cmocka_unit_test(sums)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
