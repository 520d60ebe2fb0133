/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * read_mail.c - newsletters: a mail as a file of its own (.eml, Maildir) or many in an mbox. A container: the text of
 * each mail is read as the page or the plain text that it is; headline, outlet and date are those of the headers.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "corpus/format.h"
#include "corpus/mime.h"
#include "corpus/textdate.h"

/* Of one mail: text comes first, attachments follow and may be left out. */
enum { MAIL_MAX = 24 << 20 };

typedef struct mails {
    ns_buffer message, text, scratch, line;
    ns_buffer subject, sender, id, date;
    size_t at, count;
    bool mbox, over;
} mails;

/* ---------------------------------------------------------------- bids */

static bool is_from_line(const uint8_t *p, size_t n)
{
    return n > 5 && !memcmp(p, "From ", 5);
}

/* Headers that only mail has, among lines that are all headers. */
static int bid(const char *path, const uint8_t *bytes, size_t n)
{
    static const char *const telling[] = {"Received", "Return-Path", "Delivered-To", "MIME-Version", "List-Id", "X-Mozilla-Status"};
    bool told = false, from = false, more = false;
    const uint8_t *p = bytes, *end = bytes + n;
    (void)path;
    if (is_from_line(p, n)) {
        p = memchr(p, '\n', n);
        p = p ? p + 1 : end;
    }
    while (p < end && *p != '\n' && *p != '\r') {
        const uint8_t *newline = memchr(p, '\n', (size_t)(end - p));
        size_t name = 0;
        while (p + name < end && p[name] > ' ' && p[name] < 0x7f && p[name] != ':')
            name++;
        bool folded = *p == ' ' || *p == '\t';
        if (!folded && (!name || p + name == end || p[name] != ':'))
            return 0;
        for (size_t i = 0; !folded && i < sizeof telling / sizeof *telling; i++)
            told = told || (name == strlen(telling[i]) && !strncasecmp((const char *)p, telling[i], name));
        from = from || (name == 4 && !strncasecmp((const char *)p, "from", 4));
        more = more || (name == 4 && !strncasecmp((const char *)p, "date", 4)) ||
               (name == 7 && !strncasecmp((const char *)p, "subject", 7));
        if (!newline)
            break;
        p = newline + 1;
    }
    return told && from && more ? 91 : 0;
}

/* ---------------------------------------------------------------- messages */

static void release(ns_item *item)
{
    mails *m = item->state;
    if (!m)
        return;
    ns_buffer *const all[] = {&m->message, &m->text, &m->scratch, &m->line, &m->subject, &m->sender, &m->id, &m->date};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        ns_buffer_release(all[i]);
    free(m);
    item->state = NULL;
}

/* The next mail in m->message; false behind the last. */
static bool take_message(ns_input *in, mails *m)
{
    bool empty = true;
    ns_buffer_clear(&m->message);
    if (m->over)
        return false;
    if (!m->mbox) {
        m->over = true;
        ns_input_all(in, MAIL_MAX, &m->message);
        return m->message.size > 0;
    }
    for (bool blank = false;;) {
        ns_input_answer answer = ns_input_line(in, MAIL_MAX, &m->line);
        if (answer == NS_INPUT_OVER) {
            m->over = true;
            return !empty;
        }
        const uint8_t *p = m->line.data;
        size_t n = m->line.size, quotes = 0;
        if (answer == NS_INPUT_LINE && blank && is_from_line(p, n))
            return true; /* the line is not needed: the next mail begins behind it */
        blank = !n || (n == 1 && *p == '\r');
        empty = empty && blank;
        while (quotes < n && p[quotes] == '>')
            quotes++;
        bool quoted = quotes && is_from_line(p + quotes, n - quotes);
        if (m->message.size + n < MAIL_MAX) {
            if (n)
                ns_buffer_add(&m->message, p + quoted, n - quoted);
            ns_buffer_add_byte(&m->message, '\n');
        }
    }
}

static ptrdiff_t read_text(void *user, uint8_t *to, size_t n, char *problem)
{
    mails *m = user;
    size_t left = m->text.size - m->at;
    (void)problem;
    n = n < left ? n : left;
    if (n)
        memcpy(to, m->text.data + m->at, n);
    m->at += n;
    return (ptrdiff_t)n;
}

