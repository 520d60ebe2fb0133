/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_parse.c - queries and how they are read: each case gives the tree as text. Then random bytes: every input
 * has a reading, in bounded time and memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "src/base/buffer.h"
#include "src/base/day.h"
#include "src/query/parse.h"

static void dump(ns_buffer *out, const ns_node *node);

static void dump_children(ns_buffer *out, const char *name, const ns_node *node)
{
    ns_buffer_printf(out, "(%s", name);
    for (const ns_node *c = node->child; c; c = c->next) {
        ns_buffer_printf(out, " ");
        if (node->kind == NS_NODE_GROUP && c->occur != NS_SHOULD)
            ns_buffer_printf(out, c->occur == NS_MUST ? "+" : "-");
        dump(out, c);
    }
    ns_buffer_printf(out, ")");
}

static void dump(ns_buffer *out, const ns_node *node)
{
    static const char *const fields[] = {"title", "source", "by", "entity", "person", "place", "org"};
    static const char *const cases[] = {"case", "caps", "nocaps", "allcaps"};
    char first[11], last[11];
    switch (node->kind) {
    case NS_NODE_WORDS:
        ns_buffer_printf(out, "<%.*s>", (int)node->length, node->text);
        break;
    case NS_NODE_PHRASE:
        ns_buffer_printf(out, "\"%.*s\"", (int)node->length, node->text);
        break;
    case NS_NODE_PREFIX:
        ns_buffer_printf(out, "%.*s*", (int)node->length, node->text);
        break;
    case NS_NODE_FIELD:
        ns_buffer_printf(out, "%s:%s%.*s", fields[node->field], node->quoted ? "=" : "", (int)node->length,
                         node->text);
        break;
    case NS_NODE_DAYS:
        ns_day_format(node->first_day, first);
        ns_day_format(node->last_day, last);
        ns_buffer_printf(out, "%s..%s", first, last);
        break;
    case NS_NODE_NEAR:
    case NS_NODE_BEFORE:
    case NS_NODE_ATLEAST:
        ns_buffer_printf(out, "%u", node->window);
        dump_children(out, node->kind == NS_NODE_NEAR ? "near" : node->kind == NS_NODE_BEFORE ? "before" : "times",
                      node);
        break;
    case NS_NODE_SENTENCE:
        dump_children(out, "sentence", node);
        break;
    case NS_NODE_PARAGRAPH:
        dump_children(out, "paragraph", node);
        break;
    case NS_NODE_LEAD:
        dump_children(out, "lead", node);
        break;
    case NS_NODE_CASE:
        dump_children(out, cases[node->letters], node);
        break;
    case NS_NODE_SAID:
        if (node->speaker)
            ns_buffer_printf(out, "%.*s:", (int)node->speaker_length, node->speaker);
        dump_children(out, "said", node);
        break;
    case NS_NODE_AND:
        dump_children(out, "and", node);
        break;
    case NS_NODE_OR:
        dump_children(out, "or", node);
        break;
    case NS_NODE_NOT:
        dump_children(out, "not", node);
        break;
    case NS_NODE_GROUP:
        dump_children(out, "group", node);
        break;
    }
}

static void assert_tree(const char *query, const char *tree, size_t notes_wanted)
{
    ns_arena arena = NS_ARENA_INIT;
    ns_notes notes = {.arena = &arena};
    ns_node *root;
    ns_buffer out = NS_BUFFER_INIT;
    int32_t today, last;
    assert_true(ns_day_parse_iso("2024-03-15", &today, &last));
    assert_int_equal(ns_parse(query, false, today, &arena, &notes, &root, NULL), NSEARCH_OK);
    for (const ns_node *c = root->child; c; c = c->next) {
        if (c != root->child)
            ns_buffer_printf(&out, " ");
        if (c->occur != NS_SHOULD)
            ns_buffer_printf(&out, c->occur == NS_MUST ? "+" : "-");
        dump(&out, c);
    }
    ns_buffer_add_byte(&out, 0);
    assert_string_equal(out.data, tree);
    assert_int_equal(notes.count, notes_wanted);
    ns_buffer_release(&out);
    ns_arena_release(&arena);
}

