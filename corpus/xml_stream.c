/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xml_stream.c - bytes to clean UTF-8, tamed, pushed into libxml2; records are cut out of its tree as soon as
 * they end. Nothing is fetched and no entity is expanded.
 */
#include "corpus/xml_stream.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "corpus/charset.h"
#include "corpus/xml_tame.h"

enum { CHUNK = 1 << 16, NODES_MAX = 1 << 18, OUTSIDE_MAX = 1 << 16 };

typedef struct stream {
    const ns_xml_vocabulary *vocabulary;
    ns_record record;
    ns_xml_tame tame;
    xmlParserCtxt *parser;
    char charset[40];
    unsigned width;  /* bytes of a code unit */
    uint8_t mark[4]; /* the byte-order mark that each part of wide text needs */
    ns_buffer part, tamed;
    xmlNode **ended; /* records that wait for their turn */
    size_t ended_count, ended_room, ended_at;
    const xmlNode *open; /* the record that has not ended */
    size_t nodes, bytes; /* in it */
    size_t outside;      /* nodes and bytes outside of records */
    size_t ignored;      /* open elements that were left out of the tree */
    bool cut, failed, over;
    uint64_t count;
} stream;

/* ---------------------------------------------------------------- what the parser tells */

static bool is_named(const char *name, const char *const *names)
{
    for (; names && *names; names++)
        if (!strcasecmp(name, *names))
            return true;
    return false;
}

static bool has_room(stream *s, size_t nodes, size_t bytes)
{
    if (!s->open) {
        s->outside += nodes * 64 + bytes;
        return s->outside <= OUTSIDE_MAX * 64;
    }
    s->nodes += nodes;
    s->bytes += bytes;
    bool room = s->nodes <= NODES_MAX && s->bytes <= NS_TEXT_LIMIT;
    s->cut = s->cut || !room;
    return room;
}

static void start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                  int namespaces, const xmlChar **namespace, int attributes, int defaulted,
                  const xmlChar **attribute)
{
    xmlParserCtxt *parser = context;
    stream *s = parser->_private;
    if (s->ignored || !has_room(s, 1 + (size_t)attributes, 0)) {
        s->ignored++;
        return;
    }
    xmlSAX2StartElementNs(context, name, prefix, uri, namespaces, namespace, attributes, defaulted,
                          attribute);
    if (!parser->node)
        s->failed = true;
    else if (!s->open && is_named(ns_xml_name(parser->node), s->vocabulary->records)) {
        s->open = parser->node;
        s->outside = 0; /* what stands between records is freed with them */
        s->nodes = s->bytes = 0;
    }
}

static void keep_ended(stream *s, xmlNode *node)
{
    if (s->ended_count == s->ended_room) {
        size_t room = s->ended_room ? s->ended_room * 2 : 64;
        xmlNode **grown = realloc(s->ended, room * sizeof *grown);
        if (!grown) {
            s->failed = true;
            return;
        }
        s->ended = grown;
        s->ended_room = room;
    }
    s->ended[s->ended_count++] =
        node; /* it stays in the tree until it was read: namespaces and bases are found above */
}

static void end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    xmlParserCtxt *parser = context;
    stream *s = parser->_private;
    if (s->ignored) {
        s->ignored--;
        return;
    }
    xmlNode *node = parser->node;
    xmlSAX2EndElementNs(context, name, prefix, uri);
    if (node && node == s->open) {
        s->open = NULL;
        node->_private = s->cut ? s : NULL;
        s->cut = false;
        keep_ended(s, node);
    }
}

static void characters(void *context, const xmlChar *text, int n)
{
    xmlParserCtxt *parser = context;
    if (has_room(parser->_private, 0, (size_t)n))
        xmlSAX2Characters(context, text, n);
}

static void nothing(void *context, const char *format, ...)
{
    (void)context;
    (void)format;
}

static xmlParserCtxt *new_parser(stream *s)
{
    xmlSAXHandler sax;
    memset(&sax, 0, sizeof sax);
    xmlSAXVersion(&sax, 2);
    sax.startElementNs = start;
    sax.endElementNs = end;
    sax.characters = sax.ignorableWhitespace = sax.cdataBlock = characters;
    sax.comment = NULL;
    sax.processingInstruction = NULL;
    sax.warning = sax.error = nothing;
    sax.serror = NULL;
    xmlParserCtxt *parser = xmlCreatePushParserCtxt(&sax, NULL, NULL, 0, NULL);
    if (!parser)
        return NULL;
    parser->_private = s;
    xmlCtxtUseOptions(parser, XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                  XML_PARSE_HUGE | XML_PARSE_COMPACT);
    static const char root[] = "<?xml version='1.0' encoding='UTF-8'?><nsearch>";
    xmlParseChunk(parser, root, sizeof root - 1, 0);
    return parser;
}

