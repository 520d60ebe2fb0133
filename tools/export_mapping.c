/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * export_mapping.c - the index that documents of nsearch-export go into: its analysers, and what each field is. An analyser
 * does there what can be done with built-in parts; doc/export.md says what cannot.
 */
#include "tools/export.h"

typedef enum field_kind {
    KEYWORD, /* the whole value */
    TEXT,    /* words: stemmed, and exactly as written under ".exact" */
    NAME,    /* the whole value, for counting; its words under ".words" */
    DATE,
    FLAG,
    NUMBER
} field_kind;

typedef struct field {
    const char *name;
    field_kind kind;
} field;

static const field fields[] = {
    { "id", KEYWORD },          { "title", TEXT },     { "body", TEXT },           { "date", DATE },
    { "date_source", KEYWORD }, { "date_certainty", KEYWORD }, { "date_inferred", FLAG }, { "date_own", DATE },
    { "updated", DATE },        { "captured", DATE },  { "source", NAME },         { "byline", NAME },
    { "dateline", NAME },       { "section", NAME },   { "credit", NAME },         { "agencies", NAME },
    { "url", KEYWORD },         { "language", KEYWORD }, { "form", KEYWORD },      { "file", KEYWORD },
    { "people", NAME },         { "places", NAME },    { "orgs", NAME },           { "countries", NAME },
    { "group", KEYWORD },       { "group_size", NUMBER }, { "group_head", FLAG },  { "group_first", FLAG },
};
static const field passage_fields[] = { { "number", NUMBER }, { "text", TEXT } };
static const field quotation_fields[] = { { "text", TEXT }, { "speaker", NAME } };
#define COUNT(array) (sizeof(array) / sizeof *(array))

static json_t *field_mapping(field_kind kind)
{
    switch (kind) {
    case KEYWORD: /* a longer value is kept and not indexed, where it would be refused */
        return json_pack("{s:s, s:i}", "type", "keyword", "ignore_above", 8191);
    case TEXT:
        return json_pack("{s:s, s:s, s:s, s:{s:{s:s, s:s, s:s}}}", "type", "text", "analyzer", "news", "similarity",
                         "news", "fields", "exact", "type", "text", "analyzer", "news_exact", "similarity", "news");
    case NAME:
        return json_pack("{s:s, s:i, s:{s:{s:s, s:s}}}", "type", "keyword", "ignore_above", 8191, "fields", "words",
                         "type", "text", "analyzer", "news_exact");
    case DATE: /* a year or a month is a date; one that the engine cannot read must not cost the article */
        return json_pack("{s:s, s:s, s:b}", "type", "date", "format", "strict_date_optional_time", "ignore_malformed", 1);
    case FLAG:
        return json_pack("{s:s}", "type", "boolean");
    case NUMBER:
        return json_pack("{s:s}", "type", "integer");
    }
    return NULL;
}

static json_t *properties(const field *list, size_t count)
{
    json_t *object = json_object();
    for (size_t i = 0; i < count; i++)
        if (json_object_set_new(object, list[i].name, field_mapping(list[i].kind))) {
            json_decref(object);
            return NULL;
        }
    return object;
}

/* Curly marks become straight ones before words are cut, as in queries and articles here. */
static json_t *char_filters(void)
{
    return json_pack("{s:{s:s, s:[s, s, s, s, s, s]}}", "news_marks", "type", "mapping", "mappings", "\\u2018=>'",
                     "\\u2019=>'", "\\u201B=>'", "\\u2032=>'", "\\u02BC=>'", "\\u00B4=>'");
}

static json_t *analysis(void)
{
    return json_pack("{s:o, s:{s:{s:s, s:s}, s:{s:s, s:s}}, s:{s:{s:s, s:[s], s:s, s:[s, s, s, s]}, "
                     "s:{s:s, s:[s], s:s, s:[s, s, s]}}}",
                     "char_filter", char_filters(), "filter", "news_possessive", "type", "stemmer", "language",
                     "possessive_english", "news_stem", "type", "stemmer", "language", "porter2", "analyzer", "news",
                     "type", "custom", "char_filter", "news_marks", "tokenizer", "standard", "filter", "lowercase",
                     "news_possessive", "asciifolding", "news_stem", "news_exact", "type", "custom", "char_filter",
                     "news_marks", "tokenizer", "standard", "filter", "lowercase", "news_possessive", "asciifolding");
}

json_t *export_mapping(void)
{
    json_t *all = properties(fields, COUNT(fields));
    json_t *passages = json_pack("{s:s, s:b, s:o}", "type", "nested", "dynamic", 0, "properties",
                                 properties(passage_fields, COUNT(passage_fields)));
    json_t *quotations = json_pack("{s:s, s:b, s:o}", "type", "nested", "dynamic", 0, "properties",
                                   properties(quotation_fields, COUNT(quotation_fields)));
    bool failed = json_object_set_new(all, "passages", passages) || json_object_set_new(all, "quotations", quotations);
    /* k1 and b as in doc/ranking.md */
    json_t *mapping = json_pack("{s:{s:o, s:{s:{s:s, s:f, s:f}}}, s:{s:s, s:o}}", "settings", "analysis", analysis(),
                                "similarity", "news", "type", "BM25", "k1", 0.9, "b", 0.4, "mappings", "dynamic",
                                "strict", "properties", all);
    if (failed) {
        json_decref(mapping);
        return NULL;
    }
    return mapping;
}
