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

/* A (tf, len) pair that bounds postings: no posting of the run has at once a larger tf and a
 * smaller len than some pair of it. Pairs, not scores, so they survive a change of formula. */
typedef struct ns_impact {
    uint32_t tf;
    uint32_t len;
} ns_impact;

typedef struct ns_cursor ns_cursor;
typedef struct ns_cursor_ops {
    /* Both return the new docid, NS_DOCID_END after the last. next_geq: the first posting at or after
     * 'target'; stays where it is when it is already there. Removed passages are still given. */
    uint32_t (*next)(ns_cursor *c);
    uint32_t (*next_geq)(ns_cursor *c, uint32_t target);
    /* Of the current posting. */
    uint32_t (*freq)(ns_cursor *c);
    /* Positions of the current posting, ascending; valid until the cursor moves. 0 where it has none. */
    size_t (*positions)(ns_cursor *c, const uint32_t **positions);
    /* Impacts of the run of postings that holds 'target' or the next posting after it, without decoding: at most
     * 'capacity' pairs; *last is the last docid that they are valid for (>= target). 0 pairs: nothing from target on
     * (and *last is NS_DOCID_END). Does not move the cursor. */
    size_t (*impacts)(ns_cursor *c, uint32_t target, ns_impact *pairs, size_t capacity, uint32_t *last);
    void (*close)(ns_cursor *c);
} ns_cursor_ops;

#define NS_IMPACTS_MAX 8 /* pairs a run at most */

/* Engines embed this as the first member. A new cursor stands on its first posting. A cursor that
 * met damaged bytes ends (NS_DOCID_END) and sets 'damaged'. */
struct ns_cursor {
    const ns_cursor_ops *ops;
    uint32_t docid;
    uint32_t df;      /* postings in this part, removed ones included */
    bool damaged;
    ns_impact impacts[NS_IMPACTS_MAX]; /* of the whole list */
    uint32_t impact_count;
};

#endif
