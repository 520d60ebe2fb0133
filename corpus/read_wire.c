/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * read_wire.c - what agencies sent over wires: IPTC 7901 and ANPA 1312. A message is framed by control
 * characters: SOH opens the header, STX the text, ETX the trailer with the day, EOT ends it. A file may hold
 * many.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "corpus/charset.h"
#include "corpus/record.h"

enum { SYN = 0x16, SOH = 1, STX = 2, ETX = 3, EOT = 4, WIRE_HEADER_MAX = 1000, WIRE_LINE_MAX = 1 << 20, PROSE_LEAST = 40 };

static int bid(const char *path, const uint8_t *bytes, size_t n)
{
    (void)path;
    size_t at = 0;
    while (at < n && at < 16 && (bytes[at] == SYN || bytes[at] == '\r' || bytes[at] == '\n'))
        at++;
    if (at == n || bytes[at] != SOH)
        return 0;
    return memchr(bytes + at, STX, n - at < WIRE_HEADER_MAX ? n - at : WIRE_HEADER_MAX) ? 94 : 0;
}

/* One line cleaned into item->text, with what stood before its text: controls are no text. */
static const char *clean_line(ns_item *item, const uint8_t *s, size_t n)
{
    ns_buffer_clear(&item->text);
    ns_clean_bytes(s, n, NULL, &item->text);
    ns_buffer_add_byte(&item->text, 0);
    return item->text.failed ? NULL : (const char *)item->text.data;
}

static size_t trimmed(const char *s, size_t n)
{
    while (n && strchr(" \t<=\r\n", s[n - 1]))
        n--;
    return n;
}

static void set(ns_record *record, ns_field field, const char *s, size_t n)
{
    if (!ns_record_has(record, field) && n) {
        ns_buffer_clear(&record->value[field]);
        ns_buffer_add(&record->value[field], s, n);
    }
}

/* Typewriter quotes of wires: ``so'', and an underscore as a dash. */
static void add_text(const char *s, size_t n, ns_buffer *to)
{
    for (size_t i = 0; i < n; i++) {
        bool two = i + 1 < n && s[i] == s[i + 1] && (s[i] == '`' || s[i] == '\'');
        if (two) {
            ns_buffer_add_byte(to, '"');
            i++;
        } else if (s[i] == '_' && i && i + 1 < n && s[i - 1] == ' ' && s[i + 1] == ' ') {
            ns_buffer_add_byte(to, '-');
        } else if (s[i] == '<') {
            ns_buffer_add_string(to, "&lt;");
        } else {
            ns_buffer_add_byte(to, (uint8_t)s[i]);
        }
    }
}

/* ---------------------------------------------------------------- what lines mean */

typedef struct message {
    ns_record record;
    bool anpa;
    bool body;      /* the head lines are over */
    bool gap;       /* a headline and an empty line came */
    bool foot;      /* notes for editors, not for publication */
    char slug[200]; /* headline of last resort */
    ns_buffer rest; /* of a line that the message ended in */
} message;

static bool begins(const char *s, const char *with)
{
    return !strncasecmp(s, with, strlen(with));
}

static bool is_by(const char *s)
{
    return begins(s, "by ") && strlen(s) < 200;
}

/* Which version it is ("1ST LEAD", "REFILE", "(Achtung)") stands where the headline does. */
static bool is_version(const char *s, size_t n)
{
    static const char *const words[] = {"EXTRA",      "REFILE",    "LEAD",   "URGENT",
                                        "CORRECTION", "ROUNDUP",   "UPDATE", "NEWS FEATURE",
                                        "FEATURE",    "ATTENTION", "(",      NULL};
    for (size_t i = 0; i < n; i++)
        if (islower((unsigned char)s[i]) && s[0] != '(')
            return false;
    for (const char *const *w = words; *w; w++)
        if (n < 30 && memmem(s, n, *w, strlen(*w)))
            return true;
    return false;
}

