/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * quote_speaker.c - looks for a verb of saying beside each quotation, and for its subject: a name, a pronoun that stands
 * for one, or the words of an unnamed speaker ("a spokesman for the ministry"). What goes on without a verb of its own is
 * said by the one who spoke before it.
 */
#include "src/text/quote_speaker.h"

#include <string.h>

#include "src/text/name_words.h"
#include "src/text/quote_words.h"
#include "src/text/sentence.h"

enum {
    AFTER = 40,     /* tokens after a quotation that are looked at */
    BEFORE = 60,    /* and before it */
    SUBJECT = 14,   /* tokens of a subject behind its verb */
    UNNAMED = 9,    /* of one without a name */
    PARAGRAPHS_BACK = 3 /* in which a pronoun finds its name */
};

/* Who: a name, or words, or nobody (count == 0). */
typedef struct speaker {
    uint32_t entity, first, count;
} speaker;

static const speaker nobody = {UINT32_MAX, 0, 0};

typedef struct reader {
    ns_lexicon *lexicon;
    const char *const *texts;
    const ns_span *spans;
    const uint32_t *bases;
    const ns_lexeme *tokens;
    const ns_entities *entities;
    ns_quotes *quotes;
    uint8_t *genders; /* of each entity: NS_SAY_MALE >> 9, NS_SAY_FEMALE >> 9, or 0 */
    size_t text;      /* that holds the quotation in hand */
    size_t quote;     /* in hand */
} reader;

static unsigned kind(const reader *r, uint32_t token)
{
    return ns_quote_word(&r->lexicon->words[r->tokens[token].word]);
}

static bool is(const reader *r, uint32_t token, const char *word)
{
    return !strcmp(r->lexicon->words[r->tokens[token].word].text, word);
}

/* ---- names */

/* The first mention that ends after the token. */
static const ns_found *mention_from(const reader *r, uint32_t token)
{
    size_t low = 0, high = r->entities->found_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const ns_found *f = &r->entities->found[middle];
        if (f->first_token + f->token_count <= token)
            low = middle + 1;
        else
            high = middle;
    }
    return r->entities->found + low;
}

static bool is_mention(const reader *r, const ns_found *f, uint32_t end)
{
    return f < r->entities->found + r->entities->found_count && f->first_token < end;
}

static bool is_person(const reader *r, const ns_found *f)
{
    return r->entities->entities[f->entity].type == NS_ENTITY_PERSON;
}

static speaker by_mention(const ns_found *f)
{
    return (speaker){f->entity, f->first_token, f->token_count};
}

/* "of Ohio", "Kim's sister": the name belongs to another word. */
static bool belongs(const reader *r, const ns_found *f, uint32_t begin, uint32_t end)
{
    uint32_t after = f->first_token + f->token_count;
    if (after < end && r->tokens[after].gap & NS_GAP_POSSESSIVE)
        return true;
    uint32_t before = f->first_token;
    while (before > begin && (is(r, before - 1, "the") || is(r, before - 1, "mr") || is(r, before - 1, "president")))
        before--;
    return before > begin && !(r->tokens[before].gap & NS_GAP_COMMA) && kind(r, before - 1) & NS_SAY_LINK;
}

/* The first person among tokens [begin, end) that belongs to nothing else; NULL: none. */
static const ns_found *person_in(const reader *r, uint32_t begin, uint32_t end)
{
    for (const ns_found *f = mention_from(r, begin); is_mention(r, f, end); f++)
        if (f->first_token >= begin && is_person(r, f) && !belongs(r, f, begin, end))
            return f;
    return NULL;
}

/* ---- he and she */

static void learn_gender(reader *r, const ns_found *f)
{
    unsigned told = 0;
    for (uint32_t i = f->first_token ? f->first_token - 1 : 0; i < f->first_token + f->token_count && !told; i++) {
        unsigned k = kind(r, i);
        bool title = r->lexicon->words[r->tokens[i].word].name_kinds & NS_NAME_TITLE;
        if (i < f->first_token && !title)
            continue;
        told = k & (NS_SAY_MALE | NS_SAY_FEMALE);
        if (i >= f->first_token && !title)
            break; /* the first name tells, or nothing does */
    }
    if (told)
        r->genders[f->entity] |= (uint8_t)(told >> 9);
}

static bool fits(const reader *r, uint32_t entity, unsigned pronoun)
{
    unsigned wanted = pronoun & NS_SAY_HE ? NS_SAY_MALE >> 9 : NS_SAY_FEMALE >> 9;
    return r->entities->entities[entity].type == NS_ENTITY_PERSON &&
           (!r->genders[entity] || r->genders[entity] & wanted);
}

