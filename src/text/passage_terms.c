/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * passage_terms.c - words of a passage to terms with positions. Words are numbers here: a word is found again by
 * a stamp in the lexicon, not by hashing.
 */
#include "src/text/passage_terms.h"

#include <stdlib.h>
#include <string.h>

#include "src/text/fold.h"

typedef struct ns_local {
    uint32_t word;   /* in the lexicon */
    uint32_t count;  /* tokens in the passage */
    uint32_t single; /* stems: the only local word that gives it, or UINT32_MAX */
    bool in_title;
    uint32_t *positions;
} ns_local;

bool ns_term_list_add(ns_term_list *list, ns_arena *arena, ns_term term)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 4;
        ns_term *items = ns_arena_array(arena, capacity, sizeof *items);
        if (!items)
            return false;
        if (list->count)
            memcpy(items, list->items, list->count * sizeof *items);
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->count++] = term;
    return term.key != NULL;
}

ns_term ns_term_make(ns_arena *arena, char kind, const char *text, size_t length, uint32_t tf)
{
    length = ns_utf8_cut(text, length, NS_TERM_MAX - 1);
    char *key = ns_arena_take(arena, length + 2);
    if (key) {
        key[0] = kind;
        memcpy(key + 1, text, length);
        key[length + 1] = '\0';
    }
    return (ns_term){key, (uint32_t)length + 1, tf, NULL, 0, 0};
}

ns_term ns_term_of_word(ns_arena *arena, const ns_lexicon *lexicon, char kind, uint32_t word)
{
    ns_term term = ns_term_make(arena, kind, lexicon->words[word].text, lexicon->words[word].length, 0);
    term.number = ns_lexicon_number(word, kind);
    return term;
}

static int compare_terms(const void *a, const void *b)
{
    const ns_term *x = a, *y = b;
    size_t n = x->length < y->length ? x->length : y->length;
    int order = memcmp(x->key, y->key, n);
    return order ? order : (x->length > y->length) - (x->length < y->length);
}

void ns_term_list_sort(ns_term_list *list)
{
    if (list->count < 2)
        return;
    if (list->count < 48) {
        for (size_t i = 1; i < list->count; i++) {
            ns_term term = list->items[i];
            size_t k = i;
            for (; k > 0 && compare_terms(&list->items[k - 1], &term) > 0; k--)
                list->items[k] = list->items[k - 1];
            list->items[k] = term;
        }
    } else {
        qsort(list->items, list->count, sizeof *list->items, compare_terms);
    }
    size_t kept = 0;
    for (size_t i = 1; i < list->count; i++) {
        ns_term *last = &list->items[kept];
        const ns_term *term = &list->items[i];
        if (compare_terms(last, term)) {
            list->items[++kept] = *term;
            continue;
        }
        last->tf += term->tf;
        if (!last->position_count) {
            last->positions = term->positions;
            last->position_count = term->position_count;
        }
    }
    list->count = kept + 1;
}

static bool reserve(ns_term_scratch *scratch, size_t wanted)
{
    if (wanted <= scratch->capacity)
        return true;
    ns_term_scratch grown = {malloc(wanted * sizeof(ns_local)),
                             malloc(wanted * sizeof(ns_local)),
                             wanted,
                             scratch->stamp};
    if (!grown.words || !grown.stems) {
        ns_term_scratch_release(&grown);
        return false;
    }
    ns_term_scratch_release(scratch);
    *scratch = grown;
    return true;
}

void ns_term_scratch_release(ns_term_scratch *scratch)
{
    uint32_t stamp = scratch->stamp;
    free(scratch->words);
    free(scratch->stems);
    *scratch = (ns_term_scratch){.stamp = stamp};
}

/* The distinct words and stems of the tokens with their counts. */
typedef struct distinct {
    size_t words, stems;
} distinct;

static bool count_words(ns_lexicon *lexicon, const ns_lexeme *tokens, size_t count, const ns_title *title,
                        ns_term_scratch *scratch, distinct *out)
{
    *out = (distinct){0, 0};
    for (size_t i = 0; i < count; i++) {
        uint32_t id = tokens[i].word;
        if (lexicon->words[id].stamp == scratch->stamp) {
            scratch->words[lexicon->words[id].local].count++;
            continue;
        }
        uint32_t stem = ns_lexicon_stem(lexicon, id); /* may move the words */
        if (stem == UINT32_MAX)
            return false;
        lexicon->words[id].stamp = scratch->stamp;
        lexicon->words[id].local = (uint32_t)out->words;
        scratch->words[out->words] = (ns_local){id, 1, UINT32_MAX, false, NULL};
        ns_word *s = &lexicon->words[stem];
        if (s->stem_stamp != scratch->stamp) {
            s->stem_stamp = scratch->stamp;
            s->stem_local = (uint32_t)out->stems;
            scratch->stems[out->stems++] = (ns_local){stem, 0, (uint32_t)out->words, false, NULL};
        } else {
            scratch->stems[s->stem_local].single = UINT32_MAX;
        }
        out->words++;
    }
    for (size_t i = 0; i < out->words; i++) {
        const ns_local *word = &scratch->words[i];
        scratch->stems[lexicon->words[lexicon->words[word->word].stem].stem_local].count += word->count;
    }
    for (size_t i = 0; title && i < title->stem_count; i++) {
        ns_word *s = &lexicon->words[title->stems[i]];
        if (s->stem_stamp != scratch->stamp) {
            s->stem_stamp = scratch->stamp;
            s->stem_local = (uint32_t)out->stems;
            scratch->stems[out->stems++] = (ns_local){title->stems[i], 0, UINT32_MAX, true, NULL};
        }
        scratch->stems[s->stem_local].in_title = true;
    }
    return true;
}

