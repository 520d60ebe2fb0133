/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * name_guess.c - University makes an organisation, John a person, "the town of" a place.
 */
#include "src/text/name_guess.h"

#include <string.h>

#include "src/text/name_words.h"

unsigned ns_name_all_kinds(const ns_name_scan *s, size_t first, size_t end)
{
    unsigned kinds = 0;
    for (size_t i = first; i < end; i++)
        kinds |= ns_name_kinds_at(s, i);
    return kinds;
}

static bool has_initial(const ns_name_scan *s, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++)
        if (s->tokens[i].flags & NS_RAW_INITIALS || (ns_name_word_at(s, i)->length == 1 && ns_name_capital_at(s, i)))
            return true;
    return false;
}

static bool is_known_place(const ns_name_scan *s, size_t i)
{
    const ns_gazetteer *g = NULL;
    const ns_alias *alias = ns_names_known_at(s->lexicon, s->tokens, i, s->last, false, s->all_upper, &g);
    return alias && !(alias->flags & NS_ALIAS_ADJECTIVE) && g->names[alias->name].type == NS_ENTITY_PLACE;
}

/* ", Texas" after the phrase. */
static bool place_follows(const ns_name_scan *s, size_t end)
{
    return end < s->last && s->tokens[end].gap & NS_GAP_COMMA && ns_name_capital_at(s, end) && is_known_place(s, end);
}

static bool lower_at(const ns_name_scan *s, size_t i)
{
    return !ns_name_capital_at(s, i);
}

/* The kinds of the lower-case word right before the phrase, 0 where there is none. */
static unsigned kinds_before(const ns_name_scan *s, size_t first)
{
    if (first == s->first || s->tokens[first].gap & ~(unsigned)NS_GAP_SPACE || ns_name_capital_at(s, first - 1))
        return 0;
    return ns_name_kinds_at(s, first - 1);
}

/* The kinds of the lower-case word right after the phrase, 0 where there is none. */
static unsigned kinds_after(const ns_name_scan *s, size_t end)
{
    return end < s->last && s->tokens[end].gap == NS_GAP_SPACE && lower_at(s, end) ? ns_name_kinds_at(s, end) : 0;
}

static bool is_word(const ns_name_scan *s, size_t i, const char *word)
{
    return !strcmp(ns_name_word_at(s, i)->text, word);
}

bool ns_name_place_wanted(const ns_name_scan *s, size_t i)
{
    if (kinds_before(s, i) & NS_NAME_WHERE)
        return true;
    return i >= s->first + 2 && is_word(s, i - 1, "of") && s->tokens[i].gap == NS_GAP_SPACE && lower_at(s, i - 2) &&
           ns_name_kinds_at(s, i - 2) & NS_NAME_PLACE_NOUN;
}

/* ", 58," after the phrase: an age. */
static bool age_follows(const ns_name_scan *s, size_t end)
{
    if (end + 1 >= s->last || !(s->tokens[end].gap & NS_GAP_COMMA) || !(s->tokens[end].flags & NS_RAW_NUMBER) ||
        !(s->tokens[end + 1].gap & (NS_GAP_COMMA | NS_GAP_PERIOD)))
        return false;
    const ns_word *age = ns_name_word_at(s, end);
    return age->length <= 2 || (age->length == 3 && age->text[0] == '1' && age->text[1] < '2');
}

/* "a daughter, Solveig", "his wife Ann". */
static bool kin_before(const ns_name_scan *s, size_t first)
{
    return first > s->first && !(s->tokens[first].gap & ~(unsigned)(NS_GAP_SPACE | NS_GAP_COMMA)) &&
           lower_at(s, first - 1) && ns_name_kinds_at(s, first - 1) & NS_NAME_KIN;
}

static bool the_before(const ns_name_scan *s, size_t first)
{
    return first > s->first && s->tokens[first].gap == NS_GAP_SPACE && is_word(s, first - 1, "the");
}

