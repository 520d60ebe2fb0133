/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * analysed.h - hand-over from analysis to the engines: one article cut into passages,
 * each a sorted list of terms. Lives in the workspace's arena until the next article.
 */
#ifndef NS_TEXT_ANALYSED_H
#define NS_TEXT_ANALYSED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A term is a byte string whose first byte is its kind. Only STEM, ENTITY and WITHIN terms have a
 * tf and are scored; the others select (their tf is 0). */
#define NS_TERM_STEM 'w'     /* stem of a word of body or title; positions of the body */
#define NS_TERM_EXACT 'x'    /* folded word of the body as written; positions of the body */
#define NS_TERM_TITLE 't'    /* stem of a word of the title; positions in the title */
#define NS_TERM_TITLE_EXACT 'u' /* folded word of the title; positions in the title */
#define NS_TERM_ENTITY 'e'   /* key of a name: its folded canonical form, words parted by spaces;
                              * positions of the first words of its mentions in the body */
#define NS_TERM_WITHIN 'c'   /* key of a country of which a place is named */
#define NS_TERM_PERSON 'P'   /* one folded word of a person's name (canonical form or as written) */
#define NS_TERM_PLACE 'L'
#define NS_TERM_ORG 'O'
#define NS_TERM_SOURCE 's'   /* one folded word of the outlet's name */
#define NS_TERM_BYLINE 'b'   /* one folded word of the byline */
#define NS_TERM_SPEAKER 'q'  /* one folded word of a quotation's speaker; positions: where the quotation begins */
#define NS_TERM_MARK 'm'     /* no word: a second byte, NS_MARK_..., says what its positions are */
#define NS_TERM_ID 'i'       /* the article's id; in its first passage only */
#define NS_TERM_OUTLET 'd'   /* the outlet's name as given; in its first passage only */
#define NS_TERM_ADDRESS 'a'  /* address of a page or of a feed's partial entry (address.h); in its first passage only */
#define NS_TERM_ORIGIN 'f'   /* path of the file it came from; in its first passage only */

/* A passage without words has no marks. */
#define NS_MARK_SENTENCE 's'  /* where sentences begin, but for the first, and last the number of words */
#define NS_MARK_PARAGRAPH 'p' /* where paragraphs begin */
#define NS_MARK_QUOTATION 'q' /* the first word of each quotation */
#define NS_MARK_QUOTED 'z'    /* the word after the last of each quotation; it may be the number of words */
#define NS_MARK_CAPITAL 'c'   /* words that begin with a capital and are not all capitals */
#define NS_MARK_UPPER 'u'     /* words of two letters or more, all capitals */

#define NS_TERM_MAX 245      /* bytes of a term with its kind; longer ones are cut (Xapian's limit) */
#define NS_PASSAGE_TERMS_MAX 4096 /* tokens of a passage: a longer "sentence" is cut into passages */
#define NS_TITLE_WEIGHT 2    /* tf that a title word adds in every passage (doc/ranking.md) */

typedef struct ns_term {
    const char *key;         /* kind byte and text; not NUL-terminated by contract */
    uint32_t length;         /* bytes of key */
    uint32_t tf;             /* tf' of doc/ranking.md: body count + NS_TITLE_WEIGHT if in the title */
    const uint32_t *positions; /* ascending, from 0 within the passage (title kinds: the title) */
    uint32_t position_count;
    uint32_t number;         /* in the article's numbering; 0: it has none */
} ns_term;

typedef struct ns_passage {
    const ns_term *terms;    /* in any order, no key twice */
    uint32_t term_count;
    uint32_t length;         /* len(p): sum of tf over the terms; 1 to 65535 */
    uint32_t begin, end;     /* bytes of the article's body; 0,0 where there is a title only */
} ns_passage;

/* A name that the article holds, for counting: an ENTITY or OUTLET term of its passages, and what it names. */
typedef enum ns_name_type {
    NS_NAME_OF_PERSON,
    NS_NAME_OF_PLACE,
    NS_NAME_OF_ORG,
    NS_NAME_OF_OUTLET
} ns_name_type;
#define NS_NAME_TYPES 4
typedef struct ns_article_name {
    const char *key;         /* the term's, with its kind byte */
    uint32_t length;
    ns_name_type type;
} ns_article_name;

/* Sketch of the whole text for copies of one story (neardup.h) and for others on the same event (keywords.h). */
#define NS_SKETCH_WORDS 64
#define NS_KEYWORDS 40
#define NS_SKETCH_NUMBERS 16
typedef struct ns_sketch {
    uint64_t text_hash;      /* of the folded body: equal means the same text */
    uint32_t shingles;       /* distinct shingles; 0: too short to compare */
    uint16_t words[NS_SKETCH_WORDS];
    uint16_t keywords[NS_KEYWORDS]; /* hashes of stems, the most telling first; 0: no more */
    uint16_t numbers[NS_SKETCH_NUMBERS]; /* the smallest hashes of the numbers in the body, ascending; 0: no more */
} ns_sketch;

/* A group of copies has a number with these bits clear; an article's group is that number with the bits that hold. 0: in
 * no group, not even one of its own. */
#define NS_GROUP_HEAD UINT64_C(1)     /* the one that the others were compared with: the first that came */
#define NS_GROUP_DOUBTFUL UINT64_C(2) /* the article's day is a guess of the reader's */
#define NS_GROUP_BITS UINT64_C(7)     /* the last one is kept for later */
static inline uint64_t ns_group_number(uint64_t group)
{
    return group & ~NS_GROUP_BITS;
}

/* Whether the article was found to be a copy of one that came before it. All others are the index's distinct texts: idf
 * counts them alone, so that a story that forty outlets carry does not make its words common. */
static inline bool ns_group_is_copy(uint64_t group)
{
    return ns_group_number(group) && !(group & NS_GROUP_HEAD);
}

typedef struct ns_analysed {
    const char *id;
    uint64_t hash;           /* ns_article_hash: equal means unchanged */
    int32_t day;             /* of publication, NS_DAY_UNKNOWN; a month or year known: its first day */
    uint32_t text_bytes;     /* of title and body */
    ns_sketch sketch;
    uint64_t group;          /* of copies (NS_GROUP_...); analysis leaves it 0, and the writer decides it */
    const ns_passage *passages; /* at least one */
    uint32_t passage_count;  /* at most 65535 */
    const ns_article_name *names; /* in any order, no key twice */
    uint32_t name_count;
    const uint8_t *stored;   /* the article as ns_stored_decode reads it back (stored.h) */
    size_t stored_size;
    uint64_t numbering;      /* articles that share it give a number to one key only; 0: no term has a number */
    bool cut;                /* the body goes on behind the last passage: too long to be indexed whole */
} ns_analysed;

#endif
