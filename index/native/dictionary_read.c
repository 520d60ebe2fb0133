/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * dictionary_read.c - finds terms by a binary search over the blocks' heads and a walk through one block.
 */
#include <string.h>

#include "index/native/dictionary.h"
#include "src/base/bytes.h"

static uint64_t block_count(const ns_segment *s)
{
    return s->counts.terms / NS_DICTIONARY_BLOCK + (s->counts.terms % NS_DICTIONARY_BLOCK != 0);
}

bool ns_dictionary_check(const ns_segment *s)
{
    uint64_t size = s->sections[NS_SECTION_TERM_INDEX].size;
    return s->counts.terms > 0 && size % 16 == 0 && size / 16 == block_count(s);
}

typedef ns_dictionary_reading reading;

static uint32_t terms_in_block(const ns_segment *s, uint64_t number)
{
    uint64_t left = s->counts.terms - number * NS_DICTIONARY_BLOCK;
    return left < NS_DICTIONARY_BLOCK ? (uint32_t)left : NS_DICTIONARY_BLOCK;
}

static bool open_block(const ns_segment *s, uint64_t number, reading *b)
{
    uint64_t blocks = block_count(s), size = s->sections[NS_SECTION_DICTIONARY].size;
    bool is_last = number + 1 >= blocks;
    const uint8_t *p = ns_segment_at(s, NS_SECTION_TERM_INDEX, blocks * 8 + number * 8, is_last ? 8 : 16);
    if (!p)
        return false;
    uint64_t begin = ns_get_u64(p), stop = is_last ? size : ns_get_u64(p + 8);
    if (begin > stop || stop > size || !(p = ns_segment_at(s, NS_SECTION_DICTIONARY, begin, stop - begin)))
        return false;
    b->end = p + (stop - begin);
    b->terms = terms_in_block(s, number);
    b->i = 0;
    if (stop - begin < NS_DICTIONARY_HEAD + (uint64_t)b->terms)
        return false;
    b->postings = ns_get_u64(p);
    b->positions = ns_get_u64(p + 8);
    size_t keys = (size_t)p[16] | (size_t)p[17] << 8;
    p += NS_DICTIONARY_HEAD;
    if (keys > (size_t)(b->end - p) - b->terms)
        return false;
    b->keys = p;
    b->controls = p + keys;
    b->lists = b->controls + b->terms;
    return true;
}

/* How much of the term before a term shares, and the length of the rest, where p then stands; NULL when bad. */
static inline const uint8_t *read_key(const uint8_t *p, const uint8_t *end, uint32_t *shared, uint32_t *rest)
{
    uint32_t more;
    if (p >= end)
        return NULL;
    *shared = *p >> 4;
    *rest = *p++ & 15;
    if (__builtin_expect(*shared == 15, 0)) {
        if (!(p = ns_get_varint32(p, end, &more)) || more > NS_TERM_MAX)
            return NULL;
        *shared += more;
    }
    if (__builtin_expect(*rest == 15, 0)) {
        if (!(p = ns_get_varint32(p, end, &more)) || more > NS_TERM_MAX)
            return NULL;
        *rest += more;
    }
    return *rest && *rest <= (size_t)(end - p) ? p : NULL;
}

/* Of each control: bytes before the third number, before the fourth, and of all four, as bytes of a word. */
#define WIDTH(code) (1u << ((code) & 3) >> 1)
#define THIRD(c) (WIDTH(c) + WIDTH((c) >> 2))
#define FOURTH(c) (THIRD(c) + WIDTH((c) >> 4))
#define PLACES(c) (THIRD(c) | FOURTH(c) << 8 | (FOURTH(c) + WIDTH((c) >> 6)) << 16)
#define PLACES_4(c) PLACES(c), PLACES((c) + 1), PLACES((c) + 2), PLACES((c) + 3)
#define PLACES_16(c) PLACES_4(c), PLACES_4((c) + 4), PLACES_4((c) + 8), PLACES_4((c) + 12)
#define PLACES_64(c) PLACES_16(c), PLACES_16((c) + 16), PLACES_16((c) + 32), PLACES_16((c) + 48)
static const uint32_t places_of[256] = {PLACES_64(0), PLACES_64(64), PLACES_64(128), PLACES_64(192)};