bool ns_name_is_dateline(const ns_name_scan *s, size_t first, size_t end)
{
    if (first != s->first || end >= s->last || end - first > 3)
        return false;
    for (size_t i = first; i < end; i++)
        if (!(s->tokens[i].flags & NS_RAW_UPPER) || s->tokens[i].flags & NS_RAW_INITIALS)
            return false;
    for (size_t i = end; i < s->last && i < end + 7; i++)
        if ((s->tokens[i].gap & NS_NAME_DASH) == NS_NAME_DASH)
            return true;
        else if (!ns_name_capital_at(s, i) && !(s->tokens[i].flags & NS_RAW_NUMBER))
            return false;
    return false;
}

/* What stands beside the phrase says of it; OTHER: nothing. */
static ns_entity_type by_neighbours(const ns_name_scan *s, size_t first, size_t end)
{
    unsigned before = kinds_before(s, first), after = kinds_after(s, end);
    if (place_follows(s, end) || ns_name_is_dateline(s, first, end))
        return NS_ENTITY_PLACE;
    if (age_follows(s, end) || kin_before(s, first))
        return NS_ENTITY_PERSON;
    if (after & NS_NAME_PLACE_NOUN)
        return NS_ENTITY_PLACE;
    if (end - first == 1 && s->tokens[first].flags & NS_RAW_UPPER)
        return NS_ENTITY_ORG;
    if (ns_name_place_wanted(s, first))
        return NS_ENTITY_PLACE;
    if (before & NS_NAME_ORG_NOUN)
        return NS_ENTITY_ORG;
    return NS_ENTITY_OTHER;
}

static ns_entity_type guess_single(const ns_name_scan *s, size_t i, size_t end)
{
    ns_entity_type type = by_neighbours(s, i, end);
    if (type == NS_ENTITY_OTHER && ns_name_kinds_at(s, i) & NS_NAME_FIRST)
        return NS_ENTITY_PERSON;
    return type;
}

ns_entity_type ns_name_guess(const ns_name_scan *s, size_t first, size_t end, bool titled)
{
    unsigned kinds = ns_name_all_kinds(s, first, end), head = ns_name_kinds_at(s, first),
             tail = ns_name_kinds_at(s, end - 1);
    size_t count = end - first;
    if (kinds & NS_NAME_LEGAL && count > 1)
        return NS_ENTITY_ORG;
    if (titled)
        return NS_ENTITY_PERSON;
    if (count == 1)
        return guess_single(s, first, end);
    if (tail & NS_NAME_SUFFIX)
        return NS_ENTITY_PERSON;
    bool body = false; /* "... Bank of ..." */
    for (size_t i = first; i + 1 < end; i++)
        body |= ns_name_kinds_at(s, i) & NS_NAME_ORG && !ns_name_capital_at(s, i + 1);
    if (head & NS_NAME_FIRST && !(tail & NS_NAME_ORG) && !body)
        return NS_ENTITY_PERSON;
    if (kinds & NS_NAME_ORG)
        return NS_ENTITY_ORG;
    if (s->tokens[end - 1].gap & NS_GAP_AND)
        return NS_ENTITY_ORG;
    if (head & NS_NAME_PLACE || tail & NS_NAME_PLACE)
        return NS_ENTITY_PLACE;
    ns_entity_type type = by_neighbours(s, first, end);
    if (type != NS_ENTITY_OTHER)
        return type;
    if (kinds & NS_NAME_OTHER)
        return count == 2 && head & NS_NAME_OTHER && is_known_place(s, first + 1) ? NS_ENTITY_PLACE
                                                                                  : NS_ENTITY_OTHER;
    if (has_initial(s, first, end))
        return NS_ENTITY_PERSON;
    if (head & NS_NAME_FAMILY_FIRST && count <= 3)
        return NS_ENTITY_PERSON;
    for (size_t i = first; i < end; i++)
        if (ns_name_kinds_at(s, i) & NS_NAME_COMMON || s->tokens[i].flags & NS_RAW_UPPER)
            return s->tokens[i].flags & NS_RAW_UPPER ? NS_ENTITY_ORG : NS_ENTITY_OTHER;
    if (the_before(s, first)) /* no article goes before a person */
        return NS_ENTITY_ORG;
    return count <= 3 ? NS_ENTITY_PERSON : NS_ENTITY_OTHER;
}
