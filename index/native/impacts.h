/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * impacts.h - (tf, len) pairs that bound a run of postings: every posting of the run is met by a pair with no
 * smaller tf and no larger len. On disk (doc/format.md, section 4.3): u8 count, then for each pair a varint
 * tf and a varint len, tf descending.
 */
#ifndef NS_NATIVE_IMPACTS_H
#define NS_NATIVE_IMPACTS_H

#include "index/cursor.h"
#include "src/base/buffer.h"

typedef struct ns_impact_set {
    ns_impact pairs[NS_IMPACTS_MAX]; /* tf and len both strictly descending */
    uint32_t count;
} ns_impact_set;

/* Makes the set bound (tf, len) too; keeps at most 'capacity' pairs by joining the nearest. */
void ns_impacts_add(ns_impact_set *set, uint32_t tf, uint32_t len, uint32_t capacity);
void ns_impacts_put(ns_buffer *out, const ns_impact_set *set);
/* Reads at most 'capacity' pairs, joining what does not fit; NULL when the bytes are bad. */
const uint8_t *ns_impacts_get(const uint8_t *p, const uint8_t *end, ns_impact *pairs, size_t capacity,
                              uint32_t *count);

#endif
