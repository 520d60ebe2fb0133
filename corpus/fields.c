/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * fields.c - the names of an article's fields in records of other people's making.
 */
#include "corpus/fields.h"

#include <ctype.h>
#include <string.h>

static const struct {
    const char *name;  /* in a map */
    const char *usual; /* separated by blanks; a dot goes into an object */
} known[NS_FIELD_COUNT] = {
    [NS_FIELD_ID] = {"id", "id _id guid uri altids.itemid docno article_id newid"},
    [NS_FIELD_TITLE] = {"title", "title headline headlines head headline_extended name strapline subtitle"},
    [NS_FIELD_TEXT] = {"text",
                       "text body content body_text body_xhtml body_html bodies content_text content_html "
                       "articleBody article maintext full_text article_text story main_content"},
    [NS_FIELD_LEAD] = {"lead",
                       "lead summary abstract description_text description description_html descriptions "
                       "standfirst excerpt"},
    [NS_FIELD_DATE] = {"date",
                       "date published published_at date_published publish_date pubDate datePublished "
                       "publication_date published_date firstpublished firstcreated contentcreated "
                       "timestamp created_at versioncreated"},
    [NS_FIELD_UPDATED] = {"updated", "updated updated_at date_modified dateModified modified versioncreated"},
    [NS_FIELD_URL] = {"url", "url link canonical_url external_url article_url web_url"},
    [NS_FIELD_SOURCE] = {"source", "source publisher publication outlet site_name domain infosource"},
    [NS_FIELD_BYLINE] = {"byline", "byline bylines author authors creator by"},
    [NS_FIELD_DATELINE] = {"dateline", "dateline located locateds datelinelocation.city town"},
    [NS_FIELD_LANGUAGE] = {"language", "language lang"},
    [NS_FIELD_SECTION] = {"section", "section category categories desk"},
    [NS_FIELD_CREDIT] = {"credit", "credit agency creditline copyrightholder provider origin"},
};

void ns_fields_init(ns_fields *fields)
{
    memset(fields, 0, sizeof *fields);
    for (int f = 0; f < NS_FIELD_COUNT; f++)
        for (const char *p = known[f].usual; *p; p += strspn(p, " ")) {
            size_t n = strcspn(p, " ");
            memcpy(fields->name[f][fields->count[f]++], p, n < NS_FIELD_NAME_SIZE ? n : NS_FIELD_NAME_SIZE - 1);
            p += n;
        }
}

static nsearch_status add_one(ns_fields *fields, const char *s, size_t n, size_t *added, nsearch_error *err)
{
    const char *equals = memchr(s, '=', n);
    if (!equals || equals == s || equals + 1 == s + n)
        return ns_error_set(err, NSEARCH_INVALID, "no field=name: '%.*s'", (int)(n < 80 ? n : 80), s);
    size_t key = (size_t)(equals - s), size = n - key - 1;
    for (int f = 0; f < NS_FIELD_COUNT; f++) {
        if (strlen(known[f].name) != key || memcmp(known[f].name, s, key))
            continue;
        if (fields->count[f] == NS_FIELD_NAMES_MAX || size >= NS_FIELD_NAME_SIZE)
            return ns_error_set(err, NSEARCH_INVALID, "too long or too many: '%.*s'", (int)(n < 80 ? n : 80),
                                s);
        size_t at = added[f]++;
        memmove(fields->name[f][at + 1], fields->name[f][at], (fields->count[f] - at) * NS_FIELD_NAME_SIZE);
        memcpy(fields->name[f][at], equals + 1, size);
        fields->name[f][at][size] = '\0';
        fields->count[f]++;
        return NSEARCH_OK;
    }
    return ns_error_set(err, NSEARCH_INVALID,
                        "no field '%.*s': id, title, text, lead, date, url, source, byline, dateline, "
                        "updated, language, section or credit",
                        (int)(key < 80 ? key : 80), s);
}

nsearch_status ns_fields_add(ns_fields *fields, const char *map, nsearch_error *err)
{
    size_t added[NS_FIELD_COUNT] = {0};
    nsearch_status status = NSEARCH_OK;
    for (const char *p = map; *p && !status;) {
        size_t n = strcspn(p, ",");
        if (n)
            status = add_one(fields, p, n, added, err);
        p += n + (p[n] == ',');
    }
    return status;
}

static size_t next_plain(const char *s, size_t n, size_t i)
{
    while (i < n && (isspace((unsigned char)s[i]) || s[i] == '-' || s[i] == '_'))
        i++;
    return i;
}

bool ns_field_is_named(const char *name, size_t n, const char *other)
{
    size_t m = strlen(other), i = next_plain(name, n, 0), j = next_plain(other, m, 0);
    while (i < n && j < m && tolower((unsigned char)name[i]) == tolower((unsigned char)other[j])) {
        i = next_plain(name, n, i + 1);
        j = next_plain(other, m, j + 1);
    }
    return i == n && j == m;
}
