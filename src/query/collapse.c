/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * collapse.c - greedy folding of a ranking by the sketches of its articles.
 */
#include "src/query/collapse.h"

#include "src/text/neardup.h"

size_t ns_collapse(const ns_scored_article *articles, size_t count, size_t limit, ns_group_member *members)
{
    size_t n = 0, heads = 0;
    for (size_t i = 0; i < count; i++) {
        const ns_article_columns *a = &articles[i].columns;
        bool is_copy = false;
        for (size_t k = 0; k < n && !is_copy; k++) {
            if (members[k].head != members[k].article)
                continue;
            const ns_article_columns *h = &articles[members[k].article].columns;
            double likeness;
            is_copy = ns_sketch_is_copy(&h->sketch, h->day, &a->sketch, a->day, &likeness);
            if (is_copy)
                members[n++] = (ns_group_member){i, members[k].article, likeness};
        }
        if (!is_copy && heads < limit) {
            members[n++] = (ns_group_member){i, i, 1};
            heads++;
        }
    }
    return n;
}
