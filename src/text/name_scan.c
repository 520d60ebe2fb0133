/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * name_scan.c - names of the gazetteer, and runs of capitalised words cut at titles, days and known names. A
 * name's type is guessed from its words (University, John) and its neighbours (Mr, in).
 */
#include "src/text/name_scan.h"

#include <string.h>

#include "src/text/name_guess.h"
#include "src/text/name_words.h"
#include "src/text/sentence.h"

enum {
    INSIDE = NS_GAP_SPACE | NS_GAP_HYPHEN | NS_GAP_PERIOD | NS_GAP_APOSTROPHE, /* may stand inside a name */
    DASH = NS_NAME_DASH,
    RUN_MAX = 10,
    TITLE_TOKENS = 40,
    SUBHEADING_TOKENS = 10
};

static bool fits(const ns_alias *alias, const ns_word *first_word, const ns_lexeme *first,
                 const ns_lexeme *last, bool is_query, bool all_upper)
{
    enum { NAME_LIKE = NS_RAW_CAPITAL | NS_RAW_NUMBER | NS_RAW_INITIALS };
    if (is_query && !(alias->flags & NS_ALIAS_EXACT))
        return true;
    if (alias->flags & NS_ALIAS_UPPER)
        return (first->flags & NS_RAW_UPPER) && !(all_upper && (alias->flags & NS_ALIAS_EXACT) && !is_query);
    if (alias->words == 1)
        return first->flags & NAME_LIKE;
    bool ends_well = last->flags & NAME_LIKE ||
                     (last->gap & (NS_GAP_HYPHEN | NS_GAP_SPACE)) == NS_GAP_HYPHEN; /* Jong-un */
    return ends_well && (first->flags & NAME_LIKE || first_word->name_kinds & NS_NAME_PARTICLE);
}

const ns_alias *ns_names_known_at(const ns_lexicon *lexicon, const ns_lexeme *tokens, size_t i, size_t last,
                                  bool is_query, bool all_upper, const ns_gazetteer **gazetteer)
{
    const ns_word *first_word = &lexicon->words[tokens[i].word];
    const ns_alias *best = NULL;
    uint64_t hash = 1;
    for (unsigned n = 1; n <= first_word->starts && i + n <= last; n++) {
        const ns_lexeme *token = &tokens[i + n - 1];
        if (n > 1 && !is_query && token->gap & ~(unsigned)(INSIDE | NS_GAP_AND | NS_GAP_POSSESSIVE))
            break;
        if (n > 1 && !is_query && (token->gap & DASH) == DASH)
            break;
        if (n > 1 && token->gap & NS_GAP_PERIOD && lexicon->words[token[-1].word].length > 3)
            break;
        hash = ns_alias_hash_next(hash, lexicon->words[token->word].hash);
        for (size_t g = 2; g-- > 0;) { /* the user's own first */
            const ns_alias *alias =
                lexicon->gazetteers[g] ? ns_gazetteer_find(lexicon->gazetteers[g], hash, n) : NULL;
            if (alias && fits(alias, first_word, &tokens[i], token, is_query, all_upper)) {
                best = alias;
                *gazetteer = lexicon->gazetteers[g];
                break;
            }
        }
    }
    return best;
}

/* Whether a name may go on from token i - 1 to token i. */
static bool linked(const ns_name_scan *s, size_t i)
{
    unsigned gap = s->tokens[i].gap;
    if (gap & ~(unsigned)(INSIDE | NS_GAP_AND) || (gap & DASH) == DASH)
        return false;
    if (gap & NS_GAP_PERIOD) {
        const ns_word *before = ns_name_word_at(s, i - 1);
        return before->length == 1 ||
               (before->length <= 3 && before->name_kinds & (NS_NAME_HONORIFIC | NS_NAME_PLACE)) ||
               (before->length == 2 && !memcmp(before->text, "st", 2));
    }
    return !(gap & NS_GAP_APOSTROPHE && gap & NS_GAP_SPACE);
}

/* The "un" of "Kim Jong-un", not the "led" of "US-led". */
static bool hyphenated_at(const ns_name_scan *s, size_t i)
{
    const ns_word *word = ns_name_word_at(s, i);
    return (s->tokens[i].gap & (NS_GAP_HYPHEN | NS_GAP_SPACE)) == NS_GAP_HYPHEN && ns_name_capital_at(s, i - 1) &&
           !word->stopword && !word->number && word->length < 6 &&
           (!(word->name_kinds & NS_NAME_COMMON) ||
            (i > s->first + 1 && ns_name_kinds_at(s, i - 2) & NS_NAME_FAMILY_FIRST)) &&
           !(s->tokens[i - 1].flags & (NS_RAW_UPPER | NS_RAW_INITIALS));
}

