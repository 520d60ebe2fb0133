/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * json_values.h - cuts a stream into JSON values without parsing them, so that an array of any length takes the memory
 * of one of its values.
 */
#ifndef NS_CORPUS_JSON_VALUES_H
#define NS_CORPUS_JSON_VALUES_H

#include "corpus/input.h"

/* What was met of a value so far. */
typedef struct ns_json_scan {
    size_t depth; /* open brackets */
    bool begun, in_string, escaped;
} ns_json_scan;

/* Goes over bytes up to the end of the value. How many belong to it; *over: it ends there. */
size_t ns_json_scan_on(ns_json_scan *scan, const uint8_t *bytes, size_t n, bool *over);

/* The next value, of those parted by white space, commas, or by brackets that close an array around them. 'to' may hold
 * the beginning of it, which 'scan' has gone over; else it is empty and scan zeros. A value above the
 * limit is passed over. */
ns_input_answer ns_json_value(ns_input *in, size_t limit, ns_json_scan *scan, ns_buffer *to);
/* No value comes any more. */
bool ns_json_is_over(ns_input *in);
/* Goes into an array that the coming value is. False when it is none. */
bool ns_json_enter(ns_input *in);

#endif