/* Positions of all words, and of the stems that more than one word gives. */
static bool place_words(const ns_lexicon *lexicon, const ns_lexeme *tokens, size_t count, distinct d,
                        ns_term_scratch *scratch, ns_arena *arena)
{
    size_t shared = 0;
    for (size_t i = 0; i < d.stems; i++)
        if (scratch->stems[i].single == UINT32_MAX)
            shared += scratch->stems[i].count;
    uint32_t *pool = ns_arena_array(arena, count + shared, sizeof *pool);
    if (!pool)
        return false;
    for (size_t i = 0; i < d.words; i++) {
        scratch->words[i].positions = pool;
        pool += scratch->words[i].count;
        scratch->words[i].count = 0;
    }
    for (size_t i = 0; i < d.stems; i++) {
        ns_local *stem = &scratch->stems[i];
        if (stem->single != UINT32_MAX) {
            stem->positions = scratch->words[stem->single].positions;
        } else {
            stem->positions = pool;
            pool += stem->count;
            stem->count = 0;
        }
    }
    for (size_t i = 0; i < count; i++) {
        const ns_word *w = &lexicon->words[tokens[i].word];
        ns_local *word = &scratch->words[w->local],
                 *stem = &scratch->stems[lexicon->words[w->stem].stem_local];
        word->positions[word->count++] = (uint32_t)i;
        if (stem->single == UINT32_MAX)
            stem->positions[stem->count++] = (uint32_t)i;
    }
    return true;
}

bool ns_passage_terms_make(ns_lexicon *lexicon, const ns_lexeme *tokens, size_t count, const ns_title *title,
                           const ns_term_list *low, ns_term_scratch *scratch, ns_arena *arena,
                           ns_passage *passage)
{
    distinct d;
    scratch->stamp++;
    if (!reserve(scratch, count + title->stem_count + 1) ||
        !count_words(lexicon, tokens, count, title, scratch, &d) ||
        !place_words(lexicon, tokens, count, d, scratch, arena))
        return false;
    size_t total = low->count + title->terms.count + d.stems + d.words;
    ns_term *terms = ns_arena_array(arena, total, sizeof *terms), *at = terms;
    if (!terms)
        return false;
    uint64_t length = 0;
    for (size_t i = 0; i < low->count; i++)
        length += low->items[i].tf;
    if (low->count)
        memcpy(at, low->items, low->count * sizeof *at);
    at += low->count;
    if (title->terms.count)
        memcpy(at, title->terms.items, title->terms.count * sizeof *at);
    at += title->terms.count;
    for (size_t i = 0; i < d.stems; i++) {
        const ns_local *stem = &scratch->stems[i];
        const ns_word *w = &lexicon->words[stem->word];
        uint32_t tf = stem->count + (stem->in_title ? NS_TITLE_WEIGHT : 0);
        length += tf;
        *at++ = (ns_term){w->text + w->length + 1, w->length + 1, tf, stem->positions, stem->count,
                          ns_lexicon_number(stem->word, NS_TERM_STEM)};
    }
    for (size_t i = 0; i < d.words; i++) {
        const ns_local *word = &scratch->words[i];
        const ns_word *w = &lexicon->words[word->word];
        *at++ = (ns_term){w->text - 1, w->length + 1, 0, word->positions, word->count,
                          ns_lexicon_number(word->word, NS_TERM_EXACT)};
    }
    passage->terms = terms;
    passage->term_count = (uint32_t)total;
    passage->length = (uint32_t)(length > 65535 ? 65535 : length);
    return true;
}

static bool add_position(ns_term *term, uint32_t position, ns_arena *arena)
{
    /* Capacities are powers of two: grow when full. */
    uint32_t n = term->position_count;
    uint32_t *positions = (uint32_t *)(uintptr_t)term->positions;
    if (!(n & (n - 1))) {
        positions = ns_arena_array(arena, n ? 2 * (size_t)n : 1, sizeof *positions);
        if (!positions)
            return false;
        if (n)
            memcpy(positions, term->positions, n * sizeof *positions);
        term->positions = positions;
    }
    positions[n] = position;
    term->position_count++;
    return true;
}

bool ns_title_make(ns_lexicon *lexicon, const ns_lexeme *tokens, size_t count, ns_arena *arena, ns_title *out)
{
    *out = (ns_title){0};
    out->stems = ns_arena_array(arena, count + 1, sizeof *out->stems);
    uint32_t *places = ns_arena_array(arena, 2 * count + 1, sizeof *places); /* of each token's two terms */
    if (!out->stems || !places)
        return false;
    for (size_t i = 0; i < count; i++) {
        uint32_t word = tokens[i].word, stem = ns_lexicon_stem(lexicon, word);
        if (stem == UINT32_MAX)
            return false;
        for (int exact = 0; exact < 2; exact++) {
            uint32_t wanted = exact ? word : stem;
            size_t before = 0;
            while (before < i &&
                   (exact ? tokens[before].word : lexicon->words[tokens[before].word].stem) != wanted)
                before++;
            if (before == i) {
                places[2 * i + (size_t)exact] = (uint32_t)out->terms.count;
                if (!exact)
                    out->stems[out->stem_count++] = stem;
                if (!ns_term_list_add(&out->terms, arena,
                                      ns_term_of_word(arena, lexicon, exact ? NS_TERM_TITLE_EXACT : NS_TERM_TITLE,
                                                      wanted)))
                    return false;
            } else {
                places[2 * i + (size_t)exact] = places[2 * before + (size_t)exact];
            }
            if (!add_position(&out->terms.items[places[2 * i + (size_t)exact]], (uint32_t)i, arena))
                return false;
        }
    }
    ns_term_list_sort(&out->terms);
    return true;
}