/* "St Aidan's Hospice", "Mineworkers' Congress": the possessive before token i is within a name. */
static bool owns_inside(const ns_name_scan *s, size_t first, size_t i)
{
    const ns_gazetteer *g = NULL;
    unsigned kinds = ns_name_kinds_at(s, i), gap = s->tokens[i].gap;
    if (!(gap & (NS_GAP_POSSESSIVE | NS_GAP_APOSTROPHE)) || !(gap & NS_GAP_SPACE) ||
        gap & ~(unsigned)(NS_GAP_POSSESSIVE | NS_GAP_APOSTROPHE | NS_GAP_SPACE) || !ns_name_capital_at(s, i) ||
        !(kinds & NS_NAME_ORG) || kinds & (NS_NAME_TITLE | NS_NAME_FIRST) || i - first > 2)
        return false;
    for (size_t k = first; k < i; k++)
        if ((ns_name_word_at(s, k)->starts &&
             ns_names_known_at(s->lexicon, s->tokens, k, s->last, false, s->all_upper, &g)) ||
            (k == first && ns_name_kinds_at(s, k) & NS_NAME_FIRST))
            return false; /* Ukraine's Parliament */
    return true;
}

/* "Energy and Natural Resources Committee": the "and" at i joins two matters of one body. */
static bool joins_matters(const ns_name_scan *s, size_t i)
{
    size_t end = i + 1;
    if (strcmp(ns_name_word_at(s, i)->text, "and") != 0 || !(ns_name_kinds_at(s, i - 1) & NS_NAME_COMMON))
        return false;
    while (end < s->last && end < i + 4 && ns_name_capital_at(s, end) && linked(s, end) &&
           ns_name_kinds_at(s, end) & (NS_NAME_COMMON | NS_NAME_ORG | NS_NAME_OTHER))
        end++;
    return end > i + 1 && ns_name_kinds_at(s, end - 1) & NS_NAME_ORG && !(ns_name_kinds_at(s, end - 1) & NS_NAME_LEGAL);
}

/* The end of the run of capitals at i: "Bank of the Republic", "Leif-Eric Easley", "Ludwig van Beethoven". */
static size_t run_end(const ns_name_scan *s, size_t i)
{
    size_t end = i + 1;
    bool of = false;
    while (end < s->last && end < i + RUN_MAX && (linked(s, end) || owns_inside(s, i, end))) {
        if (ns_name_capital_at(s, end) || hyphenated_at(s, end)) {
            end++;
            continue;
        }
        const ns_word *word = ns_name_word_at(s, end);
        unsigned before = ns_name_kinds_at(s, end - 1);
        size_t next = end + 1;
        bool joins = word->name_kinds & NS_NAME_PARTICLE && !(s->tokens[end].flags & NS_RAW_CAPITAL);
        if (!joins && before & (NS_NAME_ORG | NS_NAME_PLACE) &&
            (!strcmp(word->text, "of") || !strcmp(word->text, "for"))) {
            joins = of = true;
            if (next < s->last && !strcmp(ns_name_word_at(s, next)->text, "the"))
                next++;
        }
        if (!joins && ((of && !strcmp(word->text, "and")) || joins_matters(s, end)))
            joins = true;
        if (joins && next < s->last && linked(s, next) && (ns_name_word_at(s, next)->name_kinds & NS_NAME_PARTICLE) &&
            !ns_name_capital_at(s, next)) /* "van der" */
            next++;
        if (!joins || next >= s->last || !ns_name_capital_at(s, next) || !linked(s, next) ||
            ns_name_kinds_at(s, next) & NS_NAME_CALENDAR)
            break;
        end = next + 1;
    }
    return end;
}

/* A title that a name follows, not the Justice of "Justice Department". */
static bool is_title(const ns_name_scan *s, size_t i, size_t end)
{
    return ns_name_kinds_at(s, i) & NS_NAME_TITLE &&
           !(i + 1 < end && ns_name_kinds_at(s, i + 1) & (NS_NAME_ORG | NS_NAME_LEGAL) &&
             !(ns_name_kinds_at(s, i + 1) & NS_NAME_FIRST));
}

