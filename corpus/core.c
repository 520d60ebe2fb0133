/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * core.c - the story is the run of lines with the largest sum, where prose counts for its words and each
 * other line against (maximum subsequence segmentation, after Pasternack and Roth). On a page with
 * little furniture, the run is the page and nothing is done.
 */
#include "corpus/core.h"

enum {
    WORDS_MOST = 50,  /* a long line counts no more */
    SENTENCE_LEAST = 4, /* words of a short sentence */
    COST = 5,         /* of a line that is no prose */
    COST_MARKED = 3,  /* of one that is known as furniture */
    HEAD_ROOM = 25,   /* lines above the first prose that may be the story's head */
    TAIL_LEAST = 6,   /* lines below it before anything is done */
    MARKED_LEAST = 2, /* of which the rules knew so many, or */
    PAGE_LEAST = 10   /* of the page */
};

/* The first lines are known furniture, or most are as short as menus are and a list of facts is not. */
static bool is_menu(const ns_lines *lines, size_t count)
{
    size_t brief = 0;
    for (size_t i = 0; i < count; i++)
        brief += lines->line[i].reason || lines->line[i].words <= 3;
    return brief * 10 >= count * 7;
}

size_t ns_core_trim(ns_lines *lines)
{
    long sum = 0, best = 0;
    size_t from = 0, best_from = 0, best_to = 0, start = 0, marked = 0, tail_marked = 0;
    for (size_t i = 0; i < lines->count; i++) {
        const ns_line *line = &lines->line[i];
        marked += line->reason != NULL;
        if (line->reason)
            sum -= COST_MARKED;
        else if (line->prose || (line->ended && line->words >= SENTENCE_LEAST))
            sum += line->words < WORDS_MOST ? (long)line->words : WORDS_MOST;
        else
            sum -= COST;
        if (sum <= 0) {
            sum = 0;
            from = i + 1;
        } else if (sum > best) {
            best = sum;
            best_from = from;
            best_to = i + 1;
        }
    }
    if (!best)
        return 0;
    for (size_t i = best_to; i < lines->count; i++)
        tail_marked += lines->line[i].reason != NULL;
    if (best_from > HEAD_ROOM && is_menu(lines, best_from - HEAD_ROOM)) {
        start = best_from - HEAD_ROOM;
        for (size_t i = 0; i < start; i++)
            if (!lines->line[i].reason)
                lines->line[i].reason = "menu";
    }
    if (lines->count - best_to >= TAIL_LEAST &&
        (tail_marked >= MARKED_LEAST || marked >= PAGE_LEAST || start > 0))
        for (size_t i = best_to; i < lines->count; i++)
            if (!lines->line[i].reason)
                lines->line[i].reason = "related";
    return start;
}
