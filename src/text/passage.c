/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * passage.c - the cheapest division of an article by dynamic programming over its sentences, so that no short
 * tail is left over. The costs are integers: the same division on every machine.
 */
#include "src/text/passage.h"

enum {
    AIM = 90,
    LEAST = 60,
    MOST = 120,
    SENTENCES_MIN = 3,
    SENTENCES_MAX = 6,
    LOOK_BACK = 16,
    HEADING_MOST = 6,
    HEADING_LAST = 250
};

/* What is wrong with a passage of so many tokens and sentences. */
static uint64_t cost_of(uint32_t tokens, uint32_t sentences, bool ends_paragraph)
{
    int64_t off = (int64_t)tokens - AIM;
    uint64_t cost = (uint64_t)(off * off) / 9;
    if (tokens < LEAST)
        cost += (uint64_t)(LEAST - tokens) * 8;
    if (tokens > MOST)
        cost += (uint64_t)(tokens - MOST) * 8;
    if (sentences < SENTENCES_MIN)
        cost += (uint64_t)(SENTENCES_MIN - sentences) * 40;
    if (sentences > SENTENCES_MAX)
        cost += (uint64_t)(sentences - SENTENCES_MAX) * 40;
    return cost + (ends_paragraph ? 0 : 60);
}

/* A paragraph of a few words with more to come: mostly the heading of what follows. */
static bool is_heading(const ns_sentence *sentences, size_t count, size_t i)
{
    return i + 1 < count && sentences[i].ends_paragraph && sentences[i].token_count <= HEADING_MOST &&
           (i == 0 || sentences[i - 1].ends_paragraph);
}

bool ns_passages_cut(const ns_sentence *sentences, size_t count, uint32_t longest, ns_arena *arena,
                     ns_cut **out, size_t *out_count)
{
    uint64_t *best = ns_arena_array(arena, count + 1, sizeof *best);
    uint32_t *taken =
        ns_arena_array(arena, count + 1, sizeof *taken); /* sentences of the last passage up to i */
    if (!best || !taken)
        return false;
    best[0] = 0;
    for (size_t i = 1; i <= count; i++) {
        uint64_t tokens = 0, heading = is_heading(sentences, count, i - 1) ? HEADING_LAST : 0;
        best[i] = UINT64_MAX;
        for (size_t k = 1; k <= i && k <= LOOK_BACK; k++) {
            tokens += sentences[i - k].token_count;
            if (k > 1 && tokens > longest)
                break;
            uint64_t cost = best[i - k] + heading +
                            cost_of((uint32_t)tokens, (uint32_t)k, sentences[i - 1].ends_paragraph);
            if (cost < best[i]) {
                best[i] = cost;
                taken[i] = (uint32_t)k;
            }
        }
    }
    size_t cuts = 0;
    for (size_t i = count; i > 0; i -= taken[i])
        cuts++;
    ns_cut *list = ns_arena_array(arena, cuts, sizeof *list);
    if (!list)
        return false;
    size_t at = cuts;
    for (size_t i = count; i > 0; i -= taken[i])
        list[--at] = (ns_cut){(uint32_t)(i - taken[i]), taken[i]};
    *out = list;
    *out_count = cuts;
    return true;
}
