/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_xapian_words.c - the words of a passage come back as they were: random passages with few and with thousands of terms, some
 * without positions, some with many at one place and far apart; what is damaged or cut short is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "index/xapian/xapian_words.h"
#include "tests/support/instrumented.h"
#include "tests/support/random.h"

static ns_passage make_passage(test_random *r, uint32_t terms, ns_arena *arena)
{
    ns_term *list = ns_arena_zero(arena, (terms + 1) * sizeof *list);
    assert_non_null(list);
    for (uint32_t i = 0; i < terms; i++) {
        uint32_t n = test_random_below(r, 3) ? test_random_below(r, 6) : 0, at = 0;
        uint32_t *positions = ns_arena_array(arena, n + 1, sizeof *positions);
        assert_non_null(positions);
        for (uint32_t k = 0; k < n; k++)
            positions[k] = at += test_random_below(r, 8) ? test_random_below(r, 40) + (k > 0) : 1 + test_random_below(r, 70000);
        list[i].key = ns_arena_printf(arena, "w%u-%u", i, test_random_below(r, 1000000));
        list[i].length = (uint32_t)strlen(list[i].key);
        list[i].tf = n + 1;
        list[i].positions = positions;
        list[i].position_count = n;
    }
    return (ns_passage){.terms = list, .term_count = terms};
}

static void check_passage(const ns_passage *passage, const ns_buffer *value)
{
    ns_buffer got = NS_BUFFER_INIT;
    for (uint32_t i = 0; i < passage->term_count; i++) {
        const ns_term *t = &passage->terms[i];
        ns_buffer_clear(&got);
        ns_xapian_words_find(value->data, value->size, t->key, t->length, &got);
        assert_int_equal(got.size / sizeof(uint32_t), t->position_count);
        if (t->position_count)
            assert_memory_equal(got.data, t->positions, got.size);
    }
    ns_buffer_release(&got);
}

static void words_come_back(void **state)
{
    (void)state;
    test_random r = {11};
    size_t without = 0;
    for (int round = 0; round < (INSTRUMENTED ? 200 : 600); round++) {
        ns_arena arena = NS_ARENA_INIT;
        ns_buffer value = NS_BUFFER_INIT;
        uint32_t terms = round % 20 ? test_random_below(&r, 500) : test_random_below(&r, 4000);
        ns_passage passage = make_passage(&r, terms, &arena);
        assert_true(ns_xapian_words_encode(&passage, (uint32_t)round, &arena, &value));
        without += !value.size;
        assert_true(value.size || terms > 500);
        if (value.size) {
            assert_true(ns_xapian_words_check(value.data, value.size, (uint32_t)round));
            assert_false(ns_xapian_words_check(value.data, value.size, (uint32_t)round + 1));
            check_passage(&passage, &value);
        }
        ns_buffer_release(&value);
        ns_arena_release(&arena);
    }
    assert_true(without > 0); /* passages that no seed tells apart were met, too */
}

static void damage_is_refused(void **state)
{
    (void)state;
    test_random r = {3};
    ns_arena arena = NS_ARENA_INIT;
    ns_buffer value = NS_BUFFER_INIT;
    ns_passage passage = make_passage(&r, 60, &arena);
    assert_true(ns_xapian_words_encode(&passage, 9, &arena, &value));
    for (size_t n = 0; n < value.size; n++) {
        uint8_t *exact = malloc(n + 1); /* reading past it is seen by the sanitizers */
        assert_non_null(exact);
        memcpy(exact, value.data, n);
        assert_false(ns_xapian_words_check(exact, n, 9));
        free(exact);
    }
    for (size_t i = 0; i < value.size; i++) {
        value.data[i] ^= 0x10;
        assert_false(ns_xapian_words_check(value.data, value.size, 9));
        value.data[i] ^= 0x10;
    }
    ns_buffer_release(&value);
    ns_arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(words_come_back), cmocka_unit_test(damage_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
