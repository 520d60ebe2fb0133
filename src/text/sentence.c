/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * sentence.c - sentence ends from what stands between two tokens: periods after abbreviations, initials and
 * inside numbers end nothing; a quote after the period belongs to the sentence; a missing space is forgiven.
 */
#include "src/text/sentence.h"

#include <string.h>

#include "src/text/fold.h"

typedef enum abbreviation { NONE, BEFORE_NAME, BEFORE_NUMBER, AFTER_NAME } abbreviation;

static abbreviation abbreviation_of(const ns_word *word)
{
    static const struct {
        char word[8];
        abbreviation kind;
    } list[] = {
        {"mr", BEFORE_NAME},    {"mrs", BEFORE_NAME},   {"ms", BEFORE_NAME},    {"dr", BEFORE_NAME},
        {"prof", BEFORE_NAME},  {"sen", BEFORE_NAME},   {"sens", BEFORE_NAME},  {"rep", BEFORE_NAME},
        {"reps", BEFORE_NAME},  {"gov", BEFORE_NAME},   {"govs", BEFORE_NAME},  {"gen", BEFORE_NAME},
        {"lt", BEFORE_NAME},    {"col", BEFORE_NAME},   {"sgt", BEFORE_NAME},   {"capt", BEFORE_NAME},
        {"cmdr", BEFORE_NAME},  {"adm", BEFORE_NAME},   {"maj", BEFORE_NAME},   {"cpl", BEFORE_NAME},
        {"pvt", BEFORE_NAME},   {"rev", BEFORE_NAME},   {"hon", BEFORE_NAME},   {"messrs", BEFORE_NAME},
        {"st", BEFORE_NAME},    {"mt", BEFORE_NAME},    {"ft", BEFORE_NAME},    {"fr", BEFORE_NAME},
        {"supt", BEFORE_NAME},  {"det", BEFORE_NAME},   {"vs", BEFORE_NAME},    {"pres", BEFORE_NAME},
        {"no", BEFORE_NUMBER},  {"nos", BEFORE_NUMBER}, {"sec", BEFORE_NUMBER}, {"art", BEFORE_NUMBER},
        {"fig", BEFORE_NUMBER}, {"pp", BEFORE_NUMBER},  {"vol", BEFORE_NUMBER}, {"jan", BEFORE_NUMBER},
        {"feb", BEFORE_NUMBER}, {"mar", BEFORE_NUMBER}, {"apr", BEFORE_NUMBER}, {"jun", BEFORE_NUMBER},
        {"jul", BEFORE_NUMBER}, {"aug", BEFORE_NUMBER}, {"sep", BEFORE_NUMBER}, {"sept", BEFORE_NUMBER},
        {"oct", BEFORE_NUMBER}, {"nov", BEFORE_NUMBER}, {"dec", BEFORE_NUMBER}, {"approx", BEFORE_NUMBER},
        {"inc", AFTER_NAME},    {"corp", AFTER_NAME},   {"co", AFTER_NAME},     {"ltd", AFTER_NAME},
        {"plc", AFTER_NAME},    {"bros", AFTER_NAME},   {"jr", AFTER_NAME},     {"sr", AFTER_NAME},
        {"etc", AFTER_NAME},    {"calif", AFTER_NAME},  {"fla", AFTER_NAME},    {"tex", AFTER_NAME},
        {"pa", AFTER_NAME},     {"mass", AFTER_NAME},   {"conn", AFTER_NAME},   {"ariz", AFTER_NAME},
        {"wash", AFTER_NAME},   {"ore", AFTER_NAME},    {"mich", AFTER_NAME},   {"minn", AFTER_NAME},
        {"ill", AFTER_NAME},    {"ala", AFTER_NAME},    {"ark", AFTER_NAME},    {"colo", AFTER_NAME},
        {"tenn", AFTER_NAME},   {"wis", AFTER_NAME},    {"del", AFTER_NAME},    {"intl", AFTER_NAME},
        {"dept", AFTER_NAME},   {"govt", AFTER_NAME},   {"assn", AFTER_NAME},   {"ave", AFTER_NAME},
        {"blvd", AFTER_NAME},   {"va", AFTER_NAME},     {"ga", AFTER_NAME},     {"la", AFTER_NAME},
        {"ind", AFTER_NAME},    {"kan", AFTER_NAME},    {"ky", AFTER_NAME},     {"md", AFTER_NAME},
        {"mo", AFTER_NAME},     {"mont", AFTER_NAME},   {"neb", AFTER_NAME},    {"nev", AFTER_NAME},
        {"okla", AFTER_NAME},   {"vt", AFTER_NAME},     {"wyo", AFTER_NAME},    {"ph", AFTER_NAME},
    };
    if (word->length > 6)
        return NONE;
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (!strcmp(list[i].word, word->text))
            return list[i].kind;
    return NONE;
}