/* Who became the subject of a sentence between two tokens: named within its first words. NULL: nobody did. */
static const ns_found *subject_since(const reader *r, uint32_t from, uint32_t token, unsigned pronoun)
{
    const ns_found *last = NULL;
    for (const ns_found *f = mention_from(r, from); is_mention(r, f, token); f++) {
        uint32_t begin = f->first_token;
        if (begin < from || !fits(r, f->entity, pronoun))
            continue;
        for (int k = 0; k < 4 && begin > from && !ns_sentence_begins(r->lexicon, r->tokens, begin); k++)
            begin--;
        if (ns_sentence_begins(r->lexicon, r->tokens, begin) && !belongs(r, f, begin, token))
            last = f;
    }
    return last;
}

static bool is_quoted(const reader *r, uint32_t token)
{
    size_t low = 0, high = r->quotes->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (r->quotes->items[middle].last <= token)
            low = middle + 1;
        else
            high = middle;
    }
    return low < r->quotes->count && r->quotes->items[low].first <= token;
}

/* "argued Mr Howard" */
static bool follows_speech(const reader *r, const ns_found *f)
{
    uint32_t i = f->first_token;
    if (i && r->lexicon->words[r->tokens[i - 1].word].name_kinds & NS_NAME_TITLE)
        i--;
    return i && kind(r, i - 1) & NS_SAY_SPEECH;
}

/* Of a sentence, tokens [begin, end): who speaks in it, else who is named first; not who is only spoken of. */
static const ns_found *subject_of(const reader *r, uint32_t begin, uint32_t end, unsigned pronoun)
{
    const ns_found *subject = NULL;
    for (const ns_found *f = mention_from(r, begin); is_mention(r, f, end); f++)
        if (f->first_token >= begin && fits(r, f->entity, pronoun) && !is_quoted(r, f->first_token) &&
            (!subject || follows_speech(r, f)))
            subject = f;
    return subject;
}

/* The name that a pronoun stands for: someone quoted shortly before, else the subject of the sentence before. */
static speaker by_pronoun(const reader *r, uint32_t token, unsigned pronoun)
{
    size_t oldest = r->text > PARAGRAPHS_BACK ? r->text - PARAGRAPHS_BACK : 1;
    for (size_t q = r->quote; q-- > 0 && r->quotes->items[q].first >= r->spans[oldest].first;) {
        const ns_quote *x = &r->quotes->items[q];
        if (x->entity != UINT32_MAX && fits(r, x->entity, pronoun)) {
            const ns_found *other = subject_since(r, x->last, token, pronoun);
            return (speaker){other ? other->entity : x->entity, token, 1};
        }
    }
    for (size_t s = r->text + 1; s-- > oldest;) {
        uint32_t end = s == r->text ? token : r->spans[s].last, begin = end;
        while (begin > r->spans[s].first) {
            do
                begin--;
            while (begin > r->spans[s].first && !ns_sentence_begins(r->lexicon, r->tokens, begin));
            const ns_found *subject = subject_of(r, begin, end, pronoun);
            if (subject)
                return (speaker){subject->entity, token, 1};
            end = begin;
        }
    }
    /* none in sight: the headline's or the article's first */
    for (const ns_found *f = r->entities->found; is_mention(r, f, token); f++)
        if (fits(r, f->entity, pronoun))
            return (speaker){f->entity, token, 1};
    return nobody;
}

/* "it said": the organisation named last. */
static speaker by_it(const reader *r, uint32_t token)
{
    uint32_t begin = r->spans[r->text > 2 ? r->text - 2 : 1].first;
    const ns_found *f = mention_from(r, token);
    while (f-- > r->entities->found && f->first_token >= begin)
        if (r->entities->entities[f->entity].type == NS_ENTITY_ORG)
            return (speaker){f->entity, token, 1};
    return nobody;
}

/* ---- subjects */

/* Of an unnamed speaker, whose words are [begin, end): names at its end that belong to it are not his. */
static speaker unnamed(const reader *r, uint32_t begin, uint32_t end)
{
    const ns_found *person = person_in(r, begin, end);
    if (person)
        return by_mention(person);
    return end > begin && end - begin <= UNNAMED ? (speaker){UINT32_MAX, begin, end - begin} : nobody;
}

