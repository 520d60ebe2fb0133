/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * explain.c - plans and scores as text.
 */
#include "src/query/explain.h"

#include <inttypes.h>
#include <string.h>

#include "src/base/buffer.h"
#include "src/base/day.h"
#include "src/text/analysed.h"

static const char *kind_name(char kind)
{
    switch (kind) {
    case NS_TERM_STEM:
        return "word";
    case NS_TERM_EXACT:
        return "form";
    case NS_TERM_TITLE:
        return "title";
    case NS_TERM_TITLE_EXACT:
        return "title form";
    case NS_TERM_ENTITY:
        return "name";
    case NS_TERM_WITHIN:
        return "within";
    case NS_TERM_PERSON:
        return "person";
    case NS_TERM_PLACE:
        return "place";
    case NS_TERM_ORG:
        return "org";
    case NS_TERM_SOURCE:
        return "source";
    case NS_TERM_BYLINE:
        return "by";
    case NS_TERM_SPEAKER:
        return "speaker";
    }
    return "term";
}

static void add_key(ns_buffer *b, const char *key, uint32_t n)
{
    ns_buffer_printf(b, "%s:%.*s", kind_name(key[0]), (int)n - 1, key + 1);
}

static void add_days(ns_buffer *b, const ns_filter *f)
{
    char first[11], last[11];
    ns_day_format(f->first_day, first);
    ns_day_format(f->last_day, last);
    ns_buffer_printf(b, "days %s to %s", first, last);
}

#define CHILDREN_TOLD 8

static void add_place(ns_buffer *b, const ns_place *place)
{
    static const char *const letters[] = {"", " in small letters", " with a capital", " in capitals"};
    const char *name = "";
    switch (place->kind) {
    case NS_PLACE_WORD:
        add_key(b, place->key, place->key_length);
        ns_buffer_printf(b, "%s", letters[place->letters]);
        return;
    case NS_PLACE_ANY:
        name = "any of";
        break;
    case NS_PLACE_SEQUENCE:
        name = "phrase";
        break;
    case NS_PLACE_NEAR:
    case NS_PLACE_BEFORE:
        ns_buffer_printf(b, "%swithin %u words ", place->kind == NS_PLACE_BEFORE ? "in order " : "", place->distance);
        break;
    case NS_PLACE_SENTENCE:
        name = "one sentence";
        break;
    case NS_PLACE_PARAGRAPH:
        name = "one paragraph";
        break;
    case NS_PLACE_QUOTATION:
        name = "one quotation";
        break;
    case NS_PLACE_LEAD:
        name = "headline and lead";
        break;
    }
    ns_buffer_printf(b, "%s (", name);
    for (size_t i = 0; i < place->child_count && i < CHILDREN_TOLD; i++) {
        ns_buffer_printf(b, i ? " " : "");
        add_place(b, place->children[i]);
    }
    if (place->child_count > CHILDREN_TOLD)
        ns_buffer_printf(b, " %zu more", place->child_count - CHILDREN_TOLD);
    for (size_t i = 0; i < place->speaker_count && i < CHILDREN_TOLD; i++) {
        ns_buffer_printf(b, i ? " " : " by ");
        add_place(b, place->speakers[i]);
    }
    ns_buffer_printf(b, ")");
}

static void add_filter(ns_buffer *b, const ns_filter *f)
{
    const char *between = NULL;
    switch (f->kind) {
    case NS_FILTER_ALL:
        ns_buffer_printf(b, "all");
        return;
    case NS_FILTER_NONE:
        ns_buffer_printf(b, "none");
        return;
    case NS_FILTER_TERM:
        add_key(b, f->key, f->key_length);
        return;
    case NS_FILTER_DAYS:
        add_days(b, f);
        return;
    case NS_FILTER_PLACES:
        if (f->least > 1)
            ns_buffer_printf(b, "%u times ", f->least);
        add_place(b, f->place);
        return;
    case NS_FILTER_NOT:
        ns_buffer_printf(b, "not ");
        add_filter(b, f->children[0]);
        return;
    case NS_FILTER_AND:
        between = " and ";
        break;
    case NS_FILTER_OR:
        between = " or ";
        break;
    case NS_FILTER_PHRASE:
        ns_buffer_printf(b, "phrase ");
        between = " ";
        break;
    }
    ns_buffer_printf(b, "(");
    for (size_t i = 0; i < f->child_count && i < CHILDREN_TOLD; i++) {
        if (i)
            ns_buffer_printf(b, "%s", between);
        add_filter(b, f->children[i]);
    }
    if (f->child_count > CHILDREN_TOLD)
        ns_buffer_printf(b, "%s%zu more", between, f->child_count - CHILDREN_TOLD);
    ns_buffer_printf(b, ")");
}

