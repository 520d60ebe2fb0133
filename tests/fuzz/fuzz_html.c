/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * fuzz_html.c - builds pages out of the pieces that the HTML reader looks for, in any order and broken in any
 * place, and holds what it gives to the promises of corpus/article.h. NSEARCH_TEST_SEED chooses the
 * seed, the first argument the number of pages.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/bytes.h"
#include "tests/fuzz/fuzz_readers.h"

static const char *const pieces[] = {
    "<html lang=en>",
    "<head>",
    "</head>",
    "<body class='page ad-'>",
    "<div class=\"entry-content\">",
    "<div id=comments>",
    "</div>",
    "<article>",
    "</article>",
    "<h1>",
    "</h1>",
    "<h2>",
    "<h1>Wall falls</h1>",
    "<title>Wall falls | Ledger</title>",
    "<p>",
    "</p>",
    "<p class=byline>",
    "<span class=\"date\">",
    "<time datetime=2023-09-04T10:00:00Z>",
    "</time>",
    "<b>",
    "</b>",
    "<i",
    "<br><br>",
    "<table><tr><td>",
    "<ul><li>",
    "<a href=x>",
    "</a>",
    "<blockquote>",
    "<figcaption>",
    "<nav>",
    "<aside>",
    "<meta property=og:title content='",
    "<meta name=author content=\"",
    "<meta name=date content='2023-09-04'>",
    "<meta property=article:published_time content='2023-09-05T01:00:00Z'>",
    "<link rel=canonical href='https://example.org/2023/09/04/wall'>",
    "<link rel=canonical href=javascript:x>",
    "<script type='application/ld+json'>",
    "</script>",
    "<script>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<style>",
    "<textarea>",
    "{\"@type\":\"NewsArticle\",\"headline\":\"",
    "\"datePublished\":\"2023-09-04\",",
    "\"articleBody\":\"",
    "\"author\":[{\"name\":",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'",
    ">",
    "=",
    "\"publishedDate\":\"2023-09-04\"",
    "2023",
    "4 September 2023",
    "04.09.23",
    "Published",
    "Last updated:",
    "By Ann Morell",
    "OSLO (AFP) - ",
    "(Reuters)",
    "With inputs from PTI and AP",
    " and ",
    "&amp;",
    "&#0;",
    "&#x110000;",
    "&nbsp;",
    "\xc3\xa9",
    "\xc3",
    "\xff",
    "\xe2\x80\x93",
    "\xe5\xb9\xb4",
    "\x1b[31m",
    "\n",
    " ",
    "\t",
    "Part of the harbour wall gave way in the storm, officials said, and the ferry terminal was closed. ",
    "Nobody was hurt, the council said, but it will take a year, and cost more than the old one did. ",
};

int main(int argc, char **argv)
{
    const char *chosen = getenv("NSEARCH_TEST_SEED");
    uint64_t seed = chosen ? strtoull(chosen, NULL, 10) : 1, state = seed;
    unsigned long pages = argc > 1 ? strtoul(argv[1], NULL, 10) : 20000;
    static uint8_t page[16384];
    const fuzz_reader *html = fuzz_reader_named("html");
    printf("%lu pages with seed %llu\n", pages, (unsigned long long)seed);
    for (unsigned long round = 0; round < pages; round++) {
        size_t n = 0, count = 1 + ns_mix64(state += UINT64_C(0x9e3779b97f4a7c15)) % 80;
        for (size_t i = 0; i < count; i++) {
            uint64_t r = ns_mix64(state += UINT64_C(0x9e3779b97f4a7c15));
            const char *piece = pieces[r % (sizeof pieces / sizeof *pieces)];
            size_t length = strlen(piece);
            if (r >> 40 & 7 ? 0 : 1)
                length = (r >> 50) % (length + 1); /* cut off */
            if (n + length > sizeof page)
                break;
            memcpy(page + n, piece, length);
            n += length;
        }
        html->run(page, n);
    }
    return 0;
}