static bool begins_sentence(const ns_name_scan *s, size_t i)
{
    return ns_sentence_begins(s->lexicon, s->tokens, i) ||
           (s->tokens[i].gap & (NS_GAP_QUOTE | NS_GAP_APOSTROPHE) && s->tokens[i].gap & NS_GAP_SPACE) ||
           (i > 0 && s->tokens[i].gap & NS_GAP_HYPHEN && s->tokens[i].gap & NS_GAP_SPACE);
}

static bool add(const ns_name_scan *s, ns_candidate candidate)
{
    ns_candidates *out = s->out;
    if (out->count == out->capacity) {
        size_t capacity = out->capacity ? out->capacity * 2 : 64;
        ns_candidate *items = ns_arena_array(out->arena, capacity, sizeof *items);
        if (!items)
            return false;
        if (out->count)
            memcpy(items, out->items, out->count * sizeof *items);
        out->items = items;
        out->capacity = capacity;
    }
    out->items[out->count++] = candidate;
    return true;
}

/* "Defense Minister" with no name after it, the "National Security" before "Adviser". */
static bool only_describes(const ns_name_scan *s, size_t first, size_t end)
{
    bool title_follows =
        end < s->last && ns_name_capital_at(s, end) && linked(s, end) && ns_name_kinds_at(s, end) & NS_NAME_TITLE;
    if (!title_follows &&
        !(end - first > 1 && ns_name_kinds_at(s, end - 1) & NS_NAME_TITLE && !(ns_name_kinds_at(s, first) & NS_NAME_FIRST)))
        return false;
    if (title_follows && end - first > 1 && ns_name_all_kinds(s, first, end) & NS_NAME_ORG)
        return false;
    for (size_t i = first; i < end - !title_follows; i++)
        if (!(ns_name_kinds_at(s, i) & (NS_NAME_OTHER | NS_NAME_COMMON | NS_NAME_ORG | NS_NAME_TITLE)))
            return false;
    return true;
}

/* "D-Del": the party and the state of a member of Congress; "Q-T". */
static bool is_party_code(const ns_name_scan *s, size_t first)
{
    return (s->tokens[first + 1].gap & DASH) == NS_GAP_HYPHEN || ns_name_word_at(s, first + 1)->length < 2;
}

/* Adds the phrase tokens[first, end) that the gazetteer does not know; 'type' is OTHER when it is to be
 * guessed. */
static bool add_phrase(const ns_name_scan *s, size_t first, size_t end, bool titled, bool weak, ns_entity_type type)
{
    size_t key = end - first;
    if (s->dateline)
        return key > 4 || ns_name_word_at(s, first)->length < 3 ||
               add(s, (ns_candidate){.first = (uint32_t)first, .count = (uint32_t)key, .key_count = (uint32_t)key,
                                     .type = NS_ENTITY_PLACE});
    if (!titled && only_describes(s, first, end))
        return true;
    if (key == 1 && ns_name_kinds_at(s, first) & NS_NAME_OTHER && !titled)
        return true;
    while (key > 1 && ns_name_kinds_at(s, first + key - 1) & (NS_NAME_LEGAL | NS_NAME_SUFFIX))
        key--;
    if (type == NS_ENTITY_OTHER)
        type = ns_name_guess(s, first, end, titled);
    if (key == 1 && type == NS_ENTITY_OTHER && end < s->last && s->tokens[end].flags & NS_RAW_NUMBER &&
        s->tokens[end].gap == NS_GAP_SPACE) /* "Chongam 3", a ship or a model */
        return true;
    if (key == 1 && type != NS_ENTITY_ORG) {
        const ns_word *word = ns_name_word_at(s, first);
        if (word->length < 2 || word->number || word->stopword)
            return true;
        if (!titled && (word->name_kinds & (NS_NAME_OTHER | NS_NAME_COMMON | NS_NAME_ORG | NS_NAME_PLACE) ||
                        word->seen_lower == s->article)) /* "the Committee", "Veterans" */
            return true;
    } else if (ns_name_word_at(s, first)->length < 2 && (key == 1 || is_party_code(s, first))) {
        return true;
    }
    return add(s, (ns_candidate){.first = (uint32_t)first, .count = (uint32_t)(end - first), .key_count = (uint32_t)key,
                                 .type = type, .weak = weak});
}

