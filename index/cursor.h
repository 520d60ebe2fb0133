/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * cursor.h - the posting cursor: walks the passages that hold one term, in docid order,
 * within one part (segment) of an index. Docids are those of the whole index.
 */
#ifndef NS_INDEX_CURSOR_H
#define NS_INDEX_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NS_DOCID_END UINT32_MAX

typedef struct ns_cursor ns_cursor;
typedef struct ns_cursor_ops {
    /* Moves to the first posting at or after 'target', which lies past the last docid of the block in hand. Returns the
     * new docid, NS_DOCID_END after the last. */
    uint32_t (*seek)(ns_cursor *c, uint32_t target);
    /* Fills in 'freqs' for the block in hand; on damage they are zeros and the cursor ends at its next move. */
    void (*load_freqs)(ns_cursor *c);
    /* Positions of the current posting, ascending; valid until the cursor moves. 0 where it has none. */
    size_t (*positions)(ns_cursor *c, const uint32_t **positions);
    /* For each posting of the block in hand: bit p % 32 for each of its positions p. NULL: 'positions' tells. */
    void (*spots)(ns_cursor *c, uint32_t *spots);
    /* Back to the first posting; false when damaged. NULL: one opens a new cursor instead. */
    bool (*rewind)(ns_cursor *c);
    void (*close)(ns_cursor *c);
} ns_cursor_ops;

/* Engines embed this as the first member. A new cursor stands on its first posting. It shows the decoded block of
 * postings that it stands in, so that most moves are a look into an array; at the end there is no block. A cursor that met
 * damaged bytes ends (NS_DOCID_END) and sets 'damaged'. Removed passages are given like others. */
struct ns_cursor {
    const ns_cursor_ops *ops;
    const uint32_t *docids; /* n of them, ascending */
    const uint32_t *freqs;  /* tf of each; NULL until asked for (ns_cursor_freqs) */
    uint32_t i, n;          /* it stands on docids[i] */
    uint32_t docid;         /* docids[i], or NS_DOCID_END */
    uint32_t df;            /* postings in this part, removed ones included */
    bool damaged;
};

/* Both moves return the new docid, NS_DOCID_END after the last. */
static inline uint32_t ns_cursor_next(ns_cursor *c)
{
    if (__builtin_expect(c->i + 1 < c->n, 1))
        return c->docid = c->docids[++c->i];
    return c->docid == NS_DOCID_END ? NS_DOCID_END : c->ops->seek(c, c->docid + 1);
}

/* On to the first posting of the next block. */
static inline uint32_t ns_cursor_next_block(ns_cursor *c)
{
    return c->docid == NS_DOCID_END ? NS_DOCID_END : c->ops->seek(c, c->docids[c->n - 1] + 1);
}

/* The first posting at or after 'target'; stays where it is when it is already there. */
static inline uint32_t ns_cursor_seek(ns_cursor *c, uint32_t target)
{
    if (target <= c->docid)
        return c->docid;
    if (target > c->docids[c->n - 1])
        return c->ops->seek(c, target);
    const uint32_t *low = c->docids + c->i;
    for (uint32_t n = c->n - c->i; n > 1;) {
        uint32_t half = n / 2;
        low += half & -(uint32_t)(low[half - 1] < target); /* no branch: it could not be foretold */
        n -= half;
    }
    c->i = (uint32_t)(low - c->docids);
    return c->docid = *low;
}

/* tf of every posting of the block in hand. */
static inline const uint32_t *ns_cursor_freqs(ns_cursor *c)
{
    if (!c->freqs)
        c->ops->load_freqs(c);
    return c->freqs;
}

/* tf of the current posting; 0 at the end. */
static inline uint32_t ns_cursor_freq(ns_cursor *c)
{
    return c->docid == NS_DOCID_END ? 0 : ns_cursor_freqs(c)[c->i];
}

#endif