static void iptc_line(message *m, const char *s)
{
    const char *line = s + strspn(s, " \t");
    size_t n = trimmed(line, strlen(line));
    if (m->foot)
        return;
    /* Some agencies end the head with '=', with others the text is all there is to tell. */
    if (!m->body && ns_record_has(&m->record, NS_FIELD_TITLE) && n >= PROSE_LEAST && !is_by(line) && (line - s >= 2 || m->gap))
        m->body = true;
    if (!m->body) {
        bool ends = *line && line[strlen(line) - 1] == '=';
        if (is_by(line))
            set(&m->record, NS_FIELD_BYLINE, line, n);
        else if (n && !is_version(line, n))
            set(&m->record, NS_FIELD_TITLE, line, n);
        else if (n && !m->slug[0])
            snprintf(m->slug, sizeof m->slug, "%.*s", (int)(n < 199 ? n : 199), line);
        m->gap = m->gap || (!n && ns_record_has(&m->record, NS_FIELD_TITLE));
        m->body = ends;
        return;
    }
    if (begins(line, "# ") || begins(line, "* * *")) {
        m->foot = true;
        return;
    }
    ns_buffer *to = &m->record.value[NS_FIELD_TEXT];
    if (!n) {
        ns_buffer_add_string(to, "\n\n");
        return;
    }
    if (line - s >= 2)
        ns_buffer_add_string(to, "\n\n"); /* an indented line begins a paragraph */
    else if (to->size && to->data[to->size - 1] != '\n')
        ns_buffer_add_byte(to, ' ');
    add_text(line, n, to);
}

/* "BC-LT--Argentina-Cancer Beauty,466": the name that desks know a story by. */
static bool is_slug(const char *s)
{
    return begins(s, "BC-") || begins(s, "AP-");
}

static void anpa_line(message *m, const char *s)
{
    static const char *const notes[] = {
        "AP Photo", "AP Video", "Eds:", "(Eds:", "EDITOR", "AP Graphic", "Note"};
    bool head = *s == '^';
    const char *line = s + head;
    line += strspn(line, " \t");
    size_t n = trimmed(line, strlen(line));
    if (!n || !strcmp(line, "END<"))
        return;
    const char *inner = memchr(line, '^', n); /* "*9006< ^AP-Top-Headlines,0176" */
    if (head && inner && (*line == '*' || is_slug(line))) {
        line = inner + 1;
        n = trimmed(line, strlen(line));
    }
    if (head && is_slug(line)) {
        snprintf(m->slug, sizeof m->slug, "%.*s", (int)(n < 199 ? n : 199), line);
        return;
    }
    for (size_t i = 0; head && i < sizeof notes / sizeof *notes; i++)
        if (begins(line, notes[i]))
            return;
    if (head && is_by(line)) {
        set(&m->record, NS_FIELD_BYLINE, line, n);
        return;
    }
    if (head && !m->body && !ns_record_has(&m->record, NS_FIELD_TITLE)) {
        set(&m->record, NS_FIELD_TITLE, line, n);
        return;
    }
    if (head && ns_record_has(&m->record, NS_FIELD_BYLINE) && !m->body && s[strlen(s) - 1] == '=')
        return; /* whom the writer works for */
    if (!strcmp(line, "___"))
        return;
    m->body = m->body || !head;
    ns_buffer *to = &m->record.value[NS_FIELD_TEXT];
    if (to->size)
        ns_buffer_add_string(to, "\n\n");
    add_text(line, n, to);
}

/* "211101 GMT Nov 18", "AP-WF-11-13-13 1743GMT". */
static void trailer(message *m, const char *s)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    ns_buffer *date = &m->record.value[NS_FIELD_DATE];
    unsigned month = 0, day = 0, year = 0, hour = 0, minute = 0;
    char name[8] = "";
    if (date->size)
        return;
    const char *dash = strstr(s, "AP-");
    if (dash && sscanf(dash, "AP-%*2[A-Z]-%2u-%2u-%2u %2u%2u", &month, &day, &year, &hour, &minute) >= 3) {
        set(&m->record, NS_FIELD_CREDIT, "AP", 2);
    } else if (sscanf(s, "%2u%2u%2u GMT %7s %2u", &day, &hour, &minute, name, &year) == 5 ||
               sscanf(s, "%2u%2u%2u %7s %2u", &day, &hour, &minute, name, &year) == 5) {
        if (begins(name, "Okt"))
            strcpy(name, "Oct");
        for (unsigned i = 0; i < 12 && !month; i++)
            if (begins(name, months[i]))
                month = i + 1;
    }
    if (month && day)
        ns_buffer_printf(date, "%04u-%02u-%02uT%02u:%02uZ", year + (year < 70 ? 2000 : 1900), month, day,
                         hour % 24, minute % 60);
}

