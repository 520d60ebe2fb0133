/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * analyse.c - the chain from an article to its passages' terms, in the order in which things happen:
 * tokens, sentences, passages, names, terms, sketch, stored form.
 */
#include "src/text/analyse.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/bytes.h"
#include "src/base/day.h"
#include "src/text/address.h"
#include "src/text/entity.h"
#include "src/text/fold.h"
#include "src/text/marks.h"
#include "src/text/neardup.h"
#include "src/text/passage.h"
#include "src/text/sentence.h"
#include "src/text/stored.h"
#include "src/text/passage_terms.h"
#include "src/text/workspace.h"

enum {
    TITLE_TOKENS = 256, /* of a title that are indexed */
    LABEL_TOKENS = 64,  /* of a source or byline */
    NOWHERE = NS_PASSAGE_TERMS_MAX, /* no position */
    BODY_MAX = 1 << 30  /* bytes: offsets stay far inside 32 bits */
};

/* An article on its way. Tokens of the title stand first, then those of the paragraphs, then those of the
 * dateline, which is no text to search but names where the story is from. */
typedef struct draft {
    ns_workspace *workspace;
    ns_arena *arena;
    const ns_article *article;
    size_t paragraph_count; /* of the article's, those that are indexed */
    bool cut;               /* there is more */
    size_t title_tokens, body_end;
    ns_span *spans; /* the title, each paragraph, the dateline */
    const char **texts;
    size_t *lengths;
    uint32_t *bases; /* byte of the body where each text begins (title: 0) */
    ns_sentence *sentences;
    size_t sentence_count;
    ns_cut *cuts;
    size_t cut_count;
    ns_entities entities;
    ns_quotes quotes;
    size_t quote; /* the first that ends in the passage in hand or later */
    ns_title title;
    ns_term_list *names; /* of each entity: its e, P, L, O terms from the canonical form; e first */
    struct seen {
        uint32_t passage;
        uint32_t at;
    } * seen;                 /* of each entity: its e term in the passage in hand */
    uint32_t passage;         /* the one in hand; 1 is the title */
    ns_term_list title_names; /* what the title's mentions add to each passage */
    ns_term_list labels;      /* s and b */
    ns_term_list low;         /* of the passage in hand: what is no word or title */
    ns_term outlet;           /* d; length 0: unknown */
} draft;

static nsearch_status cut_body(draft *d, nsearch_error *err)
{
    ns_workspace *w = d->workspace;
    const size_t most = d->title_tokens + NS_ARTICLE_WORDS_MAX;
    uint64_t base = 0;
    for (size_t i = 0; i < d->paragraph_count; i++) {
        const ns_paragraph *p = &d->article->paragraphs[i];
        size_t first = w->lexemes.count, end;
        if (base + p->length > BODY_MAX)
            return ns_error_set(err, NSEARCH_SKIPPED, "body longer than %d bytes", BODY_MAX);
        if (!ns_tokenise_some(&w->lexicon, p->text, p->length, (uint32_t)base, most, &w->lexemes, &end))
            return ns_error_memory(err);
        d->spans[i + 1] = (ns_span){(uint32_t)first, (uint32_t)w->lexemes.count, NS_TEXT_BODY};
        d->texts[i + 1] = p->text;
        d->lengths[i + 1] = end;
        d->bases[i + 1] = (uint32_t)base;
        base += p->length + 1;
        if (end < p->length) {
            d->paragraph_count = i + 1;
            d->cut = true;
        }
    }
    d->body_end = w->lexemes.count;
    return NSEARCH_OK;
}

