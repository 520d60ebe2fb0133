/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_text_memory.c - every allocation of the analysis fails once, and from then on: each call gives the
 * whole answer or NO_MEMORY, and nothing crashes or leaks. Linked with --wrap, so that it is our calls that
 * fail.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/text/stored.h"
#include "tests/support/failing_memory.h"
#include "tests/unit/text_help.h"

/* What a run gave: counts that any lost part would change. */
typedef struct answer {
    uint32_t passages, terms, length;
    size_t stored, mentions, tokens, query_mentions, aliases;
} answer;

static const char names[] = "Meridian News Agency\torg\tMNA|=Meridian\nPort Ansel\tplace\t~Anselian\n";
static char *body; /* enough distinct words that every table grows */
static ns_arena kept = NS_ARENA_INIT;
static ns_article article;

static nsearch_status analyse(ns_workspace *workspace, ns_arena *arena, answer *out, nsearch_error *err)
{
    ns_analysed a;
    nsearch_status status = ns_analyse_article(workspace, &article, &a, err);
    if (status)
        return status;
    out->passages = a.passage_count;
    for (uint32_t i = 0; i < a.passage_count; i++) {
        out->terms += a.passages[i].term_count;
        out->length += a.passages[i].length;
    }
    out->stored = a.stored_size;
    ns_stored stored;
    status = ns_stored_decode(a.stored, a.stored_size, arena, &stored, err);
    ns_mention *mentions;
    int32_t *where;
    if (!status)
        status = ns_analyse_mentions(workspace, &article, arena, &mentions, &where, &out->mentions, err);
    return status;
}

static nsearch_status run(answer *out)
{
    static const char query[] = "did Carla Okonjo leave the MNA in Anselian territory";
    ns_analyser *analyser = NULL;
    ns_workspace *workspace = NULL;
    ns_arena arena = NS_ARENA_INIT;
    ns_tokens tokens;
    const char **aliases;
    nsearch_error err = NSEARCH_ERROR_INIT;
    *out = (answer){0};
    nsearch_status status = ns_analyser_new(names, sizeof names - 1, &analyser, &err);
    if (!status)
        status = ns_workspace_new(analyser, &workspace, &err);
    if (!status)
        status = analyse(workspace, &arena, out, &err);
    if (!status)
        status = ns_analyse_query(workspace, query, sizeof query - 1, &arena, &tokens, &err);
    if (!status) {
        out->tokens = tokens.count;
        out->query_mentions = tokens.mention_count;
        status =
            ns_gazetteer_aliases(analyser, "meridian news agency", &arena, &aliases, &out->aliases, &err);
    }
    assert_int_equal(status, err.status);
    ns_workspace_free(workspace);
    ns_analyser_free(analyser);
    ns_arena_release(&arena);
    return status;
}

static void every_allocation(void **state)
{
    (void)state;
    answer whole, got;
    assert_int_equal(run(&whole), NSEARCH_OK);
    assert_true(whole.mentions >= 3 && whole.query_mentions == 3 && whole.aliases == 2);
    for (int on = 0; on < 2; on++) {
        size_t points = 0, failed = 0;
        for (long n = 1;; n++) {
            failing_memory_begin(n, on);
            nsearch_status status = run(&got);
            if (failing_memory_end() < n)
                break;
            points++;
            failed += status == NSEARCH_NO_MEMORY;
            assert_true(status == NSEARCH_OK || status == NSEARCH_NO_MEMORY);
            if (status == NSEARCH_OK)
                assert_memory_equal(&got, &whole, sizeof got);
        }
        print_message("%zu allocations, %zu failures told\n", points, failed);
        assert_true(points >= 40);
        assert_true(failed * 10 >= points * 9);
    }
}

static int make_body(void **state)
{
    enum { WORDS = 12000 };
    (void)state;
    body = malloc(WORDS * 12);
    if (!body)
        return -1;
    char *at = body;
    for (unsigned i = 0; i < WORDS; i++) {
        unsigned v = i * 2654435761u;
        *at++ = i % 5 ? 'a' : 'B';
        for (int k = 0; k < 6; k++, v /= 26)
            *at++ = (char)('a' + v % 26);
        *at++ = i % 17 ? ' ' : '.';
        *at++ = ' ';
    }
    *at = '\0';
    article = text_help_article(&kept, "Meridian names Carla Okonjo", body);
    return 0;
}

static int free_body(void **state)
{
    (void)state;
    free(body);
    ns_arena_release(&kept);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation)};
    return cmocka_run_group_tests(tests, make_body, free_body);
}
