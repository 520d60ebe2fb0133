/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * article.h - one line of a passage file as an article of one passage.
 */
#ifndef NS_BENCH_ARTICLE_H
#define NS_BENCH_ARTICLE_H

#include "src/base/buffer.h"
#include "tests/bench/plain.h"

/* What an article's parts live in. */
typedef struct bench_article_room {
    ns_passage passage;
    ns_buffer stored;
} bench_article_room;

/* What is stored is the line. Its number stands in the column that articles keep a hash of their text in. *out is
 * valid until the analyser or the room is used again. False: out of memory. */
bool bench_article(plain_analyser *analyser, const bench_passage *from, bench_article_room *room, ns_analysed *out);

#endif