static nsearch_status cut_tokens(draft *d, nsearch_error *err)
{
    ns_workspace *w = d->workspace;
    const ns_article *article = d->article;
    d->cut = article->paragraph_count > NS_ARTICLE_WORDS_MAX;
    d->paragraph_count = d->cut ? NS_ARTICLE_WORDS_MAX : article->paragraph_count;
    size_t count = d->paragraph_count + 2;
    d->spans = ns_arena_array(d->arena, count, sizeof *d->spans);
    d->texts = ns_arena_array(d->arena, count, sizeof *d->texts);
    d->bases = ns_arena_array(d->arena, count, sizeof *d->bases);
    d->lengths = ns_arena_array(d->arena, count, sizeof *d->lengths);
    if (!d->spans || !d->texts || !d->bases || !d->lengths)
        return ns_error_memory(err);
    w->lexemes.count = 0;
    size_t title_length = strlen(article->title), end;
    if (title_length > BODY_MAX || !ns_tokenise_some(&w->lexicon, article->title, title_length, 0, TITLE_TOKENS,
                                                     &w->lexemes, &end))
        return ns_error_memory(err);
    d->title_tokens = w->lexemes.count;
    d->spans[0] = (ns_span){0, (uint32_t)w->lexemes.count, NS_TEXT_TITLE};
    d->texts[0] = article->title;
    d->lengths[0] = title_length;
    d->bases[0] = 0;
    nsearch_status status = cut_body(d, err);
    if (status)
        return status;
    if (!w->lexemes.count)
        return ns_error_set(err, NSEARCH_SKIPPED, "no words in '%s'", article->id);
    size_t length = strlen(article->dateline), last = d->paragraph_count + 1;
    if (!ns_tokenise(&w->lexicon, article->dateline, length < NS_DATELINE_MAX ? length : 0, 0, false, &w->lexemes))
        return ns_error_memory(err);
    d->spans[last] = (ns_span){(uint32_t)d->body_end, (uint32_t)w->lexemes.count, NS_TEXT_DATELINE};
    d->texts[last] = article->dateline;
    d->bases[last] = 0;
    return NSEARCH_OK;
}

static nsearch_status cut_passages(draft *d, nsearch_error *err)
{
    const ns_lexemes *lexemes = &d->workspace->lexemes;
    size_t body = d->body_end - d->title_tokens;
    d->sentences = ns_arena_array(d->arena, body + 1, sizeof *d->sentences);
    if (!d->sentences)
        return ns_error_memory(err);
    for (size_t i = 1; i <= d->paragraph_count; i++)
        d->sentence_count +=
            ns_sentences_cut(&d->workspace->lexicon, d->texts[i], d->lengths[i], d->bases[i], lexemes->items,
                             d->spans[i].first, d->spans[i].last, NS_PASSAGE_TERMS_MAX,
                             d->sentences + d->sentence_count);
    if (!ns_passages_cut(d->sentences, d->sentence_count, NS_PASSAGE_TERMS_MAX, d->arena, &d->cuts,
                         &d->cut_count))
        return ns_error_memory(err);
    if (d->cut_count > UINT16_MAX) {
        d->cut_count = UINT16_MAX;
        d->cut = true;
    }
    return NSEARCH_OK;
}

static char kind_of(ns_entity_type type)
{
    switch (type) {
    case NS_ENTITY_PERSON:
        return NS_TERM_PERSON;
    case NS_ENTITY_PLACE:
        return NS_TERM_PLACE;
    case NS_ENTITY_ORG:
        return NS_TERM_ORG;
    case NS_ENTITY_OTHER:
        break;
    }
    return 0;
}

/* One term a word of "kim jong un". */
static bool add_words(ns_term_list *list, ns_arena *arena, char kind, const char *key)
{
    while (*key) {
        size_t n = strcspn(key, " ");
        if (n && !ns_term_list_add(list, arena, ns_term_make(arena, kind, key, n, 0)))
            return false;
        key += n + (key[n] == ' ');
    }
    return true;
}

/* The words of a mention as written. */
static bool add_written(draft *d, ns_term_list *list, const ns_found *found)
{
    ns_entity_type type = d->entities.entities[found->entity].type;
    char kind = kind_of(type);
    ns_lexicon *lexicon = &d->workspace->lexicon;
    for (uint32_t i = 0; kind && i < found->token_count; i++) {
        uint32_t id = d->workspace->lexemes.items[found->first_token + i].word;
        ns_word *word = &lexicon->words[id];
        uint32_t stamp = lexicon->name_stamp + type;
        if (word->name_stamp == stamp)
            continue;
        word->name_stamp = stamp;
        if (!ns_term_list_add(list, d->arena, ns_term_of_word(d->arena, lexicon, kind, id)))
            return false;
    }
    return true;
}

