/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * inspect_show.c - one article with all that is known of it, for a person and for a program.
 */
#include <string.h>

#include "tools/inspect.h"
#include "tools/tool_json.h"
#include "tools/tool_options.h"

nsearch_status inspect_fetch(inspect *in, uint32_t docid, ns_stored *stored, nsearch_error *err)
{
    const uint8_t *bytes = NULL;
    size_t n = 0;
    nsearch_status status = in->backend->fetch(in->snapshot, docid, &in->arena, &bytes, &n, err);
    return status ? status : ns_stored_decode(bytes, n, &in->arena, stored, err);
}

static const char *type_name(ns_entity_type type)
{
    switch (type) {
    case NS_ENTITY_PERSON:
        return "person";
    case NS_ENTITY_PLACE:
        return "place";
    case NS_ENTITY_ORG:
        return "org";
    case NS_ENTITY_OTHER:
        return "other";
    }
    return "other";
}

/* Characters (code points) before byte 'at', which lies within the text. */
static json_int_t characters(const char *text, size_t at)
{
    json_int_t count = 0;
    for (size_t i = 0; i < at; i++)
        count += (text[i] & 0xc0) != 0x80;
    return count;
}

/* The text that a mention stands in: a paragraph (which need not end in NUL), the title for -1 or the dateline for -2. */
static const char *text_of(const ns_article *article, int32_t paragraph)
{
    if (paragraph == -2)
        return article->dateline;
    if (paragraph < 0 || (size_t)paragraph >= article->paragraph_count)
        return article->title;
    return article->paragraphs[paragraph].text;
}

char *inspect_paragraph(inspect *in, const ns_article *article, size_t i)
{
    return ns_arena_copy(&in->arena, article->paragraphs[i].text, article->paragraphs[i].length);
}

static json_t *json_entity(inspect *in, const ns_article *article, const ns_mention *mention,
                           int32_t paragraph)
{
    const char *text = text_of(article, paragraph);
    json_t *object = json_object();
    const char *cut = ns_arena_copy(&in->arena, text + mention->begin, mention->end - mention->begin);
    tool_json_set_text(object, "text", cut ? cut : "");
    tool_json_set_text(object, "type", mention->people ? "other" : type_name(mention->type));
    tool_json_set_text(object, "canonical", mention->canonical);
    json_object_set_new(object, "known", json_boolean(mention->known));
    if (mention->people)
        json_object_set_new(object, "people", json_true());
    if (mention->within)
        tool_json_set_text(object, "within", mention->within);
    json_object_set_new(object, "paragraph", json_integer(paragraph));
    json_object_set_new(object, "start", json_integer(characters(text, mention->begin)));
    json_object_set_new(object, "end", json_integer(characters(text, mention->end)));
    return object;
}

bool inspect_set_article(inspect *in, json_t *object, const ns_article *article, nsearch_error *err)
{
    const struct {
        const char *key, *text;
    } fields[] = {
        { "id", article->id },
        { "title", article->title },
        { "date", article->date },
        { "date_source", article->date_source },
        { "date_certainty", article->date_certainty },
        { "updated", article->updated },
        { "captured", article->captured },
        { "source", article->source },
        { "byline", article->byline },
        { "url", article->url },
        { "language", article->language },
        { "dateline", article->dateline },
        { "section", article->section },
        { "credit", article->credit },
        { "agency", article->agency },
        { "form", article->form },
        { "origin", article->origin },
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        tool_json_set_text(object, fields[i].key, fields[i].text);
    json_t *paragraphs = json_array(), *dropped = json_array(), *entities = json_array();
    for (size_t i = 0; i < article->paragraph_count; i++) {
        const char *text = inspect_paragraph(in, article, i);
        json_array_append_new(paragraphs, tool_json_text(text ? text : ""));
    }
    for (size_t i = 0; i < article->dropped_count; i++) {
        json_t *line = json_object();
        tool_json_set_text(line, "text", article->dropped[i].text);
        tool_json_set_text(line, "reason", article->dropped[i].reason);
        tool_json_set_count(line, "before", article->dropped[i].before);
        json_array_append_new(dropped, line);
    }
    json_object_set_new(object, "paragraphs", paragraphs);
    json_object_set_new(object, "dropped", dropped);
    ns_mention *mentions = NULL;
    int32_t *paragraph = NULL;
    size_t count = 0;
    nsearch_status status =
        ns_analyse_mentions(in->workspace, article, &in->arena, &mentions, &paragraph, &count, err);
    for (size_t i = 0; !status && i < count; i++)
        json_array_append_new(entities, json_entity(in, article, mentions + i, paragraph[i]));
    json_object_set_new(object, "entities", entities);
    return !status;
}

void inspect_print_fields(const inspect *in, const ns_article *article)
{
    const struct {
        const char *label, *text;
    } fields[] = {
        { "id", article->id },           { "source", article->source },     { "byline", article->byline },
        { "date", article->date },       { "date from", article->date_source },
        { "certainty", article->date_certainty }, { "updated", article->updated },
        { "fetched", article->captured },
        { "dateline", article->dateline }, { "section", article->section }, { "credit", article->credit },
        { "agency", article->agency },   { "form", article->form },
        { "url", article->url },         { "language", article->language }, { "file", article->origin },
    };
    tool_print_wrapped(&in->page, 0, 0, TOOL_BOLD, *article->title ? article->title : "(no headline)", NULL, 0);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (!*fields[i].text)
            continue;
        printf("  %-10s ", fields[i].label);
        tool_print_safe(stdout, fields[i].text);
        putchar('\n');
    }
}

bool inspect_print_entities(inspect *in, const ns_article *article, nsearch_error *err)
{
    ns_mention *mentions = NULL;
    int32_t *paragraph = NULL;
    size_t count = 0;
    if (ns_analyse_mentions(in->workspace, article, &in->arena, &mentions, &paragraph, &count, err))
        return false;
    if (count)
        puts("Names:");
    for (size_t i = 0; i < count; i++) {
        size_t times = 1;
        bool seen = false;
        for (size_t k = 0; k < i && !seen; k++)
            seen = !strcmp(mentions[k].key, mentions[i].key);
        if (seen)
            continue;
        for (size_t k = i + 1; k < count; k++)
            times += !strcmp(mentions[k].key, mentions[i].key);
        printf("  %4zu  %-6s  ", times, type_name(mentions[i].type));
        tool_print_safe(stdout, mentions[i].canonical);
        putchar('\n');
    }
    return true;
}