/* Where a phrase that begins at i must end: before a title, a day, a known name. */
static size_t phrase_end(const ns_name_scan *s, size_t i, size_t end)
{
    size_t q = i + 1;
    for (; q < end; q++) {
        const ns_gazetteer *g = NULL;
        if (ns_name_kinds_at(s, q) & NS_NAME_CALENDAR ||
            (is_title(s, q, end) && q + 1 < end && !(ns_name_kinds_at(s, q) & NS_NAME_FIRST)))
            break;
        const ns_alias *alias = ns_name_word_at(s, q)->starts ? ns_names_known_at(s->lexicon, s->tokens, q, s->last,
                                                                          false, s->all_upper, &g)
                                                      : NULL;
        bool apart = alias && (alias->words > 1 || alias->flags & NS_ALIAS_UPPER || s->headline || begins_sentence(s, i) ||
                               (s->tokens[q].gap & (NS_GAP_HYPHEN | NS_GAP_SPACE)) == NS_GAP_HYPHEN);
        if (apart && !(ns_name_kinds_at(s, i) & NS_NAME_FIRST))
            break;
    }
    while (q > i + 1 &&
           (!(ns_name_capital_at(s, q - 1) || hyphenated_at(s, q - 1)) || s->tokens[q - 1].flags & NS_RAW_NUMBER))
        q--; /* no "of" at the end */
    return q;
}

/* A known name that goes on: "British Airways", "Boston Celtics", "Seoul National University". 0: it does
 * not. */
static size_t longer_than_known(const ns_name_scan *s, size_t i, size_t known_end, size_t end, const ns_alias *alias,
                                ns_entity_type type, ns_entity_type *longer)
{
    size_t q = phrase_end(s, i, end);
    if (q <= known_end || type == NS_ENTITY_PERSON)
        return 0;
    for (size_t k = q; k > known_end; k--)
        if (ns_name_kinds_at(s, k - 1) & (NS_NAME_ORG | NS_NAME_LEGAL)) {
            *longer = NS_ENTITY_ORG;
            return ns_name_kinds_at(s, k - 1) & NS_NAME_COMMON && alias->flags & NS_ALIAS_ADJECTIVE && k - i < 2 ? 0
                                                                                                         : q;
        }
    if (type == NS_ENTITY_ORG || alias->words > 2)
        return 0;
    for (size_t k = known_end; k < q; k++) {
        unsigned kinds = ns_name_kinds_at(s, k);
        if (kinds & (NS_NAME_FIRST | NS_NAME_COMMON | NS_NAME_OTHER | NS_NAME_TITLE) ||
            ns_name_word_at(s, k)->stopword || s->tokens[k].gap & ~(unsigned)NS_GAP_SPACE || ns_name_word_at(s, k)->starts)
            return 0;
    }
    *longer = ns_name_kinds_at(s, q - 1) & NS_NAME_PLACE ? NS_ENTITY_PLACE : NS_ENTITY_ORG;
    return q;
}

/* A capital that only the start of the sentence gives: "Analysts", but not the "Foreign" of "Foreign
 * Ministry". */
static bool means_nothing(const ns_name_scan *s, size_t i, size_t end)
{
    const ns_word *word = ns_name_word_at(s, i);
    bool lower = word->seen_lower == s->article;
    if (!(word->name_kinds & (NS_NAME_COMMON | NS_NAME_OTHER)) && !lower)
        return false;
    if (word->name_kinds & NS_NAME_FIRST && i + 1 < end)
        return false;
    size_t q = phrase_end(s, i, end);
    return lower || q - i < 2 || !(ns_name_all_kinds(s, i + 1, q) & (NS_NAME_ORG | NS_NAME_LEGAL | NS_NAME_PLACE));
}

/* "Engineers": more of a kind than a name. */
static bool is_plural(const ns_word *word)
{
    return word->length > 3 && word->text[word->length - 1] == 's' && !strchr("sui", word->text[word->length - 2]);
}