/* Begins a passage (or the title): nothing has been named in it. */
static void begin_names(draft *d)
{
    d->passage++;
    d->workspace->lexicon.name_stamp += NS_ENTITY_OTHER + 1;
}

static bool add_position(ns_arena *arena, ns_term *term, uint32_t position)
{
    uint32_t count = term->position_count, *positions = (uint32_t *)(uintptr_t)term->positions;
    if (!(count & (count - 1))) { /* full: room doubles */
        positions = ns_arena_array(arena, count ? 2 * (size_t)count : 1, sizeof *positions);
        if (!positions)
            return false;
        if (count)
            memcpy(positions, term->positions, count * sizeof *positions);
        term->positions = positions;
    }
    positions[count] = position;
    term->position_count++;
    return true;
}

/* Terms of one mention; the entity's own term counts it, and says where it stands unless 'position' is NOWHERE. */
static bool add_mention(draft *d, ns_term_list *list, const ns_found *found, uint32_t position)
{
    const ns_term_list *names = &d->names[found->entity];
    struct seen *seen = &d->seen[found->entity];
    if (seen->passage == d->passage) {
        list->items[seen->at].tf++;
    } else {
        *seen = (struct seen){d->passage, (uint32_t)list->count};
        for (size_t i = 0; i < names->count; i++)
            if (!ns_term_list_add(list, d->arena, names->items[i]))
                return false;
        list->items[seen->at].tf = 1;
    }
    if (position != NOWHERE && !add_position(d->arena, &list->items[seen->at], position))
        return false;
    return add_written(d, list, found);
}

static bool add_label(draft *d, char kind, const char *text)
{
    ns_workspace *w = d->workspace;
    size_t before = w->lexemes.count, n = strlen(text);
    if (!ns_tokenise(&w->lexicon, text, n < 4096 ? n : 4096, 0, true, &w->lexemes))
        return false;
    for (size_t i = before; i < w->lexemes.count && i < before + LABEL_TOKENS; i++) {
        if (!ns_term_list_add(&d->labels, d->arena,
                              ns_term_of_word(d->arena, &w->lexicon, kind, w->lexemes.items[i].word)))
            return false;
    }
    w->lexemes.count = before;
    return true;
}

/* Everything that several passages share. */
static nsearch_status find_names(draft *d, nsearch_error *err)
{
    ns_workspace *w = d->workspace;
    bool ok =
        ns_entities_find(&w->lexicon, d->texts, d->spans, d->bases, d->paragraph_count + 2,
                         w->lexemes.items, d->arena, &d->entities) &&
        ns_quotes_find(&w->lexicon, d->texts, d->lengths, d->spans, d->bases, d->paragraph_count + 1,
                       w->lexemes.items, &d->entities, d->arena, &d->quotes) &&
        ns_title_make(&w->lexicon, w->lexemes.items, d->title_tokens, d->arena, &d->title) &&
        (d->names = ns_arena_zero(d->arena, (d->entities.entity_count + 1) * sizeof *d->names)) != NULL &&
        (d->seen = ns_arena_zero(d->arena, (d->entities.entity_count + 1) * sizeof *d->seen)) != NULL;
    for (size_t i = 0; ok && i < d->entities.entity_count; i++) {
        const ns_entity *entity = &d->entities.entities[i];
        size_t length = ns_utf8_cut(entity->key, entity->key_length, NS_TERM_MAX - 1);
        char kind = kind_of(entity->type);
        ok = ns_term_list_add(&d->names[i], d->arena,
                              (ns_term){entity->key - 1, (uint32_t)length + 1, 0, NULL, 0, 0}) &&
             (!kind || add_words(&d->names[i], d->arena, kind, entity->key)) &&
             (!entity->within || ns_term_list_add(&d->names[i], d->arena,
                                                  ns_term_make(d->arena, NS_TERM_WITHIN, entity->within,
                                                               strlen(entity->within), 1)));
    }
    begin_names(d);
    for (size_t i = 0;
         ok && i < d->entities.found_count && d->entities.found[i].first_token < d->title_tokens; i++)
        ok = add_mention(d, &d->title_names, &d->entities.found[i], NOWHERE);
    if (ok) {
        ns_term_list_sort(&d->title_names);
        for (size_t i = 0; i < d->title_names.count; i++) /* named twice in the title: still 1 */
            if (d->title_names.items[i].tf)
                d->title_names.items[i].tf = 1;
        ok = add_label(d, NS_TERM_SOURCE, d->article->source) &&
             add_label(d, NS_TERM_BYLINE, d->article->byline);
    }
    return ok ? NSEARCH_OK : ns_error_memory(err);
}