typedef struct numbers {
    uint32_t df_flags, gap, postings, positions;
    const uint8_t *end;
} numbers;

static inline uint32_t number_at(const uint8_t *p, unsigned code)
{
    static const uint32_t masks[4] = {0, UINT8_MAX, UINT16_MAX, UINT32_MAX};
    return ns_get_u32(p) & masks[code & 3];
}

/* The numbers of a list, without branches. What is read past the block's end is of the segment: its footer is behind all
 * blocks. */
static inline numbers read_numbers(const uint8_t *p, unsigned control)
{
    uint32_t places = places_of[control];
    return (numbers){.df_flags = number_at(p, control),
                     .gap = number_at(p + WIDTH(control), control >> 2),
                     .postings = number_at(p + (places & 255), control >> 4),
                     .positions = number_at(p + (places >> 8 & 255), control >> 6),
                     .end = p + (places >> 16)};
}

/* Over the lists of terms up to the i-th. */
static inline bool skip_lists(reading *b, uint32_t i)
{
    const uint8_t *p = b->lists;
    uint64_t postings = 0, positions = 0;
    for (; b->i < i; b->i++) {
        numbers n = read_numbers(p, b->controls[b->i]);
        uint32_t inlined = n.postings & (0u - (n.df_flags < 8));
        if (n.end > b->end || inlined > (size_t)(b->end - n.end))
            return false;
        p = n.end + inlined;
        postings += n.postings - inlined;
        positions += n.positions;
    }
    b->lists = p;
    b->postings += postings;
    b->positions += positions;
    return true;
}

/* The list of the i-th term. */
static bool read_list(const ns_segment *s, reading *b, uint32_t i, ns_list *list)
{
    if (!skip_lists(b, i))
        return false;
    numbers n = read_numbers(b->lists, b->controls[i]);
    *list = (ns_list){.df = n.df_flags >> 2, .flags = n.df_flags & 3, .postings = b->postings, .positions = b->positions};
    if (n.end > b->end || !list->df || list->df > s->counts.passages || n.gap > list->df)
        return false;
    list->texts = list->df - n.gap;
    if (list->df == 1) {
        list->inlined = n.end;
        list->inlined_end = n.end + n.postings;
        return n.postings <= (size_t)(b->end - n.end) && !n.positions;
    }
    list->postings_size = n.postings;
    list->positions_size = n.positions;
    return list->postings <= s->sections[NS_SECTION_POSTINGS].size &&
           list->postings_size <= s->sections[NS_SECTION_POSTINGS].size - list->postings &&
           list->positions <= s->sections[NS_SECTION_POSITIONS].size &&
           list->positions_size <= s->sections[NS_SECTION_POSITIONS].size - list->positions;
}

/* Compares the first term of a block with a key: < 0, 0, > 0; *bad is set when that cannot be told. */
static int compare_first(const ns_segment *s, uint64_t number, const uint8_t *key, size_t n, bool *bad)
{
    reading b;
    uint32_t shared, length;
    const uint8_t *p = open_block(s, number, &b) ? read_key(b.keys, b.controls, &shared, &length) : NULL;
    if (!p || shared) {
        *bad = true;
        return 0;
    }
    int order = memcmp(p, key, length < n ? length : n);
    return order ? order : (length > n) - (length < n);
}

/* The first of the heads from 'low' to before 'high' that is at least 'least'. */
static uint64_t find_head(const uint8_t *heads, uint64_t low, uint64_t high, uint64_t least)
{
    for (uint64_t n = high - low; n;) {
        uint64_t half = n / 2;
        uint64_t after = ns_get_u64(heads + (low + half) * 8) < least;
        low += (0 - after) & (n - half); /* n - half: past the middle, or one more of two; a branch would be a guess */
        n = half;
    }
    return low;
}

