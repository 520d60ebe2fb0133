/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * decoders.c - feeds bytes to one decoder and holds it to its word.
 */
#include "tests/fuzz/decoders.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "index/native/columns.h"
#include "index/native/dictionary.h"
#include "index/native/named.h"
#include "index/native/postings.h"
#include "index/native/removed.h"
#include "index/native/texts.h"
#include "src/base/fs.h"
#include "src/text/stored.h"
#include "tests/fuzz/promises.h"
#include "tests/support/memory_files.h"

static const char *const names[DECODERS] = {
    "docids", "patched", "positions", "list",   "copy",     "dictionary",
    "names",  "columns", "texts",     "stored", "manifest", "removed",
};

const char *decoder_name(decoder d)
{
    return names[d];
}

/* ---- the bytes, before a page that nobody may touch */

static struct {
    uint8_t *end; /* of the bytes and the slack */
    ns_segment segment;
    atomic_uint_fast64_t checked[2]; /* all pages are taken for good */
    atomic_uint_fast64_t met;
    ns_arena arena;
    ns_buffer lists, positions, entries;
    ns_postings_writer writer;
} my;

static void set_up(void)
{
    const size_t room = DECODER_INPUT_MAX + NS_SEGMENT_PAGE;
    uint8_t *map =
        mmap(NULL, room + NS_SEGMENT_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (map == MAP_FAILED || mprotect(map + room, NS_SEGMENT_PAGE, PROT_NONE)) {
        perror("no memory for the bytes");
        exit(2);
    }
    my.end = map + room;
    atomic_store(&my.checked[0], UINT64_MAX);
    my.segment.checked = my.checked;
    my.segment.met = &my.met;
    ns_postings_writer_init(&my.writer, &my.lists, &my.positions);
    memory_files_serve();
}

/* A segment of nothing but these bytes. They are 'parts' sections one after the other, of which all but the
 * last have the sizes given, as far as there are bytes. Which of them lies at the end, and what stands in the
 * slack behind it, hangs on a byte of theirs. Returns the first one. */
static const uint8_t *lay(const uint8_t *bytes, size_t n, const ns_section *kinds, const uint32_t *sizes,
                          size_t parts)
{
    static const uint8_t fillings[] = {0, 1, 0x7f, 0xff};
    ns_segment *s = &my.segment;
    const unsigned chance = n ? bytes[n / 2] + (unsigned)n : 0;
    uint8_t *base = my.end - NS_PACK_SLACK - n;
    size_t from[8] = {0}, at = 0;
    memset(my.end - NS_PACK_SLACK, fillings[chance / 4 % 4], NS_PACK_SLACK);
    memset(s->sections, 0, sizeof s->sections);
    memset(&s->counts, 0, sizeof s->counts);
    atomic_store(&s->named, 0);
    s->base = base;
    if (!parts)
        memcpy(base, bytes, n);
    for (size_t i = 0; i < parts; i++) {
        s->sections[kinds[i]].size = i + 1 < parts && sizes[i] < n - at ? sizes[i] : n - at;
        from[i] = at;
        at += s->sections[kinds[i]].size;
    }
    at = 0;
    for (size_t i = 0; i < parts; i++) {
        size_t k = (i + 1 + chance) % parts;
        s->sections[kinds[k]].offset = at;
        memcpy(base + at, bytes + from[k], s->sections[kinds[k]].size);
        at += s->sections[kinds[k]].size;
    }
    /* the sums, which stand in the slack, are only asked to say where damage is */
    uint64_t pages = (n + NS_PACK_SLACK) / NS_SEGMENT_PAGE + 1;
    s->data_size = n + NS_PACK_SLACK - pages * 4;
    s->size = n + NS_PACK_SLACK;
    return base + (parts ? s->sections[kinds[0]].offset : 0);
}

/* ---- pack.h and positions.h */

static bool docids(const uint32_t *a, const uint8_t *bytes, size_t n)
{
    uint32_t out[NS_PACK_ROOM], count = a[0] % (NS_BLOCK + 1), first = a[1] % NS_SEGMENT_PASSAGES_MAX,
                                last = a[2] % NS_SEGMENT_PASSAGES_MAX, add = a[3] % NS_SEGMENT_PASSAGES_MAX;
    const uint8_t *p = lay(bytes, n, NULL, NULL, 0);
    const uint8_t *end = ns_docids_get(p, p + n, count, first, last, add, out);
    if (!end)
        return false;
    PROMISE(end <= p + n && out[0] >= first + add && out[count - 1] == last + add);
    for (uint32_t i = 1; i < count; i++)
        PROMISE(out[i] > out[i - 1]);
    return true;
}

static bool patched(const uint32_t *a, const uint8_t *bytes, size_t n)
{
    uint32_t out[NS_PACK_ROOM];
    const uint8_t *p = lay(bytes, n, NULL, NULL, 0);
    const uint8_t *end = ns_patched_get(p, p + n, a[0] % (NS_BLOCK + 1), out);
    PROMISE(!end || end <= p + n);
    return end != NULL;
}

static bool positions(const uint32_t *a, const uint8_t *bytes, size_t n)
{
    static uint32_t out[NS_POSITION_COUNT_MAX + 1];
    uint32_t tfs[NS_BLOCK], count = a[0] % (NS_BLOCK + 1);
    ns_position_view view;
    const uint8_t *p = lay(bytes, n, NULL, NULL, 0);
    for (uint32_t i = 0; i < count; i++)
        tfs[i] = i % 4 == 3 ? a[2] % (NS_POSITION_COUNT_MAX + 1) : a[1] % 16;
    if (!ns_position_view_open(&view, p, p + n, count, tfs))
        return false;
    bool good = true;
    size_t seen = 0;
    for (uint32_t k = 0; k < 2 * count && seen < 50000; k++) { /* forward, then back */
        uint32_t i = k < count ? k : 2 * count - 1 - k, all = ns_position_view_count(&view, i);
        if (all > NS_POSITION_COUNT_MAX || !ns_position_view_get(&view, i, out)) {
            good = false;
            continue;
        }
        for (uint32_t j = 1; j < all; j++)
            PROMISE(out[j] > out[j - 1]);
        PROMISE(!all || out[all - 1] <= NS_POSITION_MAX);
        seen += all;
    }
    return good;
}

/* ---- postings.h */

/* What a dictionary that was read would say of the list: a[0] df, a[1] flags, a[2] passages, a[3] bytes in
 * postings. */
static void lay_list(const uint32_t *a, const uint8_t *bytes, size_t n, ns_list *list)
{
    static const ns_section kinds[] = {NS_SECTION_POSTINGS, NS_SECTION_POSITIONS};
    lay(bytes, n, kinds, a + 3, 2);
    ns_segment *s = &my.segment;
    s->counts.passages = a[2] % NS_SEGMENT_PASSAGES_MAX + 1;
    s->counts.articles = s->counts.passages;
    *list = (ns_list){.df = a[0] % s->counts.passages + 1, .flags = a[1] & 3};
    list->texts = list->df;
    list->postings_size = s->sections[NS_SECTION_POSTINGS].size;
    list->positions_size = s->sections[NS_SECTION_POSITIONS].size;
    if (list->df == 1) {
        list->inlined = s->base + s->sections[NS_SECTION_POSTINGS].offset;
        list->inlined_end = list->inlined + list->postings_size;
        list->positions_size = list->postings_size = 0;
    }
}

static void look_at(ns_cursor *c, uint32_t i)
{
    const uint32_t *found;
    if (i % 2)
        (void)ns_cursor_freq(c);
    if (i % 3)
        return;
    size_t count = c->ops->positions(c, &found);
    for (size_t k = 1; k < count; k++)
        PROMISE(found[k] > found[k - 1]);
}

static bool list_cursor(const uint32_t *a, const uint8_t *bytes, size_t n)
{
    ns_list list;
    ns_cursor *c;
    const uint32_t base = a[4] % NS_SEGMENT_PASSAGES_MAX, stride = 1 + a[5] % 8;
    lay_list(a, bytes, n, &list);
    if (ns_postings_cursor(&my.segment, &list, base, &my.arena, &c, NULL))
        return false;
    bool good = true;
    for (int round = 0; round < 2; round++) {
        uint32_t before = 0, i = 0;
        for (uint32_t d = c->docid; d != NS_DOCID_END; i++) {
            PROMISE(d >= base && d - base < my.segment.counts.passages && (!i || d > before));
            before = d;
            look_at(c, i);
            d = round ? ns_cursor_seek(c, d + stride * (1 + i % 64)) : ns_cursor_next(c);
        }
        good &= !c->damaged;
        if (!c->ops->rewind(c))
            break;
    }
    c->ops->close(c);
    return good;
}

static bool list_copied(const uint32_t *a, const uint8_t *bytes, size_t n)
{
    ns_list list, out;
    lay_list(a, bytes, n, &list);
    my.lists.size = my.positions.size = 0;
    bool good =
        ns_postings_add_list(&my.writer, &my.segment, &list, a[4] % 1000, &my.arena, NULL) == NSEARCH_OK;
    good &= ns_postings_finish(&my.writer, &out, NULL) == NSEARCH_OK;
    if (!good) { /* one that failed is thrown away */
        ns_postings_writer_release(&my.writer);
        ns_postings_writer_init(&my.writer, &my.lists, &my.positions);
    }
    return good;
}

/* ---- dictionary.h and named.h */

/* a[0] terms, a[1] passages, a[2] bytes of the dictionary, a[3] where the key to find begins in it, and its
 * length. */
static bool dictionary(const uint32_t *a, const uint8_t *bytes, size_t n)
{
    static const ns_section kinds[] = {NS_SECTION_DICTIONARY, NS_SECTION_TERM_INDEX};
    ns_segment *s = &my.segment;
    ns_dictionary_walk walk;
    ns_list list;
    const uint8_t *p = lay(bytes, n, kinds, a + 2, 2);
    s->counts.terms = a[0];
    s->counts.passages = a[1] % NS_SEGMENT_PASSAGES_MAX + 1;
    s->sections[NS_SECTION_POSTINGS].size = s->sections[NS_SECTION_POSITIONS].size =
        UINT32_MAX; /* not looked at here */
    if (!ns_dictionary_check(s))
        return false;
    size_t size = s->sections[NS_SECTION_DICTIONARY].size, key = size ? (a[3] & 0xffff) % size : 0,
           length = a[3] >> 16 & 31;
    length = length < size - key ? length : size - key;
    bool good = ns_dictionary_find(s, p + key, length, &list) != NS_BAD;
    bool found = a[4] % 2 ? ns_dictionary_seek(&walk, s, p + key, length)
                          : ns_dictionary_block(&walk, s, 0) && ns_dictionary_next(&walk);
    for (; found; found = ns_dictionary_next(&walk))
        PROMISE(walk.length > 0 && walk.length <= NS_TERM_MAX && walk.list.df > 0 &&
                walk.list.df <= s->counts.passages);
    return good && !walk.damaged;
}

/* a[0] articles, a[1] bytes of the names, a[2] of their index, a[3] of the dictionary, a[4] terms, a[5] the
 * place of one. */
static bool named(const uint32_t *a, const uint8_t *bytes, size_t n)
{
    static const ns_section kinds[] = {NS_SECTION_NAMES, NS_SECTION_NAME_INDEX, NS_SECTION_DICTIONARY,
                                       NS_SECTION_TERM_INDEX};
    ns_segment *s = &my.segment;
    char key[NS_TERM_MAX];
    uint64_t first;
    uint32_t count;
    bool good = true;
    lay(bytes, n, kinds, a + 1, 4);
    s->counts.articles = a[0] % 64 + 1;
    s->counts.passages = NS_SEGMENT_PASSAGES_MAX;
    s->counts.terms = a[4];
    s->sections[NS_SECTION_POSTINGS].size = s->sections[NS_SECTION_POSITIONS].size = UINT32_MAX;
    for (uint32_t i = 0; i < s->counts.articles; i++) {
        my.entries.size = 0;
        good &= ns_named_entries(s, i, &my.entries);
    }
    if (!ns_dictionary_check(s) || !ns_named_range(s, &first, &count))
        return false;
    PROMISE(first <= s->counts.terms && count <= s->counts.terms - first);
    return (!count || ns_named_key(s, first + a[5] % count, key)) && good;
}

/* ---- columns.h, texts.h, removed.h */

/* a[0] passages, a[1] articles, a[2] whether there are groups; the sections have the sizes that these ask
 * for. */
static bool columns(const uint32_t *a, const uint8_t *bytes, size_t n)
{
    static const ns_section kinds[] = {NS_SECTION_LENGTHS, NS_SECTION_STARTS, NS_SECTION_DAYS,
                                       NS_SECTION_ARTICLES, NS_SECTION_GROUPS};
    const uint32_t passages = a[0] % 1024 + 1, articles = a[1] % passages + 1, words = (passages + 63) / 64;
    const uint32_t sizes[] = {passages * 2, words * 8 + (words + 7) / 8 * 4, articles * 4,
                              articles * NS_ARTICLE_RECORD};
    ns_segment *s = &my.segment;
    lay(bytes, n, kinds, sizes, 5);
    s->counts.passages = passages;
    s->counts.articles = articles;
    if (ns_columns_check(s, NULL))
        return false;
    uint32_t past = 0;
    for (uint32_t d = 0; d < passages; d++) {
        uint32_t first = ns_columns_first(s, d), end = ns_columns_end(s, d);
        ns_article_facts facts;
        PROMISE(first <= d && d < end && end <= passages && (d == first || first == past));
        past = first;
        (void)ns_columns_facts(s, ns_columns_article(s, d), &facts);
    }
    return true;
}

/* a[0] articles, a[1] bytes of their column, a[2] of the days, a[3] of the index of texts; the texts. */
static bool texts(const uint32_t *a, const uint8_t *bytes, size_t n)
{
    static const ns_section kinds[] = {NS_SECTION_ARTICLES, NS_SECTION_DAYS, NS_SECTION_TEXT_INDEX,
                                       NS_SECTION_TEXTS};
    ns_segment *s = &my.segment;
    ns_text_block block;
    ns_article_facts facts;
    const uint8_t *text;
    uint32_t end;
    lay(bytes, n, kinds, a + 1, 4);
    s->counts.articles = s->counts.passages = a[0] % 64 + 1;
    uint32_t article = a[4] % s->counts.articles;
    if (!ns_texts_place(s, article, &facts, &block, &end))
        return false;
    PROMISE(facts.text_offset <= end && end <= block.inflated);
    if (ns_texts_inflate(s, &block, end, &my.arena, &text, NULL))
        return false;
    volatile uint8_t last = end ? text[end - 1] : 0; /* it is all there */
    (void)last;
    return true;
}

static bool stored(const uint8_t *bytes, size_t n)
{
    ns_stored out;
    const uint8_t *p = lay(bytes, n, NULL, NULL, 0);
    if (ns_stored_decode(p, n, &my.arena, &out, NULL))
        return false;
    PROMISE(strlen(out.body) == out.body_length);
    for (uint32_t i = 0; i < out.passage_count; i++)
        PROMISE(out.passages[i].begin <= out.passages[i].end && out.passages[i].end <= out.body_length);
    for (size_t i = 0; i < out.article.paragraph_count; i++)
        PROMISE(out.article.paragraphs[i].text >= out.body &&
                out.article.paragraphs[i].text + out.article.paragraphs[i].length <=
                    out.body + out.body_length);
    return true;
}

static void serve(const char *name, uint8_t *bytes, size_t n)
{
    snprintf(memory_files[0].name, sizeof memory_files[0].name, "%s", name);
    memory_files[0].bytes = bytes;
    memory_files[0].size = memory_files[0].shown = n;
    memory_file_count = 1;
}

static bool manifest(const uint8_t *bytes, size_t n)
{
    static uint8_t text[DECODER_INPUT_MAX + 32];
    ns_manifest m;
    size_t bad, files = 0;
    memcpy(text, bytes, n);
    serve(NS_MANIFEST_NAME, text,
          n + (size_t)sprintf((char *)text + n, "sum\t%08x\n", ns_crc32c(0, bytes, n)));
    bool good = ns_manifest_read(3, &m, NULL) == NSEARCH_OK;
    if (good) {
        files = m.file_count;
        for (size_t i = 0; i < m.file_count; i++)
            PROMISE(*m.files[i].name && !strchr(m.files[i].name, '/') &&
                    memchr(m.files[i].name, 0, sizeof m.files->name));
        ns_manifest_release(&m);
    }
    if (ns_manifest_read_damaged(3, &m, &bad, NULL) == NSEARCH_OK)
        ns_manifest_release(&m);
    else
        PROMISE(!files);
    return good;
}

/* a[0] passages, a[1] removed ones, a[2] bytes of the starts. */
static bool removed(const uint32_t *a, const uint8_t *bytes, size_t n)
{
    static const ns_section kinds[] = {NS_SECTION_STARTS, NS_SECTION_TEXTS};
    ns_segment *s = &my.segment;
    ns_removed r;
    lay(bytes, n, kinds, a + 2, 2);
    s->counts.passages = s->counts.articles = a[0] % 4096 + 1;
    uint64_t starts = s->sections[NS_SECTION_STARTS].size, own = n - starts;
    if (starts < ns_removed_size(s->counts.passages)) /* what ns_columns_check refuses */
        return false;
    ns_manifest_file file = {
        .name = "del-000001", .role = "removed", .id = 7, .size = own, .numbers = {a[1], 0, 0, 0}};
    uint8_t *copy = (uint8_t *)ns_arena_copy(&my.arena, bytes + starts, own), seed[8];
    ns_put_u64(seed, file.id);
    file.sum = ns_crc32c(ns_crc32c(0, seed, sizeof seed), copy, own);
    serve(file.name, copy, own);
    if (ns_removed_read(&r, s, 3, &file, NULL))
        return false;
    uint32_t found = 0;
    for (uint32_t d = 0; d < own * 8; d++)
        found += ns_removed_has(&r, d);
    for (uint32_t d = s->counts.passages; d < own * 8; d++)
        PROMISE(!ns_removed_has(&r, d));
    PROMISE(found == r.passages);
    ns_removed_release(&r);
    return true;
}

bool decode(const uint8_t *input, size_t n)
{
    uint32_t a[6];
    if (!my.end)
        set_up();
    if (n < DECODER_HEAD)
        return false;
    n = n < DECODER_INPUT_MAX ? n : DECODER_INPUT_MAX;
    for (int i = 0; i < 6; i++)
        a[i] = ns_get_u32(input + 1 + i * 4);
    const uint8_t *bytes = input + DECODER_HEAD;
    bool good = false;
    ns_arena_reset(&my.arena);
    n -= DECODER_HEAD;
    switch ((decoder)(*input % DECODERS)) {
    case DECODE_DOCIDS:
        good = docids(a, bytes, n);
        break;
    case DECODE_PATCHED:
        good = patched(a, bytes, n);
        break;
    case DECODE_POSITIONS:
        good = positions(a, bytes, n);
        break;
    case DECODE_LIST:
        good = list_cursor(a, bytes, n);
        break;
    case DECODE_COPY:
        good = list_copied(a, bytes, n);
        break;
    case DECODE_DICTIONARY:
        good = dictionary(a, bytes, n);
        break;
    case DECODE_NAMES:
        good = named(a, bytes, n);
        break;
    case DECODE_COLUMNS:
        good = columns(a, bytes, n);
        break;
    case DECODE_TEXTS:
        good = texts(a, bytes, n);
        break;
    case DECODE_STORED:
        good = stored(bytes, n);
        break;
    case DECODE_MANIFEST:
        good = manifest(bytes, n);
        break;
    case DECODE_REMOVED:
        good = removed(a, bytes, n);
        break;
    case DECODERS:
        break;
    }
    return good;
}