/* Behind a verb or "according to": a name, or words up to the next that begin something else. */
static speaker subject_after(const reader *r, uint32_t begin, uint32_t end)
{
    uint32_t i = begin;
    if (begin >= end)
        return nobody;
    unsigned k = kind(r, begin);
    if (k & (NS_SAY_HE | NS_SAY_SHE))
        return by_pronoun(r, begin, k);
    for (i = begin + 1; i < end && i - begin < SUBJECT; i++)
        if (r->tokens[i].gap & (NS_GAP_COMMA | NS_GAP_QUOTE | NS_GAP_STOP) ||
            ns_sentence_begins(r->lexicon, r->tokens, i))
            break;
    const ns_found *f = mention_from(r, begin);
    if (!(is_mention(r, f, i) && f->first_token == begin) && k & NS_SAY_NONE)
        return nobody;
    const ns_found *person = person_in(r, begin, i);
    uint32_t stop = begin;
    while (stop < i && (stop == begin || !(kind(r, stop) & NS_SAY_NONE) || is(r, stop, "of") || is(r, stop, "for")))
        stop++;
    if (person && person->first_token < stop)
        return by_mention(person);
    for (; is_mention(r, f, stop); f++)
        if (f->first_token + f->token_count == stop && !belongs(r, f, begin, stop))
            return by_mention(f);
    /* "said the coach, Bruno Alves": the name after the comma */
    const ns_found *after = mention_from(r, i);
    if (stop == i && i < end && r->tokens[i].gap & NS_GAP_COMMA && is_mention(r, after, end) &&
        after->first_token == i && is_person(r, after) && !belongs(r, after, i, end))
        return by_mention(after);
    return unnamed(r, begin, stop);
}

static bool is_determiner(const reader *r, uint32_t i)
{
    static const char *const words[] = {"the", "a", "an", "one", "another", "its", "his", "her", "their", "some", "two"};
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if (is(r, i, words[k]))
            return true;
    return false;
}

/* Before the commas of "Miller, the department's spokesman, said". */
static speaker subject_before_comma(const reader *r, uint32_t begin, uint32_t end)
{
    for (uint32_t c = end; c-- > begin + 1;)
        if (r->tokens[c].gap & NS_GAP_COMMA) {
            const ns_found *f = mention_from(r, c - 1);
            if (is_mention(r, f, c) && f->first_token + f->token_count == c && is_person(r, f) &&
                !belongs(r, f, begin, c))
                return by_mention(f);
        }
    const ns_found *person = person_in(r, begin, end);
    if (person)
        return by_mention(person);
    uint32_t stop = begin;
    while (stop < end && (stop == begin || !(r->tokens[stop].gap & NS_GAP_COMMA)))
        stop++;
    return is_determiner(r, begin) ? unnamed(r, begin, stop) : nobody;
}

/* Of the verb at 'verb'; the clause does not begin before 'begin'. */
static speaker subject_before(const reader *r, uint32_t begin, uint32_t verb)
{
    uint32_t end = verb;
    while (end > begin && kind(r, end - 1) & NS_SAY_BETWEEN)
        end--;
    if (end == begin)
        return nobody;
    uint32_t last = end - 1;
    unsigned k = kind(r, last);
    if (is(r, last, "was") || is(r, last, "were") || is(r, last, "been") || is(r, last, "being") || is(r, last, "is")) {
        if (!is(r, verb, "quoted") && kind(r, verb) & NS_SAY_PASSIVE)
            return nobody;
        return last > begin ? subject_before(r, begin, last) : nobody;
    }
    if (is(r, last, "as") && last > begin && is(r, last - 1, "quoted"))
        return subject_before(r, begin, last - 1);
    if (k & (NS_SAY_HE | NS_SAY_SHE))
        return by_pronoun(r, last, k);
    if (is(r, last, "it"))
        return by_it(r, last);
    if (is(r, last, "who"))
        return last > begin ? subject_before_comma(r, begin, last) : nobody;
    if (verb < r->spans[r->text].last && r->tokens[end].gap & NS_GAP_COMMA)
        return subject_before_comma(r, begin, end);
    const ns_found *f = mention_from(r, last);
    uint32_t start = last;
    if (is_mention(r, f, end) && f->first_token + f->token_count == end) {
        start = f->first_token;
        if (!belongs(r, f, begin, end))
            return by_mention(f);
        /* "John Smith of Ohio said": the name before */
        const ns_found *before = f > r->entities->found ? f - 1 : NULL;
        if (before && before->first_token >= begin && before->first_token + before->token_count + 1 == start &&
            is_person(r, before))
            return by_mention(before);
    } else if (k & (NS_SAY_NONE | NS_SAY_LINK | NS_SAY_SPEECH)) {
        return nobody;
    }
    for (; start > begin && end - start <= UNNAMED; start--) {
        if (r->tokens[start].gap & NS_GAP_COMMA)
            break;
        unsigned before = kind(r, start - 1);
        bool links = is(r, start - 1, "of") || is(r, start - 1, "for");
        if (is_determiner(r, start) && !links)
            break;
        if (before & (NS_SAY_NONE | NS_SAY_SPEECH) && !links)
            break;
    }
    return unnamed(r, start, end);
}