/* The last block whose first term is not greater than the key, 0 when there is none. False when bad. */
static bool find_block(const ns_segment *s, const uint8_t *key, size_t n, uint64_t *block)
{
    uint64_t blocks = block_count(s), head = 0;
    bool bad = false;
    const uint8_t *heads = ns_segment_at(s, NS_SECTION_TERM_INDEX, 0, blocks * 8);
    if (!heads)
        return false;
    for (size_t i = 0; i < 8; i++)
        head = head << 8 | (i < n ? key[i] : 0);
    uint64_t low = find_head(heads, 0, blocks, head), high = low;
    if (low < blocks && ns_get_u64(heads + low * 8) == head)
        high = head == UINT64_MAX ? blocks : find_head(heads, low, blocks, head + 1);
    while (low < high && !bad) { /* those that begin with the same bytes */
        uint64_t middle = low + (high - low) / 2;
        if (compare_first(s, middle, key, n, &bad) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    *block = low ? low - 1 : 0;
    return !bad;
}

/* How many bytes agree, at most n; 8 may be read at both. */
static inline uint32_t agreeing(const uint8_t *a, const uint8_t *b, uint32_t n)
{
    uint32_t met = 0;
    for (; met < n; met += 8) {
        uint64_t differ = ns_get_u64(a + met) ^ ns_get_u64(b + met);
        if (differ) {
            met += (uint32_t)__builtin_ctzll(differ) / 8;
            break;
        }
    }
    return met < n ? met : n;
}

ns_found ns_dictionary_find(const ns_segment *s, const void *key, size_t n, ns_list *list)
{
    uint8_t k[NS_TERM_MAX + 8]; /* eight bytes are compared at a time */
    uint64_t number;
    reading b;
    if (!n || n > NS_TERM_MAX)
        return NS_ABSENT;
    memcpy(k, key, n);
    memset(k + n, 0, 8);
    if (!find_block(s, k, n, &number) || !open_block(s, number, &b))
        return NS_BAD;
    /* 'met' bytes of the key agree with the term before; that term is less than the key. */
    uint32_t met = 0, shared, rest;
    const uint8_t *tail, *next = b.keys;
    for (uint32_t i = 0; i < b.terms; i++) {
        if (!(tail = read_key(next, b.controls, &shared, &rest)))
            return NS_BAD;
        next = tail + rest;
        if (shared > met)
            continue;
        if (shared < met)
            return NS_ABSENT; /* leaves the key where the term before agreed with it: greater */
        uint32_t at = agreeing(tail, k + met, rest < n - met ? rest : (uint32_t)n - met);
        met += at;
        if (at == rest && met == n)
            return read_list(s, &b, i, list) ? NS_FOUND : NS_BAD;
        if (met == n || (at < rest && tail[at] > k[met]))
            return NS_ABSENT;
    }
    return NS_ABSENT;
}

static bool fail(ns_dictionary_walk *walk)
{
    walk->damaged = true;
    walk->left = 0;
    walk->block = walk->block_count;
    return false;
}

static bool enter_block(ns_dictionary_walk *walk)
{
    if (!open_block(walk->segment, walk->block++, &walk->reading))
        return fail(walk);
    walk->left = walk->reading.terms;
    walk->length = 0;
    return true;
}

bool ns_dictionary_next(ns_dictionary_walk *walk)
{
    reading *b = &walk->reading;
    uint32_t shared, rest;
    if (!walk->left && (walk->block >= walk->block_count || !enter_block(walk)))
        return false;
    const uint8_t *tail = read_key(b->keys, b->controls, &shared, &rest);
    if (!tail || shared > walk->length || rest > NS_TERM_MAX - shared)
        return fail(walk);
    memcpy(walk->key + shared, tail, rest);
    b->keys = tail + rest;
    walk->length = shared + rest;
    if (!read_list(walk->segment, b, b->terms - walk->left, &walk->list))
        return fail(walk);
    walk->left--;
    return true;
}

bool ns_dictionary_block(ns_dictionary_walk *walk, const ns_segment *s, uint64_t block)
{
    memset(walk, 0, sizeof *walk);
    walk->segment = s;
    walk->block_count = block_count(s);
    walk->block = block;
    return block < walk->block_count && enter_block(walk);
}

bool ns_dictionary_seek(ns_dictionary_walk *walk, const ns_segment *s, const void *key, size_t n)
{
    memset(walk, 0, sizeof *walk);
    walk->segment = s;
    walk->block_count = block_count(s);
    if (!n)
        key = "";
    if (!find_block(s, key, n, &walk->block))
        return fail(walk);
    while (ns_dictionary_next(walk)) {
        int order = memcmp(walk->key, key, walk->length < n ? walk->length : n);
        if (order > 0 || (order == 0 && walk->length >= n))
            return true;
    }
    return false;
}