/* ---------------------------------------------------------------- bytes */

/* Wide charsets are told by their first bytes, with a mark or without; an EBCDIC page says '<?xml' in its own
 * way. */
static unsigned width_of(const uint8_t *p, size_t n, uint8_t mark[4])
{
    static const struct {
        const char *begins;
        size_t n;
        unsigned width;
        const char *mark;
    } wide[] = {{"\xff\xfe\0\0", 4, 4, "\xff\xfe\0\0"},
                {"\0\0\xfe\xff", 4, 4, "\0\0\xfe\xff"},
                {"<\0\0\0", 4, 4, "\xff\xfe\0\0"},
                {"\0\0\0<", 4, 4, "\0\0\xfe\xff"},
                {"\xff\xfe", 2, 2, "\xff\xfe"},
                {"\xfe\xff", 2, 2, "\xfe\xff"},
                {"<\0", 2, 2, "\xff\xfe"},
                {"\0<", 2, 2, "\xfe\xff"}};
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (n >= wide[i].n && !memcmp(p, wide[i].begins, wide[i].n)) {
            memcpy(mark, wide[i].mark, wide[i].width);
            return wide[i].width;
        }
    return 1;
}

/* "<?xml" in EBCDIC: what such a document declares cannot be read before. */
static bool is_ebcdic(const uint8_t *p, size_t n)
{
    return n >= 4 && !memcmp(p, "\x4c\x6f\xa7\x94", 4);
}

/* The charset of the XML declaration; "" when there is none. */
static void declared_charset(const uint8_t *p, size_t n, char charset[40])
{
    charset[0] = '\0';
    const uint8_t *xml = memmem(p, n < 1000 ? n : 1000, "<?xml", 5);
    const uint8_t *close = xml ? memchr(xml, '>', n - (size_t)(xml - p)) : NULL;
    const uint8_t *at = close ? memmem(xml, (size_t)(close - xml), "encoding", 8) : NULL;
    if (!at)
        return;
    for (at += 8; at < close && *at != '"' && *at != '\''; at++)
        if (*at != '=' && *at != ' ')
            return;
    size_t size = 0;
    for (at++; at < close && size < 39 && *at != '"' && *at != '\''; at++)
        charset[size++] = (char)*at;
    charset[size] = '\0';
}

static void clean(const stream *s, const uint8_t *p, size_t n, ns_buffer *to)
{
    if (s->width == 1) {
        ns_clean_bytes(p, n, s->charset[0] ? s->charset : NULL, to);
        return;
    }
    ns_buffer marked = NS_BUFFER_INIT;
    ns_buffer_add(&marked, s->mark, s->width);
    ns_buffer_add(&marked, p, n);
    ns_clean_bytes(marked.data, marked.size, NULL, to);
    to->failed = to->failed || marked.failed;
    ns_buffer_release(&marked);
}

/* Where the bytes can be parted: behind the last '>', else in the middle of a text without any. */
static size_t part_at(const stream *s, const uint8_t *p, size_t n)
{
    for (size_t i = n / s->width * s->width; i >= s->width; i -= s->width) {
        const uint8_t *unit = p + i - s->width;
        bool bracket = s->width == 1 ? *unit == '>'
                                     : unit[s->mark[0] == 0xff ? 0 : s->width - 1] == '>' &&
                                           unit[s->mark[0] == 0xff ? s->width - 1 : 0] == 0;
        if (bracket)
            return i;
    }
    return n / 4 * 4;
}

static void push(stream *s, ns_item *item, bool last)
{
    ns_buffer *out = &s->tamed;
    ns_buffer_clear(&item->text);
    ns_buffer_clear(out);
    size_t n = last ? s->part.size : part_at(s, s->part.data, s->part.size);
    clean(s, s->part.data, n, &item->text);
    if (n)
        memmove(s->part.data, s->part.data + n, s->part.size - n);
    s->part.size -= n;
    ns_xml_tame_add(&s->tame, item->text.data, item->text.size, out);
    if (last)
        ns_xml_tame_end(&s->tame, out);
    if (out->failed || item->text.failed || s->part.failed) {
        s->failed = true;
        return;
    }
    for (size_t at = 0; at < out->size;) { /* small enough for the parser's counters */
        size_t size = out->size - at < (1 << 20) ? out->size - at : 1 << 20;
        xmlParseChunk(s->parser, (const char *)out->data + at, (int)size, 0);
        at += size;
    }
    if (s->parser->errNo == XML_ERR_NO_MEMORY)
        s->failed = true;
}

/* ---------------------------------------------------------------- records */