static bool ends_at_period(const ns_lexicon *lexicon, const ns_lexeme *before, const ns_lexeme *after)
{
    const ns_word *word = &lexicon->words[before->word], *next = &lexicon->words[after->word];
    bool quoted = after->gap & (NS_GAP_QUOTE | NS_GAP_APOSTROPHE);
    bool capital = after->flags & NS_RAW_CAPITAL, number = after->flags & NS_RAW_NUMBER;
    bool clear_start = capital && next->stopword && next->length > 1; /* "The", "But", "He" */
    if (after->gap & NS_GAP_SPACED_PERIOD)
        return true;
    if (!(capital || number || (quoted && (after->gap & NS_GAP_SPACE))))
        return false;
    bool capitalised = before->flags & NS_RAW_CAPITAL;
    if (word->length == 1 && capitalised && !word->number)
        return clear_start; /* John F. Kennedy */
    switch (capitalised || word->length < 4 ? abbreviation_of(word) : NONE) {
    case NONE:
        break;
    case BEFORE_NAME:
        if (capitalised || !strcmp(word->text, "vs"))
            return false;
        break;
    case BEFORE_NUMBER:
        if (number)
            return false;
        break;
    case AFTER_NAME:
        if (capitalised || !strcmp(word->text, "etc"))
            return clear_start || quoted;
        break;
    }
    /* No space: "war.The", but not "FOO.Com" or "3.F". */
    if (!(after->gap & (NS_GAP_SPACE | NS_GAP_QUOTE | NS_GAP_APOSTROPHE)))
        return capital && word->length > 1 && !word->number && (after->flags & NS_RAW_LOWER) &&
               !(before->flags & NS_RAW_CAPITAL && !(before->flags & NS_RAW_LOWER));
    return true;
}

bool ns_sentence_begins(const ns_lexicon *lexicon, const ns_lexeme *tokens, size_t i)
{
    const ns_lexeme *after = &tokens[i];
    if (after->gap & NS_GAP_START)
        return true;
    const ns_lexeme *before = after - 1;
    if (after->gap & NS_GAP_ELLIPSIS) { /* "at the invitation of... Putin" goes on */
        const ns_word *next = &lexicon->words[after->word];
        return after->flags & NS_RAW_CAPITAL && next->stopword && next->length > 1;
    }
    if (after->gap & NS_GAP_STOP) {
        bool quoted = after->gap & (NS_GAP_QUOTE | NS_GAP_APOSTROPHE);
        return after->flags & NS_RAW_CAPITAL ||
               (!(after->flags & NS_RAW_LOWER) && (after->gap & NS_GAP_SPACE) && !quoted);
    }
    if (after->gap & NS_GAP_PERIOD)
        return ends_at_period(lexicon, before, after);
    if ((before->flags & NS_RAW_INITIALS) && (after->gap & NS_GAP_SPACE) && after->flags & NS_RAW_CAPITAL) {
        const ns_word *next = &lexicon->words[after->word];
        return !(after->gap & NS_GAP_COMMA) &&
               ((next->stopword && next->length > 1) || after->gap & NS_GAP_QUOTE);
    }
    return false;
}

static bool is_stop(uint32_t c)
{
    return c == '.' || c == '!' || c == '?' || ns_char_classify(c) == NS_CHAR_STOP;
}

static bool closes(uint32_t c)
{
    return c == '"' || c == '\'' || c == ')' || c == ']' || c == 0x201d || c == 0x2019 || c == 0xbb;
}

/* Between the tokens [p, q): the sentence ends after its last stop and what closes there; *next is where the
 * following one begins. */
static const char *boundary(const char *p, const char *q, const char **next)
{
    const char *end = p;
    bool after_stop = false;
    for (const char *at = p; at < q;) {
        size_t length;
        uint32_t c = ns_utf8_next(at, q, &length);
        at += length;
        if (is_stop(c)) {
            after_stop = true;
            end = at;
        } else if (after_stop && closes(c)) {
            end = at;
        } else {
            after_stop = false;
        }
    }
    const char *begin = end;
    while (begin < q && (*begin == ' ' || *begin == '\t'))
        begin++;
    *next = begin;
    return end;
}

size_t ns_sentences_cut(const ns_lexicon *lexicon, const char *text, size_t n, uint32_t base,
                        const ns_lexeme *tokens, size_t first, size_t last, uint32_t longest,
                        ns_sentence *out)
{
    size_t count = 0;
    for (size_t i = first; i < last; i++) {
        bool begins = i == first || ns_sentence_begins(lexicon, tokens, i);
        if (!begins && out[count - 1].token_count < longest) {
            out[count - 1].token_count++;
            continue;
        }
        uint32_t begin = base;
        if (i > first) {
            const char *next,
                *end = boundary(text + (tokens[i - 1].end - base), text + (tokens[i].begin - base), &next);
            if (!begins) /* cut by force: between two words */
                end = text + (tokens[i - 1].end - base), next = text + (tokens[i].begin - base);
            out[count - 1].end = base + (uint32_t)(end - text);
            begin = base + (uint32_t)(next - text);
        }
        out[count++] = (ns_sentence){begin, base + (uint32_t)n, (uint32_t)i, 1, false};
    }
    if (count)
        out[count - 1].ends_paragraph = true;
    return count;
}