/* The agency in an IPTC header: "eca062 4 i 211 ccccb   dpa 061". */
static void header(message *m, const char *s)
{
    const char *end = s + strcspn(s, "\n");
    const char *number = end;
    while (number > s && (isdigit((unsigned char)number[-1]) || number[-1] == ' '))
        number--;
    const char *name = number;
    while (name > s && name[-1] != ' ')
        name--;
    if (!m->anpa && number > name && number - name < 12 && number != end && isalpha((unsigned char)*name))
        set(&m->record, NS_FIELD_CREDIT, name, (size_t)(number - name));
}

/* ---------------------------------------------------------------- messages */

static void release(ns_item *item)
{
    message *m = item->state;
    if (m) {
        ns_record_release(&m->record);
        ns_buffer_release(&m->rest);
    }
    free(m);
    item->state = NULL;
}

static void start_message(message *m, const uint8_t *s, size_t n)
{
    ns_record_clear(&m->record, "field");
    m->body = m->foot = m->gap = false;
    m->slug[0] = '\0';
    m->anpa = n && (s[0] == SYN || memchr(s, 0x1f, n));
}

/* A line, of which controls say what it belongs to. False when memory is out. */
static bool take_line(ns_item *item, message *m, const uint8_t *s, size_t n, unsigned *part)
{
    for (size_t from = 0; from <= n;) {
        size_t to = from;
        while (to < n && s[to] != SOH && s[to] != STX && s[to] != ETX && s[to] != EOT)
            to++;
        size_t size = to - from;
        while (size && (s[from + size - 1] == '\r' || s[from + size - 1] == ' '))
            size--;
        const char *line = clean_line(item, s + from, size);
        if (!line)
            return false;
        if (*part == SOH)
            header(m, line);
        else if (*part == STX && m->anpa)
            anpa_line(m, line);
        else if (*part == STX)
            iptc_line(m, line);
        else if (*part == ETX)
            trailer(m, line);
        if (to < n) {
            if (s[to] == SOH)
                start_message(m, s, n);
            *part = s[to];
        }
        from = to + 1;
        if (*part == EOT) {
            ns_buffer_add(&m->rest, s + from, n > from ? n - from : 0);
            return !m->rest.failed;
        }
    }
    return true;
}

static ns_read next(ns_item *item, ns_arena *arena, ns_article *article, nsearch_error *err)
{
    message *m = item->state;
    if (!m && !(m = item->state = calloc(1, sizeof *m)))
        goto memory;
    unsigned part = 0;
    bool met = false;
    ns_record_clear(&m->record, "field");
    m->slug[0] = '\0';
    while (part != EOT) {
        ns_input_answer answer = NS_INPUT_LINE;
        if (m->rest.size) {
            ns_buffer_clear(&item->scratch);
            ns_buffer_add(&item->scratch, m->rest.data, m->rest.size);
            ns_buffer_clear(&m->rest);
        } else {
            answer = ns_input_line(&item->input, WIRE_LINE_MAX, &item->scratch);
        }
        if (answer == NS_INPUT_OVER)
            break;
        if (item->scratch.failed)
            goto memory;
        met = met || part == STX;
        bool room = m->record.value[NS_FIELD_TEXT].size < NS_TEXT_LIMIT;
        m->record.cut = m->record.cut || !room;
        if (answer == NS_INPUT_LINE && (room || part != STX) &&
            !take_line(item, m, item->scratch.size ? item->scratch.data : (const uint8_t *)"", item->scratch.size,
                       &part))
            goto memory;
        if (m->record.value[NS_FIELD_TEXT].failed)
            goto memory;
    }
    if (part == 0 && !met)
        return NS_READ_END;
    item->line++; /* messages are counted, as lines are */
    set(&m->record, NS_FIELD_TITLE, m->slug, strcspn(m->slug, ","));
    return ns_record_article(&m->record, item, arena, article, err);
memory:
    ns_error_memory(err);
    return NS_READ_FAILED;
}

const ns_format ns_format_wire = {"wire", bid, next, release, NULL};
