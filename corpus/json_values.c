/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * json_values.c - finds where JSON values end by their brackets and quotes.
 */
#include "corpus/json_values.h"

#include <string.h>

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* A quote that is never closed must not cost all that follows: an object at the beginning of a line, inside of a
 * string, ends the value. */
static bool is_broken(const uint8_t *p, const uint8_t *end)
{
    while (p < end && is_space(*p))
        p++;
    return end - p > 1 && p[0] == '{' && p[1] == '"';
}

size_t ns_json_scan_on(ns_json_scan *s, const uint8_t *p, size_t n, bool *over)
{
    *over = false;
    for (size_t i = 0; i < n; i++) {
        uint8_t c = p[i];
        if (s->in_string) {
            if (s->escaped)
                s->escaped = false;
            else if (c == '\\')
                s->escaped = true;
            else if (c == '"')
                s->in_string = false;
            else if (c == '\n')
                *over = is_broken(p + i, p + n);
            *over = *over || (!s->in_string && !s->depth);
        } else if (c == '"') {
            s->in_string = s->begun = true;
        } else if (c == '{' || c == '[') {
            s->depth++;
            s->begun = true;
        } else if (c == '}' || c == ']') {
            if (s->depth)
                s->depth--;
            *over = !s->depth;
        } else if (!s->depth && s->begun && (is_space(c) || c == ',')) { /* behind a number or a word */
            *over = true;
            return i;
        } else if (!is_space(c)) {
            s->begun = true;
        }
        if (*over)
            return i + 1;
    }
    return n;
}

/* Passes white space and what parts values over; false at the end. */
static bool skip_between(ns_input *in)
{
    size_t n;
    for (;;) {
        const uint8_t *p = ns_input_peek(in, &n);
        size_t i = 0;
        while (i < n && (is_space(p[i]) || p[i] == ',' || p[i] == ']' || p[i] == '}' || p[i] == 0xef || p[i] == 0xbb ||
                         p[i] == 0xbf))
            i++;
        if (!n || !ns_input_skip(in, i))
            return false;
        if (i < n)
            return true;
    }
}

bool ns_json_is_over(ns_input *in)
{
    return !skip_between(in);
}

bool ns_json_enter(ns_input *in)
{
    size_t n;
    if (!skip_between(in))
        return false;
    const uint8_t *p = ns_input_peek(in, &n);
    return n && *p == '[' && ns_input_skip(in, 1);
}

ns_input_answer ns_json_value(ns_input *in, size_t limit, ns_json_scan *scan, ns_buffer *to)
{
    bool over = false, too_long = false;
    uint64_t bytes = in->bytes, packed = in->packed;
    if (!scan->begun && !skip_between(in))
        return NS_INPUT_OVER;
    while (!over) {
        size_t n;
        const uint8_t *p = ns_input_peek(in, &n);
        if (!n)
            break;
        size_t taken = ns_json_scan_on(scan, p, n, &over);
        if (!too_long && taken > limit - to->size) {
            too_long = true;
            ns_buffer_clear(to);
        }
        if (!too_long)
            ns_buffer_add(to, p, taken);
        if (!ns_input_skip(in, taken) || (too_long && ns_input_is_bomb(in, bytes, packed)))
            break;
    }
    *scan = (ns_json_scan){0};
    return too_long ? NS_INPUT_TOO_LONG : to->size || to->failed ? NS_INPUT_LINE : NS_INPUT_OVER;
}
