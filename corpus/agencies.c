/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * agencies.c - knows the news agencies by their names and short names, and the few places in which a story
 * names those it comes from. An agency that is only quoted ("told AFP") is none of them.
 */
#include "corpus/agencies.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "src/base/buffer.h"

enum { HEAD_BYTES = 120, LAST_LINES = 3, CREDIT_BYTES = 200 };

/* Short names that are also words or other things count only where they stand alone. */
static const struct {
    const char *name, *agency;
    bool alone;
} names[] = {
    {"Agence France-Presse", "AFP", false},
    {"Agence France Presse", "AFP", false},
    {"AFP", "AFP", false},
    {"Associated Press", "AP", false},
    {"AP News", "AP", false},
    {"AP", "AP", true},
    {"Reuters", "Reuters", false},
    {"REUTERS", "Reuters", false},
    {"Xinhua", "Xinhua", false},
    {"TASS", "TASS", false},
    {"Tass", "TASS", false},
    {"Interfax", "Interfax", false},
    {"RIA Novosti", "RIA Novosti", false},
    {"ANSA", "ANSA", false},
    {"EFE", "EFE", false},
    {"Europa Press", "Europa Press", false},
    {"dpa", "dpa", false},
    {"DPA", "dpa", false},
    {"Press Trust of India", "PTI", false},
    {"PTI", "PTI", false},
    {"Asian News International", "ANI", false},
    {"ANI", "ANI", true},
    {"IANS", "IANS", false},
    {"UPI", "UPI", false},
    {"United Press International", "UPI", false},
    {"Bloomberg", "Bloomberg", false},
    {"Yonhap", "Yonhap", false},
    {"Kyodo", "Kyodo", false},
    {"Jiji Press", "Jiji Press", false},
    {"Australian Associated Press", "AAP", false},
    {"AAP", "AAP", false},
    {"PA Media", "PA", false},
    {"Press Association", "PA", false},
    {"PA", "PA", true},
    {"Canadian Press", "The Canadian Press", false},
    {"Anadolu", "Anadolu", false},
    {"AA", "Anadolu", true},
    {"Bernama", "Bernama", false},
    {"Antara", "Antara", false},
    {"WAM", "WAM", true},
    {"NAN", "NAN", true},
    {"KCNA", "KCNA", true},
    {"CNA", "CNA", true},
    {"PAP", "PAP", true},
    {"APA", "APA", true},
    {"SDA", "SDA", true},
    {"Belga", "Belga", true},
    {"ANP", "ANP", true},
    {"Ritzau", "Ritzau", true},
    {"Lusa", "Lusa", true},
    {"Agencies", "agencies", false},
    {"agencies", "agencies", false},
    {"News agencies", "agencies", false},
    {"wires", "agencies", true},
    {"Wires", "agencies", true},
};

static bool is_letter(int c)
{
    return isalnum(c) || (c & 0x80) || c == '\'';
}

/* What may stand around a name that stands alone; 0 is an end of the text. */
static bool is_border(const char *s, size_t n, size_t at, int step)
{
    size_t i = at;
    while (i < n && s[i] == ' ')
        i += (size_t)step;
    return i >= n || strchr("()[]/,;:|-&", s[i]) || (s[i] & 0x80);
}

static bool ends_in_and(const char *s, size_t n)
{
    return n >= 4 && !strncasecmp(s + n - 4, "and ", 4);
}

static bool begins_with_and(const char *s, size_t n)
{
    return n >= 5 && !strncasecmp(s, " and ", 5);
}

/* Adds "AFP" to "AP, Reuters" unless it is there. */
static void add(ns_buffer *to, const char *agency)
{
    size_t n = strlen(agency);
    for (size_t at = 0; at + n <= to->size; at++)
        if (!memcmp(to->data + at, agency, n) && (at == 0 || to->data[at - 1] == ' ') &&
            (at + n == to->size || to->data[at + n] == ','))
            return;
    if (to->size)
        ns_buffer_add_string(to, ", ");
    ns_buffer_add_string(to, agency);
}