/* "The Ledger <desk@ledger.example>" to the name, "<...>" alone to nothing. */
static void keep_name(ns_buffer *b)
{
    const uint8_t *angle = b->size ? memchr(b->data, '<', b->size) : NULL;
    if (angle)
        b->size = (size_t)(angle - b->data);
    while (b->size && (b->data[b->size - 1] == ' ' || b->data[b->size - 1] == '"'))
        b->size--;
    size_t lead = 0;
    while (lead < b->size && (b->data[lead] == '"' || b->data[lead] == ' '))
        lead++;
    memmove(b->data, b->data + lead, b->size - lead);
    b->size -= lead;
    if (b->size && memchr(b->data, '@', b->size))
        b->size = 0; /* an address is nobody's name */
}

static void keep_id(ns_buffer *b)
{
    size_t n = b->size;
    const uint8_t *open = n ? memchr(b->data, '<', n) : NULL, *close = n ? memchr(b->data, '>', n) : NULL;
    if (!open || !close || close < open + 2) {
        b->size = 0;
        return;
    }
    b->size = (size_t)(close - open) - 1;
    memmove(b->data, open + 1, b->size);
}

static const char *text_of(ns_buffer *b)
{
    ns_buffer_add_byte(b, 0);
    return b->failed ? "" : (const char *)b->data;
}

static void read_headers(mails *m)
{
    const uint8_t *head = m->message.size ? m->message.data : (const uint8_t *)"";
    size_t n = ns_mime_head(head, m->message.size);
    char iso[NS_DATE_SIZE];
    ns_buffer_clear(&m->subject);
    ns_buffer_clear(&m->sender);
    ns_buffer_clear(&m->id);
    ns_buffer_clear(&m->date);
    ns_mime_header(head, n, "Subject", &m->subject);
    if (ns_mime_header(head, n, "List-Id", &m->sender))
        keep_name(&m->sender);
    if (!m->sender.size && ns_mime_header(head, n, "From", &m->sender))
        keep_name(&m->sender);
    if (ns_mime_header(head, n, "Message-ID", &m->id))
        keep_id(&m->id);
    ns_mime_header(head, n, "Date", &m->date);
    ns_text_date_field(text_of(&m->date), iso);
    ns_buffer_clear(&m->date);
    ns_buffer_add_string(&m->date, iso);
}

static ns_read out_of_memory(nsearch_error *err)
{
    ns_error_memory(err);
    return NS_READ_FAILED;
}

static ns_read member(ns_item *item, ns_member *member, nsearch_error *err)
{
    mails *m = item->state;
    ns_mime_text text;
    if (!m) {
        size_t n;
        const uint8_t *p = ns_input_peek(&item->input, &n);
        if (!(m = item->state = calloc(1, sizeof *m)))
            return out_of_memory(err);
        m->mbox = is_from_line(p, n);
        if (m->mbox)
            ns_input_line(&item->input, MAIL_MAX, &m->line);
    }
    if (!take_message(&item->input, m))
        return NS_READ_END;
    m->count++;
    read_headers(m);
    ns_mime_find_text(m->message.size ? m->message.data : (const uint8_t *)"", m->message.size, &text);
    ns_buffer_clear(&m->text);
    if (text.body && !text.html && m->subject.size) { /* above a plain text, it is its headline */
        ns_buffer_add(&m->text, m->subject.data, m->subject.size);
        ns_buffer_add(&m->text, "\n\n", 2);
    }
    if (text.body)
        ns_mime_add_text(&text, &m->scratch, &m->text);
    m->at = 0;
    ns_buffer_clear(&m->line);
    ns_buffer_printf(&m->line, "mail %zu", m->count);
    member->name = text_of(&m->line);
    member->id = text_of(&m->id);
    member->kind = text.html ? "a.html" : "a.txt";
    member->known.headline = text_of(&m->subject);
    member->known.source = text_of(&m->sender);
    member->known.date = text_of(&m->date);
    member->known.charset = "utf-8";
    member->source = read_text;
    member->user = m;
    if (m->message.failed || m->text.failed || m->line.failed || m->subject.failed || m->sender.failed ||
        m->id.failed || m->date.failed)
        return out_of_memory(err);
    if (text.body && m->text.size)
        return NS_READ_ARTICLE;
    ns_error_set(err, NSEARCH_SKIPPED, "mail without a text: %s of '%s'", member->name, item->path);
    return NS_READ_SKIPPED;
}

const ns_format ns_format_mail = {"mail", bid, NULL, release, member};