/* ---- beside a quotation */

/* Whether a colon stands between the token and the one before it. */
static bool after_colon(const reader *r, uint32_t token)
{
    const ns_span *span = &r->spans[r->text];
    if (token <= span->first || token >= span->last)
        return false;
    const char *p = r->texts[r->text] + (r->tokens[token - 1].end - r->bases[r->text]);
    const char *end = r->texts[r->text] + (r->tokens[token].begin - r->bases[r->text]);
    return memchr(p, ':', (size_t)(end - p)) != NULL;
}

/* "...", said X / "...", X said / "...", according to X */
static speaker told_after(const reader *r, const ns_quote *q)
{
    const ns_span *span = &r->spans[r->text];
    uint32_t i = q->last, end = span->last;
    if (r->quote + 1 < r->quotes->count && r->quotes->items[r->quote + 1].first < end)
        end = r->quotes->items[r->quote + 1].first;
    if (i >= end || (r->tokens[i].gap & NS_GAP_PERIOD && !(r->tokens[i].gap & NS_GAP_COMMA)))
        return nobody;
    if (end - i > AFTER)
        end = i + AFTER;
    for (uint32_t k = i + 1; k < end; k++)
        if (ns_sentence_begins(r->lexicon, r->tokens, k))
            end = k;
    unsigned k = kind(r, i);
    if (is(r, i, "according") && i + 1 < end)
        return subject_after(r, i + 2, end);
    if (k & NS_SAY_SPEECH) {
        speaker s = subject_after(r, i + 1, end);
        if (s.count)
            return s;
    }
    const ns_found *f = mention_from(r, i);
    bool named = is_mention(r, f, end) && f->first_token == i;
    if (!named && !(k & (NS_SAY_HE | NS_SAY_SHE | NS_SAY_IT)) && k & (NS_SAY_NONE | NS_SAY_LINK))
        return nobody;
    for (uint32_t v = i + 1; v < end && v < i + 18; v++) {
        const ns_found *m = mention_from(r, v);
        if (kind(r, v) & NS_SAY_SPEECH && !(is_mention(r, m, v + 1)))
            return subject_before(r, i, v);
    }
    return nobody;
}

static speaker verb_before(const reader *r, uint32_t begin, uint32_t end)
{
    for (uint32_t v = end; v-- > begin;) {
        const ns_found *m = mention_from(r, v);
        unsigned k = kind(r, v);
        speaker s = nobody;
        if (is_mention(r, m, v + 1))
            continue;
        if (is(r, v, "according") && v + 2 < end && is(r, v + 1, "to"))
            s = subject_after(r, v + 2, end);
        else if (is(r, v, "quoted") && is_mention(r, m, end) && m->first_token <= v + 3 &&
                 m->first_token + m->token_count < end && is(r, m->first_token + m->token_count, "as"))
            s = by_mention(m);
        else if (k & (NS_SAY_SPEECH | NS_SAY_ACT))
            s = subject_before(r, begin, v);
        if (!s.count && k & NS_SAY_SPEECH && v == begin)
            s = subject_after(r, v + 1, end);
        if (s.count)
            return s;
    }
    return nobody;
}

/* Where the sentence begins in which 'token' stands, or the quotation before it ends. */
static uint32_t clause_begin(const reader *r, uint32_t token)
{
    uint32_t least = r->spans[r->text].first, i = token;
    if (r->quote && r->quotes->items[r->quote - 1].last > least)
        least = r->quotes->items[r->quote - 1].last;
    if (least + BEFORE < token)
        least = token - BEFORE;
    while (i > least && !ns_sentence_begins(r->lexicon, r->tokens, i))
        i--;
    return i < least ? least : i;
}

static speaker told_before(const reader *r, const ns_quote *q, uint32_t begin)
{
    if (after_colon(r, q->first)) {
        const ns_found *f = mention_from(r, q->first - 1);
        if (is_mention(r, f, q->first) && f->first_token + f->token_count == q->first && f->first_token == begin)
            return by_mention(f);
    }
    return verb_before(r, begin, q->first);
}

