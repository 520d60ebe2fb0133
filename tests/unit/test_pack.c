/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_pack.c - packed integers come back on every path of this machine, in every width and every length;
 * wrong docids are refused by all paths alike.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "index/native/pack.h"
#include "tests/support/random.h"

static const ns_pack_path *path; /* in test */

/* The run alone, with its slack, at the end of a piece of memory: reading on is caught. */
static uint8_t *alone(const ns_buffer *b)
{
    uint8_t *copy = malloc(b->size + NS_PACK_SLACK);
    assert_non_null(copy);
    if (b->size)
        memcpy(copy, b->data, b->size);
    memset(copy + b->size, 0xa5, NS_PACK_SLACK);
    return copy;
}

static void check_run(test_random *r, unsigned bits, uint32_t n)
{
    uint32_t in[NS_BLOCK], out[NS_PACK_ROOM];
    ns_buffer b = NS_BUFFER_INIT;
    for (uint32_t i = 0; i < n; i++)
        in[i] = (uint32_t)(test_random_next(r) & ((UINT64_C(1) << bits) - 1));
    ns_bits_put(&b, in, n, bits);
    assert_int_equal(b.size, ns_bits_size(n, bits));
    uint8_t *run = alone(&b);
    for (uint32_t add = 0; add < 2000; add += 1999) {
        path->unpack(run, bits, n, add, out);
        for (uint32_t i = 0; i < n; i++)
            if (out[i] != in[i] + add || ns_bits_get(run, (uint64_t)i * bits, bits) != in[i])
                fail_msg("%s: integer %u of %u in %u bits", path->name, i, n, bits);
        path->unpack_gaps(run, bits, n, add, out);
        for (uint32_t i = 0, sum = add; i < n; i++, sum++)
            if (out[i] != (sum += in[i]))
                fail_msg("%s: gap %u of %u in %u bits", path->name, i, n, bits);
    }
    free(run);
    ns_buffer_release(&b);
}

static void test_runs(void **unused)
{
    (void)unused;
    test_random r = {1};
    for (unsigned bits = 0; bits <= 31; bits++)
        for (uint32_t n = 1; n <= NS_BLOCK; n++)
            check_run(&r, bits, n);
}

static void check_patched(test_random *r, uint32_t n, unsigned bits, unsigned rare)
{
    uint32_t in[NS_BLOCK], out[NS_PACK_ROOM];
    ns_buffer b = NS_BUFFER_INIT;
    for (uint32_t i = 0; i < n; i++)
        in[i] = (uint32_t)test_random_next(r) & ((1u << (test_random_below(r, 10) ? bits : rare)) - 1);
    ns_patched_put(&b, in, n, test_random_below(r, 9));
    uint8_t *run = alone(&b);
    assert_ptr_equal(ns_patched_get(run, run + b.size, n, out), run + b.size);
    assert_memory_equal(in, out, n * sizeof *in);
    for (size_t cut = 0; cut < b.size; cut++)
        assert_null(ns_patched_get(run, run + cut, n, out));
    free(run);
    ns_buffer_release(&b);
}

static void test_patched(void **unused)
{
    (void)unused;
    test_random r = {2};
    for (unsigned bits = 0; bits <= 31; bits++)
        for (unsigned rare = bits; rare <= 31; rare += 3)
            for (uint32_t n = 1; n <= NS_BLOCK; n += n < 20 ? 1 : 7)
                check_patched(&r, n, bits, rare);
    check_patched(&r, NS_BLOCK, 31, 31);
}

static void check_docids(test_random *r, uint32_t n, uint32_t gaps, uint32_t far, uint32_t first)
{
    uint32_t in[NS_BLOCK], out[NS_PACK_ROOM], at = first;
    ns_buffer b = NS_BUFFER_INIT;
    for (uint32_t i = 0; i < n; i++, at++)
        in[i] = at += test_random_below(r, test_random_below(r, 8) ? gaps : far);
    ns_docids_put(&b, in, n, first);
    uint8_t *run = alone(&b);
    uint32_t last = in[n - 1];
    assert_ptr_equal(ns_docids_get(run, run + b.size, n, first, last, 7, out), run + b.size);
    for (uint32_t i = 0; i < n; i++)
        if (out[i] != in[i] + 7)
            fail_msg("%s: docid %u of %u", path->name, i, n);
    assert_null(ns_docids_get(run, run + b.size - 1, n, first, last, 0, out));
    assert_null(ns_docids_get(run, run + b.size, n, first, last + 1, 0, out));
    assert_null(ns_docids_get(run, run + b.size, n, first, first - 1, 0, out));
    /* a changed bit: refused, or docids that still ascend to the same last; on all paths alike */
    for (size_t bit = 0; bit < b.size * 8; bit += 1 + bit / 16) {
        uint32_t plain[NS_PACK_ROOM];
        run[bit / 8] ^= (uint8_t)(1u << bit % 8);
        const uint8_t *end = ns_docids_get(run, run + b.size, n, first, last, 0, out);
        ns_pack_chosen = &ns_pack_plain;
        assert_ptr_equal(ns_docids_get(run, run + b.size, n, first, last, 0, plain), end);
        ns_pack_chosen = path;
        for (uint32_t i = 0; end && i < n; i++) {
            assert_int_equal(out[i], plain[i]);
            assert_true(out[i] >= first && out[i] <= last && (!i || out[i] > out[i - 1]));
        }
        run[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    free(run);
    ns_buffer_release(&b);
}

static void test_docids(void **unused)
{
    (void)unused;
    test_random r = {3};
    for (uint32_t n = 1; n <= NS_BLOCK; n++)
        for (uint32_t gaps = 1; gaps < 1u << 23; gaps = gaps * 3 / 2 + 1) {
            check_docids(&r, n, gaps, gaps, 0);
            check_docids(&r, n, gaps, gaps * 4, 1 + test_random_below(&r, 1u << 30));
        }
}

static int each_path(int (*run)(void))
{
    const ns_pack_path *best = ns_pack_chosen;
    int failed = 0;
    for (const ns_pack_path *const *p = ns_pack_paths; *p; p++) {
        path = *p;
        if (!path->is_supported()) {
            print_message("this machine has no %s\n", path->name);
            continue;
        }
        print_message("path %s\n", path->name);
        ns_pack_chosen = path;
        failed += run();
    }
    ns_pack_chosen = best;
    return failed;
}

static int every_test(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_runs), cmocka_unit_test(test_patched),
                                       cmocka_unit_test(test_docids)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(void)
{
    return each_path(every_test);
}
