/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * article.c - what an engine is given for a line.
 */
#include "tests/bench/article.h"

#include "src/base/day.h"

bool bench_article(plain_analyser *analyser, const bench_passage *from, bench_article_room *room, ns_analysed *out)
{
    if (!plain_passage(analyser, from, &room->passage))
        return false;
    room->passage.end = (uint32_t)from->text_length;
    ns_buffer_clear(&room->stored);
    ns_buffer_add(&room->stored, from->id, from->id_length + 1);
    ns_buffer_add(&room->stored, from->title, from->title_length + 1);
    ns_buffer_add(&room->stored, from->text, from->text_length);
    *out = (ns_analysed){.id = from->id,
                         .hash = from->number,
                         .day = NS_DAY_UNKNOWN,
                         .text_bytes = (uint32_t)(from->title_length + from->text_length),
                         .passages = &room->passage,
                         .passage_count = 1,
                         .stored = room->stored.data,
                         .stored_size = room->stored.size,
                         .numbering = analyser->lexicon.numbering};
    return !room->stored.failed;
}
