/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * address.c - addresses without what feeds and pages spell differently: scheme, "www.", case of the host, fragment,
 * what tells where a reader came from, a slash at the end.
 */
#include "src/text/address.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "src/base/bytes.h"

enum { HEAD = 2, LONGEST = NS_TERM_MAX - HEAD, HASHED = 16 };

/* A part of the query that campaigns add. */
static bool is_tracking(const char *part, size_t n)
{
    static const char *const known[] = {"utm_", "at_", "fbclid=", "gclid=", "mc_cid=", "mc_eid=", "xtor="};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (n >= strlen(known[i]) && !strncasecmp(part, known[i], strlen(known[i])))
            return true;
    return !n;
}

/* What goes into the term, and into a hash where it is too long for that. */
typedef struct key {
    char *to;
    size_t n;
    uint64_t hash;
} key;

static void add(key *k, const char *s, size_t n)
{
    k->hash = ns_hash64(s, n, k->hash);
    for (size_t i = 0; i < n; i++, k->n++)
        if (k->n < LONGEST)
            k->to[k->n] = s[i];
}

static void add_query(key *k, const char *query)
{
    char parted = '?';
    while (*query && *query != '#') {
        size_t n = strcspn(query, "&#");
        if (!is_tracking(query, n)) {
            add(k, &parted, 1);
            add(k, query, n);
            parted = '&';
        }
        query += n + (query[n] == '&');
    }
}

size_t ns_address_term(const char *form, const char *url, char term[NS_TERM_MAX])
{
    bool page = !strcmp(form, "page");
    key k = {term + HEAD, 0, 0};
    if ((!page && strcmp(form, "entry") != 0) || strncasecmp(url, "http", 4) != 0)
        return 0;
    url += 4 + (tolower((unsigned char)url[4]) == 's');
    if (strncmp(url, "://", 3) != 0)
        return 0;
    url += 3;
    url += strncasecmp(url, "www.", 4) ? 0 : 4;
    size_t host = strcspn(url, "/?#:");
    for (size_t i = 0; i < host; i++) {
        char c = (char)tolower((unsigned char)url[i]);
        add(&k, &c, 1);
    }
    url += host;
    if (*url == ':')
        url += strcspn(url, "/?#");
    size_t path = strcspn(url, "?#");
    while (path && url[path - 1] == '/')
        path--;
    add(&k, url, path);
    size_t before = k.n;
    const char *query = url + strcspn(url, "?#");
    if (*query == '?')
        add_query(&k, query + 1);
    if (!host || (!path && k.n == before))
        return 0;
    if (k.n > LONGEST) {
        char digits[HASHED + 1];
        snprintf(digits, sizeof digits, "%016" PRIx64, k.hash);
        size_t at = LONGEST - HASHED;
        while (at && ((unsigned char)k.to[at] & 0xc0) == 0x80) /* between characters */
            at--;
        memcpy(k.to + at, digits, HASHED);
        k.n = at + HASHED;
    }
    term[0] = NS_TERM_ADDRESS;
    term[1] = page ? 'p' : 'e';
    return HEAD + k.n;
}