/* Cuts one run of capitals into names. */
static bool scan_run(const ns_name_scan *s, size_t first, size_t end, size_t *next)
{
    bool titled = first > 0 && !(s->tokens[first].gap & ~(unsigned)(NS_GAP_SPACE | NS_GAP_PERIOD)) &&
                  ns_name_kinds_at(s, first - 1) & NS_NAME_TITLE;
    size_t p = first;
    while (p < end) {
        const ns_word *word = ns_name_word_at(s, p);
        const ns_gazetteer *g = NULL;
        bool starts = begins_sentence(s, p);
        if (word->name_kinds & NS_NAME_CALENDAR && !(titled || word->name_kinds & NS_NAME_FIRST)) {
            titled = false;
            p++;
            continue;
        }
        const ns_alias *alias =
            word->starts ? ns_names_known_at(s->lexicon, s->tokens, p, s->last, false, s->all_upper, &g)
                         : NULL;
        if (alias && s->dateline && g->names[alias->name].type != NS_ENTITY_PLACE)
            alias = NULL;
        if (alias) {
            const ns_name *name = &g->names[alias->name];
            ns_entity_type type = (ns_entity_type)name->type, longer = type;
            size_t known_end = p + alias->words;
            size_t whole = s->headline ? 0 : longer_than_known(s, p, known_end, end, alias, type, &longer);
            bool ok = whole ? add_phrase(s, p, whole, false, false, longer)
                            : add(s, (ns_candidate){.first = (uint32_t)p, .count = alias->words, .key_count = alias->words,
                                                    .gazetteer = g, .name = name, .type = type,
                                                    .people = alias->flags & NS_ALIAS_ADJECTIVE,
                                                    .placed = s->dateline || ns_name_place_wanted(s, p)});
            if (!ok)
                return false;
            titled = false;
            p = whole ? whole : known_end;
            continue;
        }
        if (!ns_name_capital_at(s, p)) {
            p++;
            continue;
        }
        if (is_title(s, p, end) &&
            !(titled && p + 1 == end && p > 0 && ns_name_kinds_at(s, p - 1) & NS_NAME_HONORIFIC) &&
            !(word->name_kinds & NS_NAME_FIRST && p + 1 < end)) {
            titled = true;
            p++;
            continue;
        }
        if (word->stopword || (starts && !titled && means_nothing(s, p, end))) {
            p++;
            continue;
        }
        size_t q = phrase_end(s, p, end);
        bool acts = q < s->last && s->tokens[q].gap == NS_GAP_SPACE && !ns_name_capital_at(s, q) &&
                    ns_name_kinds_at(s, q) & NS_NAME_SPEAKS && !is_plural(word);
        bool weak = (s->headline && !ns_name_is_dateline(s, p, q)) ||
                    (q - p == 1 && starts && !titled && !acts && !ns_name_is_dateline(s, p, q));
        if (!add_phrase(s, p, q, titled, weak, NS_ENTITY_OTHER))
            return false;
        titled = false;
        p = q;
    }
    *next = p > end ? p : end;
    return true;
}

/* A headline with capitals on most words: they tell nothing. 'longest' in tokens. */
static bool is_headline(const ns_name_scan *s, size_t first, size_t longest)
{
    size_t words = 0, capitals = 0;
    for (size_t i = first; i < s->last; i++) {
        const ns_word *word = ns_name_word_at(s, i);
        if (word->stopword || word->number || word->length < 4)
            continue;
        words++;
        capitals += ns_name_capital_at(s, i);
    }
    return words >= 3 && capitals * 10 >= words * 8 && s->last - first < longest;
}

bool ns_names_scan(const ns_lexicon *lexicon, const ns_lexeme *tokens, size_t first, size_t last,
                   ns_text_kind kind, uint32_t article, ns_candidates *out)
{
    ns_name_scan s = {lexicon, tokens, last, article, true, false, kind == NS_TEXT_DATELINE, out, first};
    for (size_t i = first; i < last && s.all_upper; i++)
        s.all_upper = !(tokens[i].flags & NS_RAW_LOWER);
    s.headline = !s.dateline && (s.all_upper || is_headline(&s, first, kind == NS_TEXT_TITLE ? TITLE_TOKENS
                                                                                             : SUBHEADING_TOKENS));
    for (size_t i = first; i < last;) {
        size_t next = i + 1;
        const ns_word *word = ns_name_word_at(&s, i);
        bool begins =
            ns_name_capital_at(&s, i) ||
            (word->starts && (tokens[i].flags & NS_RAW_NUMBER || word->name_kinds & NS_NAME_PARTICLE));
        if (begins && !scan_run(&s, i, run_end(&s, i), &next))
            return false;
        i = next;
    }
    return true;
}
