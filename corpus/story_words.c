/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * story_words.c - compares the words of a line with those of the story. Words count as one when they begin
 * alike and differ by an ending at most: freighter, freighters.
 */
#include "corpus/story_words.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { LETTERS_MIN = 4, ENDING_MAX = 3, PARAGRAPHS = 4, BYTES_MAX = 6000 };

static bool is_letter(char c)
{
    return isalpha((unsigned char)c) || (c & 0x80);
}

/* The next run of letters in [*at, n); false at the end. */
static bool next_word(const char *s, size_t n, size_t *at, size_t *begin)
{
    while (*at < n && !is_letter(s[*at]))
        ++*at;
    *begin = *at;
    while (*at < n && is_letter(s[*at]))
        ++*at;
    return *at > *begin;
}

static bool alike(const char *a, size_t n, const char *b, size_t m)
{
    size_t less = n < m ? n : m, more = n < m ? m : n;
    return less >= LETTERS_MIN && more - less <= ENDING_MAX && !strncasecmp(a, b, less > 6 ? less - 1 : less);
}

static bool has_word(const ns_line *line, size_t limit, const char *word, size_t n)
{
    size_t at = 0, begin, end = line->n < limit ? line->n : limit;
    while (next_word(line->text, end, &at, &begin))
        if (alike(line->text + begin, at - begin, word, n))
            return true;
    return false;
}

static bool story_has(const ns_lines *lines, size_t from, const char *word, size_t n)
{
    size_t looked = 0, bytes = 0;
    for (size_t k = from; k < lines->count && looked < PARAGRAPHS && bytes < BYTES_MAX; k++) {
        const ns_line *line = &lines->line[k];
        if (line->reason || !line->prose)
            continue;
        if (has_word(line, BYTES_MAX - bytes, word, n))
            return true;
        looked++;
        bytes += line->n;
    }
    return false;
}

size_t ns_story_words(const ns_lines *lines, size_t i, size_t from)
{
    const ns_line *line = &lines->line[i];
    size_t count = 0, at = 0, begin, n = line->n < 300 ? line->n : 300;
    while (next_word(line->text, n, &at, &begin))
        if (at - begin >= LETTERS_MIN)
            count += story_has(lines, from, line->text + begin, at - begin);
    return count;
}