static bool add_all(ns_term_list *to, ns_arena *arena, const ns_term_list *from)
{
    for (size_t i = 0; i < from->count; i++)
        if (!ns_term_list_add(to, arena, from->items[i]))
            return false;
    return true;
}

/* The marks of the passage that is 'cut'; NULL: it has no words. */
static bool add_marks(draft *d, const ns_cut *cut, size_t first, size_t last, ns_term_list *list)
{
    if (!cut)
        return true;
    const ns_sentence *a = &d->sentences[cut->first];
    return ns_marks_add(&d->workspace->lexicon, d->workspace->lexemes.items, first, last, a, cut->count,
                        cut->first == 0 || a[-1].ends_paragraph, &d->quotes, &d->quote, d->arena, list);
}

/* Terms of tokens[first, last), which are passage number 'index'. */
static bool make_passage(draft *d, size_t index, const ns_cut *cut, size_t first, size_t last, size_t *found,
                         ns_passage *passage)
{
    ns_workspace *w = d->workspace;
    ns_term_list *low = &d->low;
    low->count = 0;
    if (!add_all(low, d->arena, &d->title_names) || !add_all(low, d->arena, &d->labels))
        return false;
    if (index == 0) {
        size_t source = strlen(d->article->source);
        d->outlet = (ns_term){0};
        if (source) {
            d->outlet = ns_term_make(d->arena, NS_TERM_OUTLET, d->article->source, source, 0);
            if (!ns_term_list_add(low, d->arena, d->outlet))
                return false;
        }
        if (!ns_term_list_add(low, d->arena,
                              ns_term_make(d->arena, NS_TERM_ID, d->article->id, strlen(d->article->id), 0)))
            return false;
        char address[NS_TERM_MAX];
        size_t length = ns_address_term(d->article->form, d->article->url, address);
        if (length && !ns_term_list_add(low, d->arena,
                                        ns_term_make(d->arena, NS_TERM_ADDRESS, address + 1, length - 1, 0)))
            return false;
        size_t origin = strlen(d->article->origin);
        if (origin &&
            !ns_term_list_add(low, d->arena,
                              ns_term_make(d->arena, NS_TERM_ORIGIN, d->article->origin, origin, 0)))
            return false;
    }
    begin_names(d);
    for (; *found < d->entities.found_count && d->entities.found[*found].first_token < last; ++*found) {
        const ns_found *f = &d->entities.found[*found];
        if (f->first_token >= first && !add_mention(d, low, f, f->first_token - (uint32_t)first))
            return false;
    }
    for (size_t i = d->entities.found_count; index == 0 && i > 0; i--) {
        const ns_found *f = &d->entities.found[i - 1];
        if (f->first_token < d->body_end)
            break;
        if (!add_mention(d, low, f, NOWHERE))
            return false;
    }
    if (!add_marks(d, cut, first, last, low))
        return false;
    ns_term_list_sort(low);
    for (size_t i = 0; i < low->count; i++) /* several places of a country, or several forms of one: 1 all the same */
        if (low->items[i].key[0] == NS_TERM_WITHIN)
            low->items[i].tf = 1;
    return ns_passage_terms_make(&w->lexicon, w->lexemes.items + first, last - first, &d->title, low,
                                 &w->scratch, d->arena, passage);
}