/* The agencies named in n bytes, in their order. */
static void find(const char *s, size_t n, ns_buffer *to)
{
    for (size_t at = 0; at < n;) {
        size_t best = 0, which = 0;
        bool begin = (at == 0 || !is_letter((unsigned char)s[at - 1])) && isalpha((unsigned char)s[at]);
        for (size_t i = 0; begin && i < sizeof names / sizeof *names; i++) {
            size_t k = strlen(names[i].name);
            if (k <= best || k > n - at || memcmp(s + at, names[i].name, k) ||
                (at + k < n && is_letter((unsigned char)s[at + k])))
                continue;
            if (names[i].alone && (!is_border(s, n, at - 1, -1) && !ends_in_and(s, at)))
                continue;
            if (names[i].alone && !is_border(s, n, at + k, 1) && !begins_with_and(s + at + k, n - at - k) &&
                s[at + k] != '.')
                continue;
            best = k, which = i;
        }
        if (best)
            add(to, names[which].agency);
        at += best ? best : 1;
    }
}

/* "SEOUL (AFP) - ", "(Reuters) ": what stands in the brackets before a dash, or at the very beginning. */
static void find_in_dateline(const char *s, size_t n, ns_buffer *to)
{
    size_t limit = n < HEAD_BYTES ? n : HEAD_BYTES;
    const char *open = memchr(s, '(', limit);
    const char *close = open ? memchr(open, ')', limit - (size_t)(open - s)) : NULL;
    size_t low = 0;
    if (!close || close - open > 40)
        return;
    for (const char *p = s; p < open; p++)
        low += islower((unsigned char)*p) != 0;
    const char *behind = close + 1 + (close + 1 < s + n && close[1] == ' ');
    bool dash = behind < s + n && (*behind == '-' || *behind == ':' || (unsigned char)*behind == 0xe2);
    if (open == s || dash || (low <= 12 && open - s < 40 && low < 3))
        find(open + 1, (size_t)(close - open - 1), to);
}

/* "(AFP)", "- Reuters", "With inputs from PTI", "Reporting by ...; editing by ...": a line that says only
 * that. */
static bool is_credit(const char *s, size_t n)
{
    static const char *const starts[] = {"with input",
                                         "(with input",
                                         "with agenc",
                                         "(with agenc",
                                         "source:",
                                         "sources:",
                                         "reporting by",
                                         "(reporting by",
                                         "additional reporting by",
                                         "(additional reporting",
                                         "associated press writer",
                                         "credit:"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (n > strlen(starts[i]) && !strncasecmp(s, starts[i], strlen(starts[i])))
            return true;
    size_t from = 0;
    while (from < n && (strchr("([-/ ", s[from]) || (s[from] & 0x80)))
        from++;
    while (n > from && strchr(")]./ ", s[n - 1]))
        n--;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i].name) == n - from && !memcmp(names[i].name, s + from, n - from))
            return true;
    return false;
}

bool ns_agencies_read(ns_arena *arena, ns_article *article)
{
    ns_buffer found = NS_BUFFER_INIT;
    if (*article->agency)
        return true;
    find(article->credit, strlen(article->credit), &found);
    find(article->byline, strlen(article->byline), &found);
    for (size_t i = 0; i < article->paragraph_count && i < 2; i++)
        find_in_dateline(article->paragraphs[i].text, article->paragraphs[i].length, &found);
    for (size_t i = article->paragraph_count; i-- > 0 && i + LAST_LINES >= article->paragraph_count;) {
        const ns_paragraph *p = &article->paragraphs[i];
        if (p->length > CREDIT_BYTES)
            continue;
        if (is_credit(p->text, p->length)) {
            find(p->text, p->length, &found);
            if (!*article->credit)
                article->credit = p->text;
        }
    }
    if (found.size)
        article->agency = ns_arena_copy(arena, found.data, found.size);
    bool good = !found.failed && article->agency;
    ns_buffer_release(&found);
    return good;
}