static void test_words_and_operators(void **state)
{
    (void)state;
    assert_tree("artillery shells", "<artillery shells>", 0);
    assert_tree("kim \"pay a price\" putin", "<kim> +\"pay a price\" <putin>", 0);
    assert_tree("+must -not word", "+<must> -<not> <word>", 0);
    assert_tree("a AND b OR c", "+(or (and <a> <b>) <c>)", 0);
    assert_tree("a AND (b OR c)", "+(and <a> (group +(or <b> <c>)))", 0);
    assert_tree("a AND NOT b", "+(and <a> (not <b>))", 0);
    assert_tree("NOT kim", "-<kim>", 0);
    assert_tree("tank NEAR/3 shell NEAR/5 gun", "+5(near 3(near <tank> <shell>) <gun>)", 0);
    assert_tree("tank NEAR gun", "+10(near <tank> <gun>)", 0);
    assert_tree("missil*", "+missil*", 0);
    assert_tree("(kim putin)", "(group <kim putin>)", 0);
    assert_tree("\xe2\x80\x9cpay a price\xe2\x80\x9d", "+\"pay a price\"", 0);
    assert_tree("-\"pay a price\" kim", "-\"pay a price\" <kim>", 0);
}

static void test_places(void **state)
{
    (void)state;
    assert_tree("a w/5 b", "+5(near <a> <b>)", 0);
    assert_tree("a W/5 b", "+5(near <a> <b>)", 0);
    assert_tree("a /5 b", "+5(near <a> <b>)", 0);
    assert_tree("a near/5 b", "+5(near <a> <b>)", 0);
    assert_tree("a pre/2 b PRE/3 c", "+3(before 2(before <a> <b>) <c>)", 0);
    assert_tree("a /s b /s c", "+(sentence <a> <b> <c>)", 0);
    assert_tree("a w/3 b /s c w/p d AND e", "+(and (paragraph (sentence 3(near <a> <b>) <c>) <d>) <e>)", 0);
    assert_tree("(a OR b) /S \"c d\"", "+(sentence (group +(or <a> <b>)) \"c d\")", 0);
    assert_tree("x* /p NOT y", "+(paragraph x* (not <y>))", 0);
    assert_tree("atleast5(kim) atl2(a OR b)", "+5(times (group <kim>)) +2(times (group +(or <a> <b>)))", 0);
    assert_tree("caps(who) ALLCAPS(aids) nocaps(may)",
                "+(caps (group <who>)) +(allcaps (group <aids>)) +(nocaps (group <may>))", 0);
    assert_tree("case:Turkey case:\"White House\"", "+(case <Turkey>) +(case \"White House\")", 0);
    assert_tree("hlead:(kim putin) lead:train", "+(lead (group <kim putin>)) +(lead <train>)", 0);
}

static void test_said(void **state)
{
    (void)state;
    assert_tree("said:\"pay a price\"", "+(said \"pay a price\")", 0);
    assert_tree("said:price by:\"Matthew Miller\"", "+Matthew Miller:(said <price>)", 0);
    assert_tree("by:miller said:price kim", "+miller:(said <price>) <kim>", 0);
    assert_tree("said:price AND by:miller AND kim", "+(and miller:(said <price>) <kim>)", 0);
    assert_tree("by:miller price", "+by:miller <price>", 0);
    assert_tree("said:price byline:miller", "+(said <price>) +by:miller", 0);
    assert_tree("said:price -by:miller", "+(said <price>) -by:miller", 0);
    assert_tree("speaker:miller", "+miller:(said)", 0);
    assert_tree("speaker:miller said:(a b)", "+miller:(said (group <a b>))", 0);
    assert_tree("said:(a w/3 b)", "+(said (group +3(near <a> <b>)))", 0);
    assert_tree("he said: no", "<he said: no>", 0);
    assert_tree("said:", "<said:>", 0);
}

static void test_fields_and_dates(void **state)
{
    (void)state;
    assert_tree("title:summit kim", "+title:summit <kim>", 0);
    assert_tree("source:\"The Times\"", "+source:=The Times", 0);
    assert_tree("-person:(kim jong un)", "-person:kim jong un", 0);
    assert_tree("by:smith org:UN place:Seoul entity:DPRK", "+by:smith +org:UN +place:Seoul +entity:DPRK", 0);
    assert_tree("date:2023-09", "+2023-09-01..2023-09-30", 0);
    assert_tree("after:2023-09-11", "+2023-09-11..9999-12-31", 0);
    assert_tree("before:2023", "+1000-01-01..2023-12-31", 0);
    assert_tree("date:yesterday", "+2024-03-14..2024-03-14", 0);
    assert_tree("date:never kim", "<kim>", 1);
    assert_tree("date:9999999999..-1", "", 1);
}

