/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_named.c - the names of an article, kept as a value of its first passage. Xapian gives terms no numbers, so a
 * snapshot numbers the names as it meets them.
 */
#include <string.h>

#include "index/xapian/xapian_snapshot.h"
#include "src/base/bytes.h"

void ns_xapian_named_encode(const ns_analysed *article, uint32_t docid, ns_buffer *out)
{
    uint8_t head[4];
    ns_xapian_put_be32(head, docid);
    ns_buffer_add(out, head, sizeof head);
    for (uint32_t i = 0; i < article->name_count; i++) {
        ns_buffer_add_byte(out, (uint8_t)article->names[i].type);
        ns_buffer_add_varint(out, article->names[i].length);
        ns_buffer_add(out, article->names[i].key, article->names[i].length);
    }
}

/* The next name from p; NULL: bad bytes. */
static const uint8_t *next_name(const uint8_t *p, const uint8_t *end, uint32_t *type, ns_xapian_bytes *key)
{
    uint32_t n;
    *type = p < end ? *p++ : UINT32_MAX;
    if (*type >= NS_NAME_TYPES || !(p = ns_get_varint32(p, end, &n)) || !n || n > NS_TERM_MAX || n > (size_t)(end - p))
        return NULL;
    *key = (ns_xapian_bytes){p, n};
    return p + n;
}

bool ns_xapian_named_check(const uint8_t *bytes, size_t n, uint32_t docid)
{
    const uint8_t *end = bytes + n;
    ns_xapian_bytes key;
    uint32_t type;
    if (n < 4 || ns_xapian_get_be32(bytes) != docid)
        return false;
    bytes += 4;
    while (bytes && bytes < end)
        bytes = next_name(bytes, end, &type, &key);
    return bytes != NULL;
}

/* The number of a name, given now if it is new: its place in the map. UINT32_MAX: out of memory. */
static uint32_t number_of(ns_map *named, const ns_xapian_bytes *key)
{
    bool is_new = false;
    uint64_t *number = ns_map_put(named, key->bytes, key->n, &is_new);
    if (!number || named->count > UINT32_MAX / 4)
        return UINT32_MAX;
    if (is_new)
        *number = named->count - 1;
    return (uint32_t)*number;
}

nsearch_status ns_xapian_named_get(ns_snapshot *snapshot, size_t part, uint32_t article, ns_buffer *entries,
                                   nsearch_error *err)
{
    ns_xapian_snapshot *s = ns_xapian_snapshot_of(snapshot);
    ns_buffer value = NS_BUFFER_INIT;
    (void)part;
    nsearch_status status = NSEARCH_OK;
    if (!s->remote || !ns_xapian_names_known(s, article, &value))
        status = ns_xapian_article_value(s, article, NS_XAPIAN_SLOT_NAMES, &value, err);
    if (!status && value.size < 4)
        status = ns_error_set(err, NSEARCH_DAMAGED, "no names of article at passage %u", article);
    pthread_mutex_lock(&s->lock);
    const uint8_t *p = status ? NULL : value.data + 4, *end = p ? value.data + value.size : NULL;
    while (!status && p < end) {
        ns_xapian_bytes key;
        uint32_t type;
        p = next_name(p, end, &type, &key);
        if (!p) {
            status = ns_error_set(err, NSEARCH_DAMAGED, "bad names of article at passage %u", article);
            break;
        }
        uint32_t number = number_of(&s->named, &key);
        uint32_t entry = number << 2 | type;
        ns_buffer_add(entries, &entry, sizeof entry);
        if (number == UINT32_MAX || entries->failed)
            status = ns_error_memory(err);
    }
    pthread_mutex_unlock(&s->lock);
    ns_buffer_release(&value);
    return status;
}

nsearch_status ns_xapian_named_key(ns_snapshot *snapshot, uint32_t number, char key[NS_TERM_MAX], size_t *n,
                                   nsearch_error *err)
{
    ns_xapian_snapshot *s = ns_xapian_snapshot_of(snapshot);
    nsearch_status status = NSEARCH_OK;
    pthread_mutex_lock(&s->lock);
    if (number < s->named.count) {
        *n = s->named.entries[number].length;
        memcpy(key, s->named.entries[number].key, *n);
    } else
        status = ns_error_set(err, NSEARCH_INVALID, "no name has the number %u", number);
    pthread_mutex_unlock(&s->lock);
    return status;
}