static const char *finish(ns_buffer *b, ns_arena *arena)
{
    const char *text = b->failed ? NULL : ns_arena_copy(arena, b->data, b->size);
    ns_buffer_release(b);
    return text;
}

const char *ns_explain_query(const ns_built *built, ns_arena *arena)
{
    ns_buffer b = NS_BUFFER_INIT;
    for (size_t i = 0; i < built->term_count; i++) {
        const ns_query_term *t = &built->terms[i];
        add_key(&b, t->key, t->key_length);
        ns_buffer_printf(&b, "  in %" PRIu64 " of %" PRIu64 " texts  idf %.4f  x %.4g = weight %.4f\n", t->texts,
                         built->texts, t->idf, t->count, t->idf * t->count);
    }
    if (built->plan.filter) {
        ns_buffer_printf(&b, "only articles with ");
        add_filter(&b, built->plan.filter);
        ns_buffer_printf(&b, "\n");
    }
    return finish(&b, arena);
}

const char *ns_explain_article(const ns_scored_article *a, ns_arena *arena)
{
    ns_buffer b = NS_BUFFER_INIT;
    ns_buffer_printf(&b, "%10.4f  best passage, BM25 of words and names\n", a->first);
    if (a->article != 0 || a->proximity != 0) {
        ns_buffer_printf(&b, "%10.4f  whole article, BM25 x %g\n", a->article, NS_WEIGHT_ARTICLE);
        ns_buffer_printf(&b, "%10.4f  words that stand together in that passage\n", a->proximity);
    }
    if (a->recency != 1)
        ns_buffer_printf(&b, "%10.4f  times this for its age\n", a->recency);
    ns_buffer_printf(&b, "%10.4f  score\n", a->score);
    for (size_t i = 0; i < a->passage_count; i++)
        ns_buffer_printf(&b, "%10.4f + %.4f  passage %" PRIu32 "\n", a->passages[i].score, a->passages[i].proximity,
                         a->passages[i].docid - a->columns.article + 1);
    return finish(&b, arena);
}

/* ---- what was meant by a word that no article has */

typedef struct suggestion {
    char text[NS_TERM_MAX + 1];
    uint64_t df;
    unsigned edits;
} suggestion;

/* The fewest edits, then the most passages. */
static bool take_similar(const char *key, size_t length, uint64_t df, unsigned edits, void *user)
{
    suggestion *s = user;
    if (!s->df || edits < s->edits || (edits == s->edits && df > s->df)) {
        memcpy(s->text, key + 1, length - 1);
        s->text[length - 1] = '\0';
        s->df = df;
        s->edits = edits;
    }
    return true;
}

/* Short words are like too many others. */
static bool suggest(ns_snapshot *snapshot, const char *word, suggestion *s)
{
    char key[NS_TERM_MAX];
    size_t n = strlen(word);
    if (n < 4 || n >= NS_TERM_MAX)
        return false;
    key[0] = NS_TERM_EXACT;
    memcpy(key + 1, word, n);
    s->df = 0;
    return !snapshot->backend->similar(snapshot, key, n + 1, n < 8 ? 1 : 2, take_similar, s, NULL) && s->df;
}

static void note_missing(ns_snapshot *snapshot, const char *word, ns_notes *notes)
{
    suggestion s;
    if (suggest(snapshot, word, &s))
        ns_note(notes, "no article has '%s'; did you mean '%s'?", word, s.text);
    else
        ns_note(notes, "no article has '%s'", word);
}

void ns_explain_nothing(ns_snapshot *snapshot, const ns_built *built, ns_notes *notes)
{
    size_t missing = 0, words = 0;
    ns_snapshot_stats stats;
    if (!snapshot->backend->stats(snapshot, &stats, NULL) && !stats.articles) {
        ns_note(notes, "the index is empty: nothing was committed to it yet, or all was removed");
        return;
    }
    for (size_t i = 0; i < built->term_count; i++) {
        const ns_query_term *t = &built->terms[i];
        if (t->key[0] != NS_TERM_STEM)
            continue;
        words++;
        if (!t->df && missing++ < 8)
            note_missing(snapshot, t->shown, notes);
    }
    if (missing < words)
        for (size_t i = 0, told = 0; i < built->term_count && told < 8; i++) {
            const ns_query_term *t = &built->terms[i];
            if (t->key[0] == NS_TERM_STEM && t->df) {
                ns_note(notes, "'%s' alone is in %" PRIu64 " text%s", t->shown, t->texts, t->texts == 1 ? "" : "s");
                told++;
            }
        }
    else if (!words && !built->plan.filter)
        ns_note(notes, "there is no word to search for");
    else if (!words)
        ns_note(notes, "no article satisfies the restrictions");
}
