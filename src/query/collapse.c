/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * collapse.c - folds a ranking by the groups of its articles, which were decided when they were added.
 */
#include "src/query/collapse.h"

size_t ns_collapse(const ns_scored_article *articles, size_t count, size_t limit, ns_group_member *members)
{
    size_t n = 0, heads = 0;
    for (size_t i = 0; i < count; i++) {
        const ns_article_columns *a = &articles[i].columns;
        uint64_t number = ns_group_number(a->group);
        bool is_copy = false;
        for (size_t k = 0; k < n && number && !is_copy; k++) {
            const ns_article_columns *h = &articles[members[k].article].columns;
            is_copy = members[k].head == members[k].article && ns_group_number(h->group) == number;
            if (is_copy)
                members[n++] = (ns_group_member){i, members[k].article};
        }
        if (!is_copy && heads < limit) {
            members[n++] = (ns_group_member){i, i};
            heads++;
        }
    }
    return n;
}