/* The names to count: those that are someone or something, and the outlet. */
static nsearch_status list_names(draft *d, ns_analysed *out, nsearch_error *err)
{
    ns_article_name *names = ns_arena_array(d->arena, d->entities.entity_count + 1, sizeof *names);
    size_t count = 0;
    if (!names)
        return ns_error_memory(err);
    for (size_t i = 0; i < d->entities.entity_count; i++) {
        const ns_entity *entity = &d->entities.entities[i];
        const ns_term *term = &d->names[i].items[0];
        if (!d->seen[i].passage || term->length == NS_TERM_MAX) /* in no passage; cut, and so perhaps another's */
            continue;
        switch (entity->type) {
        case NS_ENTITY_PERSON:
            names[count++] = (ns_article_name){term->key, term->length, NS_NAME_OF_PERSON};
            break;
        case NS_ENTITY_PLACE:
            names[count++] = (ns_article_name){term->key, term->length, NS_NAME_OF_PLACE};
            break;
        case NS_ENTITY_ORG:
            names[count++] = (ns_article_name){term->key, term->length, NS_NAME_OF_ORG};
            break;
        case NS_ENTITY_OTHER:
            break;
        }
    }
    if (d->outlet.length)
        names[count++] = (ns_article_name){d->outlet.key, d->outlet.length, NS_NAME_OF_OUTLET};
    out->names = names;
    out->name_count = (uint32_t)count;
    return NSEARCH_OK;
}

static nsearch_status make_terms(draft *d, ns_analysed *out, nsearch_error *err)
{
    size_t count = d->cut_count ? d->cut_count : 1, found = 0, terms = 0;
    ns_passage *passages = ns_arena_zero(d->arena, count * sizeof *passages);
    if (!passages)
        return ns_error_memory(err);
    if (!d->cut_count && !make_passage(d, 0, NULL, d->title_tokens, d->title_tokens, &found, &passages[0]))
        return ns_error_memory(err);
    for (size_t i = 0; i < d->cut_count; i++) {
        if (terms > NS_ARTICLE_TERMS_MAX) { /* the words of the title are terms of each passage */
            count = i;
            d->cut = true;
            break;
        }
        const ns_sentence *a = &d->sentences[d->cuts[i].first], *z = a + d->cuts[i].count - 1;
        passages[i].begin = a->begin;
        passages[i].end = z->end;
        if (!make_passage(d, i, &d->cuts[i], a->first_token, (size_t)z->first_token + z->token_count, &found,
                          &passages[i]))
            return ns_error_memory(err);
        terms += passages[i].term_count;
    }
    out->cut = d->cut;
    out->passages = passages;
    out->passage_count = (uint32_t)count;
    return NSEARCH_OK;
}

/* The sketch of the body's words; of the title's where there is no body. Keywords are of both. */
static nsearch_status make_sketch(draft *d, ns_sketch *sketch, nsearch_error *err)
{
    ns_workspace *w = d->workspace;
    size_t first = d->body_end > d->title_tokens ? d->title_tokens : 0, count = d->body_end - first;
    if (count > w->hash_capacity) {
        uint64_t *hashes = realloc(w->hashes, 2 * count * sizeof *hashes);
        if (!hashes)
            return ns_error_memory(err);
        w->hashes = hashes;
        w->hash_capacity = count;
    }
    uint64_t *telling = w->hashes + count;
    size_t tell = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t word = w->lexemes.items[first + i].word;
        bool tells = ns_word_tells(&w->lexicon, word); /* may move the words */
        telling[tell] = w->hashes[i] = w->lexicon.words[word].hash;
        tell += tells;
    }
    ns_sketch_make_hashed(w->hashes, count, telling, tell, sketch);
    for (size_t i = 0; i < count; i++) {
        const ns_word *word = &w->lexicon.words[w->lexemes.items[first + i].word];
        if (word->number && word->length > 1)
            ns_sketch_add_number(sketch, word->hash);
    }
    return ns_keywords_make(&w->lexicon, &w->lexemes, &w->keywords, sketch->keywords) ? NSEARCH_OK : ns_error_memory(err);
}