static void test_ordinary_text(void **state)
{
    (void)state;
    assert_tree("artillery AND", "<artillery>", 1);
    assert_tree("AND OR", "", 2);
    assert_tree("", "", 0);
    assert_tree("\"pay a price", "<pay a price>", 1);
    assert_tree("5\" gun", "<5\" gun>", 1);
    assert_tree("(kim", "(group <kim>)", 1);
    assert_tree("kim) putin", "<kim> <putin>", 1);
    assert_tree("http://example.org/x 12:30 re: title", "<http://example.org/x 12:30 re: title>", 0);
    assert_tree("title: nothing", "<title: nothing>", 0);
    assert_tree("C++ - Covid -19 a-b +-", "<C++ - Covid -19 a-b +->", 0);
    assert_tree("* a*", "<*> +a*", 0);
    assert_tree("rock and roll or not", "<rock and roll or not>", 0);
    assert_tree("NEAR/99999999999 x", "<x>", 1);
    assert_tree("a NEAR/99999999999 x", "+1000(near <a> <x>)", 0);
    assert_tree("that was fun /s", "<that was fun>", 1);
    assert_tree("/p a", "<a>", 1);
    assert_tree("w/o and/or 24/7 n/a w/e /r/news caps atleast5 atleast (x)",
                "<w/o and/or 24/7 n/a w/e /r/news caps atleast5 atleast> (group <x>)", 0);
    assert_tree("atleast5() caps()", "+5(times (group)) +(caps (group))", 0);
}

static void test_plain_has_no_operators(void **state)
{
    ns_arena arena = NS_ARENA_INIT;
    ns_notes notes = {.arena = &arena};
    ns_node *root;
    (void)state;
    assert_int_equal(ns_parse("+a AND \"b\" title:c -d", true, 0, &arena, &notes, &root, NULL), NSEARCH_OK);
    assert_int_equal(root->child->kind, NS_NODE_WORDS);
    assert_int_equal(root->child->length, strlen("+a AND \"b\" title:c -d"));
    assert_null(root->child->next);
    ns_arena_release(&arena);
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* One piece over and over, up to the longest query there is. */
static void test_bombs(void **state)
{
    static const char *const pieces[] = {"(", ")", "\"", "a ", "a OR ", "NOT ", "-", "+a ", "\"a\" ", "title:",
                                         "a NEAR ", "a /s ", "a w/3 ", "(a /p ", "atleast2(", "said:(", "said:a by:b ", "case:(", "((a AND ", "\xff", "\xe2\x80\x9c", "-(", "title:(", "a* ", "AND "};
    (void)state;
    char *query = malloc((1 << 20) + 16);
    assert_non_null(query);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        size_t n = 0, length = strlen(pieces[i]);
        while (n + length <= 1 << 20) {
            memcpy(query + n, pieces[i], length);
            n += length;
        }
        query[n] = '\0';
        ns_arena arena = NS_ARENA_INIT;
        ns_notes notes = {.arena = &arena};
        ns_node *root;
        double begin = seconds();
        assert_int_equal(ns_parse(query, false, 0, &arena, &notes, &root, NULL), NSEARCH_OK);
        assert_true(seconds() - begin < 2);
        assert_true(arena.total < 64u << 20);
        ns_arena_release(&arena);
    }
    free(query);
}

static void test_random_bytes(void **state)
{
    static const char *const pieces[] = {"(", ")", "\"", " ", "a", "b ", " AND ", " OR ", " NOT ", "-", "+",
                                         "title:", "date:", "2023", "NEAR/2 ", " /s ", " w/3 ", "caps(", "said:", "by:", "*", "\xe2\x80\x9d", "\xff", ":", "'"};
    (void)state;
    unsigned seed = (unsigned)time(NULL);
    print_message("seed %u\n", seed);
    srand(seed);
    for (int round = 0; round < 20000; round++) {
        char query[256];
        size_t n = 0;
        for (int k = rand() % 24; k > 0; k--) {
            const char *piece = pieces[(size_t)rand() % (sizeof pieces / sizeof *pieces)];
            memcpy(query + n, piece, strlen(piece));
            n += strlen(piece);
        }
        query[n] = '\0';
        ns_arena arena = NS_ARENA_INIT;
        ns_notes notes = {.arena = &arena};
        ns_node *root = NULL;
        assert_int_equal(ns_parse(query, false, 0, &arena, &notes, &root, NULL), NSEARCH_OK);
        assert_non_null(root);
        ns_arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_and_operators), cmocka_unit_test(test_fields_and_dates),
        cmocka_unit_test(test_places),              cmocka_unit_test(test_said),
        cmocka_unit_test(test_ordinary_text),       cmocka_unit_test(test_plain_has_no_operators),
        cmocka_unit_test(test_bombs),               cmocka_unit_test(test_random_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