static stream *open_stream(const ns_xml_vocabulary *vocabulary, ns_item *item)
{
    size_t n;
    stream *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    item->state = s;
    s->vocabulary = vocabulary;
    ns_xml_tame_init(&s->tame, vocabulary->single);
    s->parser = new_parser(s);
    if (!s->parser)
        return NULL;
    const uint8_t *first = ns_input_peek(&item->input, &n);
    s->width = width_of(first, n, s->mark);
    declared_charset(first, n, s->charset);
    if (is_ebcdic(first, n))
        strcpy(s->charset, "IBM1140");
    else if (!s->charset[0] && strlen(item->known.charset) < sizeof s->charset)
        strcpy(s->charset, item->known.charset);
    return s;
}

/* Whitespace between records would grow for ever. */
static void drop_node(xmlNode *node)
{
    xmlNode *before = node->prev;
    if (before && before->type == XML_TEXT_NODE) {
        xmlUnlinkNode(before);
        xmlFreeNode(before);
    }
    xmlUnlinkNode(node);
    xmlFreeNode(node);
}

/* The next record, or NULL at the end. */
static xmlNode *next_record(stream *s, ns_item *item)
{
    while (!s->failed) {
        if (s->ended_at < s->ended_count)
            return s->ended[s->ended_at++];
        for (size_t i = 0; i < s->ended_count; i++)
            drop_node(s->ended[i]);
        s->ended_count = s->ended_at = 0;
        if (s->over)
            return NULL;
        size_t n;
        const uint8_t *block = ns_input_block(&item->input, &n);
        while (block && n) { /* in small steps: all records of a step are in memory at once */
            size_t size = n < CHUNK ? n : CHUNK;
            ns_buffer_add(&s->part, block, size);
            block += size;
            n -= size;
            push(s, item, false);
        }
        if (!block) {
            s->over = true;
            push(s, item, true);
            xmlNode *open = (xmlNode *)(uintptr_t)s->open;
            s->open = NULL;
            if (open) /* it never ended */
                keep_ended(s, open);
        }
    }
    return NULL;
}

ns_read ns_xml_next(const ns_xml_vocabulary *vocabulary, ns_item *item, ns_arena *arena, ns_article *article,
                    nsearch_error *err)
{
    stream *s = item->state;
    if (!s && !(s = open_stream(vocabulary, item))) {
        ns_error_memory(err);
        return NS_READ_FAILED;
    }
    const xmlNode *node = next_record(s, item);
    if (s->failed) {
        ns_error_memory(err);
        return NS_READ_FAILED;
    }
    if (!node) {
        if (s->count || item->input.problem[0])
            return NS_READ_END;
        s->count = 1;
        ns_error_set(err, NSEARCH_SKIPPED, "no article in '%s'", item->path);
        return NS_READ_SKIPPED;
    }
    item->line = ++s->count; /* records are counted, as lines are */
    ns_record_clear(&s->record, vocabulary->date_source);
    const char *reason = vocabulary->fill(node, item, &s->record);
    if (reason) {
        ns_error_set(err, NSEARCH_SKIPPED, "%s", reason);
        return NS_READ_SKIPPED;
    }
    s->record.cut = node->_private != NULL;
    return ns_record_article(&s->record, item, arena, article, err);
}

void ns_xml_release(ns_item *item)
{
    stream *s = item->state;
    if (!s)
        return;
    if (s->parser) {
        xmlFreeDoc(s->parser->myDoc);
        s->parser->myDoc = NULL;
        xmlFreeParserCtxt(s->parser);
    }
    ns_record_release(&s->record);
    ns_xml_tame_release(&s->tame);
    ns_buffer_release(&s->part);
    ns_buffer_release(&s->tamed);
    free(s->ended);
    free(s);
    item->state = NULL;
}

void ns_xml_peek_root(const uint8_t *bytes, size_t n, char name[64])
{
    ns_buffer text = NS_BUFFER_INIT;
    stream s = {.width = 1};
    const bool ebcdic = is_ebcdic(bytes, n);
    name[0] = '\0';
    if (!ebcdic && !memchr(bytes, '<', n))
        return;
    s.width = width_of(bytes, n, s.mark);
    /* The name of a root is ASCII in any other charset: this one only spares a guess. */
    strcpy(s.charset, ebcdic ? "IBM1140" : "WINDOWS-1252");
    clean(&s, bytes, n / s.width * s.width, &text);
    size_t at = 0;
    while (at < text.size && at < 1000 && text.data[at] != '<')
        at++;
    if (!text.failed && at < text.size && text.data[at] == '<')
        ns_xml_root(text.data + at, text.size - at, name);
    ns_buffer_release(&text);
}

int ns_xml_bid(const uint8_t *bytes, size_t n, const char *const *roots)
{
    char root[64];
    ns_xml_peek_root(bytes, n, root);
    for (; *roots; roots++)
        if (!strcasecmp(root, *roots))
            return 92;
    return 0;
}
