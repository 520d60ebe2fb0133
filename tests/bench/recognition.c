/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * recognition.c - nsearch-index without names, quotations, sketches and groups of copies: the linker puts
 * these in the place of the real ones (--wrap) in index-without, so that the cost of both programs can be
 * compared (test_recognition.sh).
 */
#include <string.h>

#include "src/text/entity.h"
#include "src/text/keywords.h"
#include "src/text/neardup.h"
#include "src/text/quote.h"

struct ns_grouping; /* grouping.h and entity.h do not go together */

bool __wrap_ns_entities_find(ns_lexicon *lexicon, const char *const *texts, const ns_span *spans,
                             const uint32_t *bases, size_t span_count, const ns_lexeme *tokens,
                             ns_arena *arena, ns_entities *out);
bool __wrap_ns_quotes_find(ns_lexicon *lexicon, const char *const *texts, const size_t *lengths,
                           const ns_span *spans, const uint32_t *bases, size_t span_count,
                           const ns_lexeme *tokens, const ns_entities *entities, ns_arena *arena,
                           ns_quotes *out);
bool __wrap_ns_keywords_make(ns_lexicon *lexicon, const ns_lexemes *lexemes, ns_keyword_scratch *scratch,
                             uint16_t keywords[NS_KEYWORDS]);
bool __wrap_ns_word_tells(ns_lexicon *lexicon, uint32_t word);
void __wrap_ns_sketch_make_hashed(const uint64_t *words, size_t count, const uint64_t *telling,
                                  size_t telling_count, ns_sketch *out);
void __wrap_ns_sketch_add_number(ns_sketch *sketch, uint64_t hash);
nsearch_status __wrap_ns_grouping_add(struct ns_grouping *g, uint64_t hash, int32_t day, bool doubtful,
                                      const ns_sketch *sketch, uint64_t *group, nsearch_error *err);

bool __wrap_ns_entities_find(ns_lexicon *lexicon, const char *const *texts, const ns_span *spans,
                             const uint32_t *bases, size_t span_count, const ns_lexeme *tokens,
                             ns_arena *arena, ns_entities *out)
{
    (void)lexicon, (void)texts, (void)spans, (void)bases, (void)span_count, (void)tokens, (void)arena;
    memset(out, 0, sizeof *out);
    return true;
}

bool __wrap_ns_quotes_find(ns_lexicon *lexicon, const char *const *texts, const size_t *lengths,
                           const ns_span *spans, const uint32_t *bases, size_t span_count,
                           const ns_lexeme *tokens, const ns_entities *entities, ns_arena *arena,
                           ns_quotes *out)
{
    (void)lexicon, (void)texts, (void)lengths, (void)spans, (void)bases, (void)span_count, (void)tokens;
    (void)entities, (void)arena;
    memset(out, 0, sizeof *out);
    return true;
}

bool __wrap_ns_keywords_make(ns_lexicon *lexicon, const ns_lexemes *lexemes, ns_keyword_scratch *scratch,
                             uint16_t keywords[NS_KEYWORDS])
{
    (void)lexicon, (void)lexemes, (void)scratch;
    memset(keywords, 0, NS_KEYWORDS * sizeof *keywords);
    return true;
}

bool __wrap_ns_word_tells(ns_lexicon *lexicon, uint32_t word)
{
    (void)lexicon, (void)word;
    return false;
}

void __wrap_ns_sketch_make_hashed(const uint64_t *words, size_t count, const uint64_t *telling,
                                  size_t telling_count, ns_sketch *out)
{
    (void)words, (void)count, (void)telling, (void)telling_count;
    memset(out, 0, sizeof *out);
}

void __wrap_ns_sketch_add_number(ns_sketch *sketch, uint64_t hash)
{
    (void)sketch, (void)hash;
}

nsearch_status __wrap_ns_grouping_add(struct ns_grouping *g, uint64_t hash, int32_t day, bool doubtful,
                                      const ns_sketch *sketch, uint64_t *group, nsearch_error *err)
{
    (void)g, (void)hash, (void)day, (void)doubtful, (void)sketch, (void)err;
    *group = 0;
    return NSEARCH_OK;
}