/* In the paragraph before, which told of someone speaking: its last sentence. */
static speaker told_in_paragraph_before(reader *r)
{
    const ns_span *span = &r->spans[r->text - 1];
    if (r->text < 2 || span->first == span->last)
        return nobody;
    uint32_t begin = span->last - 1;
    while (begin > span->first && !ns_sentence_begins(r->lexicon, r->tokens, begin))
        begin--;
    r->text--;
    speaker s = verb_before(r, begin, span->last);
    r->text++;
    return s;
}

static speaker of_quote(const ns_quote *q)
{
    return (speaker){q->entity, q->named, q->named_count};
}

static speaker attribute(reader *r)
{
    const ns_quote *q = &r->quotes->items[r->quote], *before = r->quote ? q - 1 : NULL;
    const ns_span *span = &r->spans[r->text];
    bool here = before && before->last > span->first;
    uint32_t begin = clause_begin(r, q->first);
    bool inside = begin < q->first; /* of a sentence that began before it */
    speaker s = inside ? told_before(r, q, begin) : nobody;
    size_t text = r->text;
    if (!s.count) { /* the words after it stand in the text in which it ends */
        while (r->spans[r->text].last < q->last)
            r->text++;
        s = told_after(r, q);
        r->text = text;
    }
    if (s.count)
        return s;
    if (here && before->named_count && (!inside || before->last >= begin))
        return of_quote(before); /* goes on after "X said." */
    if (q->first == span->first && q->last >= span->last) {
        bool follows = before && r->text > 1 && before->last > r->spans[r->text - 1].first;
        return follows ? of_quote(before) : told_in_paragraph_before(r);
    }
    return nobody;
}

/* ---- words by which a speaker is found */

static bool add_word(uint32_t *list, uint32_t *count, uint32_t word)
{
    for (uint32_t i = 0; i < *count; i++)
        if (list[i] == word)
            return true;
    list[(*count)++] = word;
    return word != UINT32_MAX;
}

static bool name_words(reader *r, ns_quote *q, const speaker *s, ns_arena *arena)
{
    const ns_entity *e = s->entity == UINT32_MAX ? NULL : &r->entities->entities[s->entity];
    size_t room = s->count + 1;
    for (const char *p = e ? e->key : ""; *p; p++)
        room += *p == ' ';
    uint32_t *list = ns_arena_array(arena, room + 1, sizeof *list), count = 0;
    if (!list)
        return false;
    for (const char *p = e ? e->key : ""; *p;) {
        size_t n = strcspn(p, " ");
        if (n && n <= NS_WORD_MAX && !add_word(list, &count, ns_lexicon_word(r->lexicon, p, n)))
            return false;
        p += n + (p[n] == ' ');
    }
    for (uint32_t i = s->first; i < s->first + s->count; i++) {
        const ns_found *f = mention_from(r, i);
        bool pronoun = kind(r, i) & (NS_SAY_HE | NS_SAY_SHE | NS_SAY_IT);
        bool another = !e && is_mention(r, f, i + 1) && is_person(r, f); /* a spokesman for Kim is not Kim */
        if (!pronoun && !another && !r->lexicon->words[r->tokens[i].word].stopword &&
            !add_word(list, &count, r->tokens[i].word))
            return false;
    }
    q->speaker = list;
    q->speaker_count = count;
    return true;
}

bool ns_quote_speakers_find(ns_lexicon *lexicon, const char *const *texts, const ns_span *spans,
                            const uint32_t *bases, size_t span_count, const ns_lexeme *tokens,
                            const ns_entities *entities, ns_arena *arena, ns_quotes *quotes)
{
    reader r = {.lexicon = lexicon, .texts = texts, .spans = spans, .bases = bases, .tokens = tokens,
                .entities = entities, .quotes = quotes, .text = 1};
    r.genders = ns_arena_zero(arena, entities->entity_count + 1);
    if (!r.genders)
        return false;
    for (size_t i = 0; i < entities->found_count; i++)
        if (is_person(&r, &entities->found[i]))
            learn_gender(&r, &entities->found[i]);
    for (r.quote = 0; r.quote < quotes->count; r.quote++) {
        ns_quote *q = &quotes->items[r.quote];
        while (r.text + 1 < span_count && spans[r.text].last <= q->first)
            r.text++;
        speaker s = attribute(&r);
        q->entity = s.entity;
        q->named = s.first;
        q->named_count = s.count;
        if (s.count && !name_words(&r, q, &s, arena))
            return false;
    }
    return true;
}
