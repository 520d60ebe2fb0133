/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_sieve.c - a sieve lets every passage pass that holds the phrase, whatever the phrase, and keeps back many that do not.
 * NSEARCH_TEST_SEED repeats a run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "index/backend.h"
#include "src/query/match_part.h"
#include "src/query/select.h"
#include "src/query/sieve.h"
#include "tests/unit/model.h"

enum { PHRASES = 300, WORDS = 4 };

static uint64_t first_seed;

static void must(nsearch_status status, const nsearch_error *err)
{
    if (status)
        fail_msg("seed %llu: status %d: %s", (unsigned long long)first_seed, (int)status, err->text);
}

typedef struct phrase {
    ns_filter leaf, words[WORDS], *children[WORDS];
    char keys[WORDS][16];
    uint32_t offsets[WORDS];
} phrase;

/* Frequent words, some twice, some with a gap between. */
static void make_phrase(phrase *p, uint64_t *seed)
{
    size_t n = 2 + model_random(seed) % (WORDS - 1);
    *p = (phrase){.leaf = {.kind = NS_FILTER_PHRASE, .child_count = n}};
    p->leaf.children = p->children;
    for (size_t i = 0; i < n; i++) {
        uint32_t length = model_word((uint32_t)(model_random(seed) % 12), NS_TERM_STEM, p->keys[i]);
        p->words[i] = (ns_filter){.kind = NS_FILTER_TERM, .key = p->keys[i], .key_length = length};
        p->children[i] = &p->words[i];
        p->offsets[i] = i ? p->offsets[i - 1] + 1 + (uint32_t)(model_random(seed) % 40 == 0) : 0;
    }
    p->leaf.offsets = model_random(seed) % 2 ? p->offsets : NULL;
}

static void check_part(ns_part_match *m, ns_maxima_cache *cache, const ns_filter *leaf, uint64_t counts[2])
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_selector *selector;
    ns_sieve sieve;
    must(ns_sieve_open(m, cache, leaf, UINT64_MAX, &sieve, &err), &err);
    must(ns_selector_open(m->snapshot, m->number, leaf, m->arena, &selector, &err), &err);
    for (uint32_t docid = m->part.docid_begin; docid < m->part.docid_end; docid++) {
        bool passes = ns_sieve_passes(&sieve, docid);
        if (ns_selector_holds(selector, docid)) {
            if (!passes)
                fail_msg("seed %llu: passage %u is kept back", (unsigned long long)first_seed, docid);
        } else
            counts[passes]++;
    }
    ns_selector_close(selector);
    ns_sieve_close(cache, &sieve);
}

static void check_engine(const ns_backend *backend, size_t articles)
{
    char dir[] = "/tmp/nsearch-test-sieve-XXXXXX", command[64];
    nsearch_error err = NSEARCH_ERROR_INIT;
    const ns_store_options options = {.memory_mb = 64, .threads = 1};
    uint64_t seed = first_seed, counts[2] = {0, 0};
    ns_store *store;
    ns_snapshot *s;
    model m;
    assert_non_null(mkdtemp(dir));
    model_make(&m, articles, 3, 40, &seed);
    must(backend->store_open(dir, &options, &store, &err), &err);
    for (size_t i = 0; i < m.count; i++)
        must(backend->store_add(store, &m.articles[i].analysed, &err), &err);
    must(backend->store_commit(store, &err), &err);
    backend->store_close(store);
    must(backend->open(dir, &s, &err), &err);
    ns_maxima_cache *cache = ns_maxima_cache_new(1 << 20, 0);
    assert_non_null(cache);
    for (int i = 0; i < PHRASES; i++) {
        ns_arena arena = NS_ARENA_INIT;
        phrase p;
        make_phrase(&p, &seed);
        ns_part_match part = {.snapshot = s, .arena = &arena};
        for (; part.number < backend->part_count(s); part.number++) {
            backend->part(s, part.number, &part.part);
            check_part(&part, cache, &p.leaf, counts);
        }
        ns_arena_release(&arena);
    }
    print_message("%s: %llu of %llu passages without the phrase kept back\n", backend->name, (unsigned long long)counts[0],
                  (unsigned long long)(counts[0] + counts[1]));
    assert_true(counts[0] > counts[1]);
    ns_maxima_cache_free(cache);
    backend->close(s);
    model_release(&m);
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    assert_int_equal(system(command), 0);
}

static void native(void **state)
{
    (void)state;
    check_engine(&ns_native_backend, 1500);
}

#ifdef NS_WITH_XAPIAN
static void xapian(void **state) /* it tells positions one posting at a time */
{
    (void)state;
    check_engine(&ns_xapian_backend, 400);
}
#endif

int main(void)
{
    const char *seed = getenv("NSEARCH_TEST_SEED");
    first_seed = seed ? strtoull(seed, NULL, 10) : (uint64_t)time(NULL) * 2654435761u | 1;
    print_message("seed %llu\n", (unsigned long long)first_seed);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(native),
#ifdef NS_WITH_XAPIAN
        cmocka_unit_test(xapian),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
