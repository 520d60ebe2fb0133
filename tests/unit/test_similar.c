/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_similar.c - edit distances against a plain table, and the near terms of an index against all its
 * terms.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "index/backend.h"
#include "index/similar.h"
#include "tests/support/folder.h"
#include "tests/support/random.h"

#define WORDS 3000
#define LONGEST 9

static char words[WORDS][4 * LONGEST + 2]; /* ascending, none twice, each after 'x' */
static unsigned count;

/* Letters of one, two and three bytes. */
static void random_word(test_random *r, char *out)
{
    static const char *const letters[] = {"a", "b", "\xc3\xa9", "c", "\xe4\xb8\xad"};
    *out = '\0';
    for (uint32_t n = 1 + test_random_below(r, LONGEST); n; n--)
        strcat(out, letters[test_random_skewed(r, 5)]);
}

static unsigned split(const char *word, unsigned *out)
{
    unsigned n = 0;
    for (; *word; word++)
        if (((unsigned char)*word & 0xc0) == 0x80)
            out[n - 1] = out[n - 1] << 8 | (unsigned char)*word;
        else
            out[n++] = (unsigned char)*word;
    return n;
}

/* Optimal string alignment by the whole table. */
static unsigned distance(const char *left, const char *right)
{
    unsigned a[LONGEST + 1], b[LONGEST + 1], t[LONGEST + 2][LONGEST + 2], n = split(left, a),
                                                                          m = split(right, b);
    for (unsigned i = 0; i <= n; i++)
        for (unsigned j = 0; j <= m; j++) {
            unsigned best = i && j ? t[i - 1][j - 1] + (a[i - 1] != b[j - 1]) : i + j;
            if (i && t[i - 1][j] + 1 < best)
                best = t[i - 1][j] + 1;
            if (j && t[i][j - 1] + 1 < best)
                best = t[i][j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && t[i - 2][j - 2] + 1 < best)
                best = t[i - 2][j - 2] + 1;
            t[i][j] = best;
        }
    return t[n][m];
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void make_words(test_random *r)
{
    for (unsigned i = 0; i < WORDS; i++) {
        words[i][0] = 'x';
        random_word(r, words[i] + 1);
    }
    qsort(words, WORDS, sizeof *words, by_bytes);
    count = 1;
    for (unsigned i = 1; i < WORDS; i++)
        if (strcmp(words[i], words[count - 1]) != 0)
            memmove(words[count++], words[i], sizeof *words);
}

static void test_distances(void **unused)
{
    (void)unused;
    test_random r = {5};
    unsigned near = 0, dead_seen = 0;
    make_words(&r);
    for (unsigned round = 0; round < 300; round++) {
        char word[4 * LONGEST + 2];
        static ns_similar s;
        unsigned most = round % 3;
        random_word(&r, word);
        assert_true(ns_similar_init(&s, word, strlen(word), most));
        for (unsigned i = 0; i < count; i++) {
            size_t dead;
            unsigned is = ns_similar_distance(&s, words[i] + 1, strlen(words[i] + 1), &dead);
            unsigned should = distance(word, words[i] + 1);
            if (should <= most ? is != should : is <= most)
                fail_msg("'%s' and '%s': %u, not %u", word, words[i] + 1, is, should);
            near += should <= most;
            dead_seen += dead > 0;
            for (unsigned k = i; dead && k < count && !strncmp(words[k] + 1, words[i] + 1, dead);
                 k += 1 + k / 8)
                assert_true(distance(word, words[k] + 1) > most);
        }
    }
    assert_true(near > 1000 && dead_seen > 1000);
}

static void test_long_words(void **unused)
{
    (void)unused;
    char word[200];
    size_t dead;
    ns_similar *s = malloc(sizeof *s);
    memset(word, 'a', sizeof word);
    assert_false(ns_similar_init(s, word, NS_SIMILAR_CHARS + 1, 2));
    assert_true(ns_similar_init(s, word, NS_SIMILAR_CHARS, 2));
    assert_int_equal(ns_similar_distance(s, word, NS_SIMILAR_CHARS + 2, &dead), 2);
    assert_int_equal(ns_similar_distance(s, word, sizeof word, &dead), 3);
    assert_int_equal(dead, NS_SIMILAR_CHARS + 3);
    assert_true(ns_similar_init(s, "", 0, 2));
    assert_int_equal(ns_similar_distance(s, "ab", 2, &dead), 2);
    free(s);
}

/* Each article has some of the words; every fifth commit leaves a segment. */
static void make_index(const ns_backend *engine, const char *dir)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_store *store;
    assert_int_equal(engine->store_open(dir, NULL, &store, &err), NSEARCH_OK);
    for (unsigned i = 0; i < 20; i++) {
        static ns_term terms[WORDS + 2];
        char id[16];
        uint32_t n = 0;
        snprintf(id, sizeof id, "i%u", i);
        terms[n++] = (ns_term){.key = id, .length = (uint32_t)strlen(id)};
        terms[n++] = (ns_term){.key = "wall", .length = 4, .tf = 1};
        for (unsigned k = i; k < count; k += 20 - i)
            terms[n++] = (ns_term){.key = words[k], .length = (uint32_t)strlen(words[k])};
        ns_passage passage = {terms, n, 1, 0, 0};
        ns_analysed article = {.id = id + 1,
                               .hash = i,
                               .passages = &passage,
                               .passage_count = 1,
                               .stored = (const uint8_t *)"x",
                               .stored_size = 1};
        if (engine->store_add(store, &article, &err))
            fail_msg("%s", err.text);
        if (i % 5 == 4)
            assert_int_equal(engine->store_commit(store, &err), NSEARCH_OK);
    }
    engine->store_close(store);
}

typedef struct answer {
    const char *word;
    unsigned most;
    bool seen[WORDS];
} answer;

static bool take(const char *key, size_t length, uint64_t df, unsigned edits, void *user)
{
    answer *a = user;
    char text[4 * LONGEST + 2];
    assert_true(length < sizeof text && df > 0);
    memcpy(text, key, length);
    text[length] = '\0';
    const char(*found)[sizeof *words] = bsearch(text, words, count, sizeof *words, by_bytes);
    assert_non_null(found);
    assert_int_equal(edits, distance(a->word, text + 1));
    a->seen[found - (const char(*)[sizeof *words])words] = true;
    return true;
}

static void check_engine(const ns_backend *engine)
{
    test_random r = {6};
    char *dir = test_folder_new();
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_snapshot *s;
    make_words(&r);
    make_index(engine, dir);
    assert_int_equal(engine->open(dir, &s, &err), NSEARCH_OK);
    for (unsigned round = 0; round < 60; round++) {
        char word[4 * LONGEST + 2] = "x";
        static answer a;
        memset(&a, 0, sizeof a);
        random_word(&r, word + 1);
        a.word = word + 1;
        a.most = 1 + round % 2;
        assert_int_equal(engine->similar(s, word, strlen(word), a.most, take, &a, &err), NSEARCH_OK);
        for (unsigned i = 0; i < count; i++)
            assert_int_equal(a.seen[i], distance(a.word, words[i] + 1) <= a.most);
    }
    engine->close(s);
    test_folder_remove(dir);
}

static void test_native(void **unused)
{
    (void)unused;
    check_engine(&ns_native_backend);
}

static void test_xapian(void **unused)
{
    (void)unused;
    const ns_backend *engine = ns_backend_named("xapian");
    if (engine)
        check_engine(engine);
    else
        skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_distances), cmocka_unit_test(test_long_words),
                                       cmocka_unit_test(test_native), cmocka_unit_test(test_xapian)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