nsearch_status ns_analyse_article(ns_workspace *workspace, const ns_article *article, ns_analysed *out,
                                  nsearch_error *err)
{
    ns_arena_reset(&workspace->arena);
    if (!ns_lexicon_trim(&workspace->lexicon))
        return ns_error_memory(err);
    draft d = {.workspace = workspace, .arena = &workspace->arena, .article = article};
    ns_analysed result = {.id = article->id, .hash = ns_article_hash(article), .day = NS_DAY_UNKNOWN};
    nsearch_status status = cut_tokens(&d, err);
    if (!status)
        status = cut_passages(&d, err);
    if (!status)
        status = find_names(&d, err);
    if (!status)
        status = make_terms(&d, &result, err);
    if (!status)
        status = list_names(&d, &result, err);
    if (!status)
        status = make_sketch(&d, &result.sketch, err);
    if (status)
        return status;
    int32_t last;
    if (!ns_day_parse_iso(article->date, &result.day, &last))
        result.day = NS_DAY_UNKNOWN;
    size_t bytes = strlen(article->title);
    for (size_t i = 0; i < article->paragraph_count; i++)
        bytes += article->paragraphs[i].length;
    result.text_bytes = (uint32_t)bytes;
    ns_buffer_clear(&workspace->stored);
    ns_stored_encode(&workspace->stored, article, result.passages, result.passage_count);
    if (workspace->stored.failed)
        return ns_error_memory(err);
    result.stored = workspace->stored.data;
    result.stored_size = workspace->stored.size;
    result.numbering = workspace->lexicon.numbering;
    *out = result;
    return NSEARCH_OK;
}

/* ---- quotations, to be shown */

/* Bytes [begin, end) of the body, a blank for the end of each paragraph. */
static char *body_text(const draft *d, ns_arena *arena, uint32_t begin, uint32_t end)
{
    char *text = ns_arena_take(arena, (size_t)(end - begin) + 1), *at = text;
    for (size_t i = 1; text && i <= d->paragraph_count; i++) {
        uint32_t base = d->bases[i], stop = base + (uint32_t)d->lengths[i];
        uint32_t from = begin > base ? begin : base, to = end < stop ? end : stop;
        if (from >= to)
            continue;
        if (at > text)
            *at++ = ' ';
        memcpy(at, d->texts[i] + (from - base), to - from);
        at += to - from;
    }
    if (text)
        *at = '\0';
    return text;
}

static bool give_quotation(const draft *d, const ns_quote *q, ns_arena *arena, ns_quotation *out)
{
    const ns_lexeme *items = d->workspace->lexemes.items;
    *out = (ns_quotation){.first_word = q->first - (uint32_t)d->title_tokens, .word_count = q->last - q->first,
                          .begin = q->begin, .end = q->end, .text = body_text(d, arena, q->begin, q->end)};
    if (q->entity != UINT32_MAX)
        out->speaker = ns_arena_string(arena, d->entities.entities[q->entity].canonical);
    else if (q->named_count)
        out->speaker = body_text(d, arena, items[q->named].begin, items[q->named + q->named_count - 1].end);
    return out->text && (out->speaker || !q->named_count);
}

nsearch_status ns_analyse_quotations(ns_workspace *workspace, const ns_article *article, ns_arena *arena,
                                     ns_quotation **quotations, size_t *count, nsearch_error *err)
{
    ns_arena_reset(&workspace->arena);
    if (!ns_lexicon_trim(&workspace->lexicon))
        return ns_error_memory(err);
    draft d = {.workspace = workspace, .arena = &workspace->arena, .article = article};
    nsearch_status status = cut_tokens(&d, err);
    if (!status)
        status = find_names(&d, err);
    if (status)
        return status;
    ns_quotation *list = ns_arena_array(arena, d.quotes.count + 1, sizeof *list);
    for (size_t i = 0; list && i < d.quotes.count; i++)
        if (!give_quotation(&d, &d.quotes.items[i], arena, &list[i]))
            return ns_error_memory(err);
    if (!list)
        return ns_error_memory(err);
    *quotations = list;
    *count = d.quotes.count;
    return NSEARCH_OK;
}
