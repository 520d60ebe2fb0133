/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * tool_print.c - text for a person: colour, wrapping, and nothing that could control the terminal.
 */
#include "tools/tool_print.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>
#include <utf8proc.h>

#include "tools/tool_options.h"

#define WIDTH_DEFAULT 80
#define WIDTH_MIN 20
#define WIDTH_MAX 100 /* longer lines are hard to read */

void tool_page_init(tool_page *page, FILE *out, tool_colour colour)
{
    const char *term = getenv("TERM"), *no_colour = getenv("NO_COLOR");
    bool terminal = isatty(fileno(out));
    page->out = out;
    page->colour = colour == TOOL_COLOUR_ALWAYS ||
                   (colour == TOOL_COLOUR_AUTO && terminal && !(no_colour && *no_colour) && term &&
                    strcmp(term, "dumb"));
    page->width = WIDTH_DEFAULT;
    struct winsize size;
    if (terminal && ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col)
        page->width = size.ws_col < WIDTH_MIN ? WIDTH_MIN : size.ws_col > WIDTH_MAX ? WIDTH_MAX : size.ws_col;
}

bool tool_read_colour(const char *text, tool_colour *colour)
{
    static const char *const names[] = { "auto", "always", "never" };
    for (int i = 0; i < 3; i++)
        if (!strcmp(text, names[i])) {
            *colour = (tool_colour)i;
            return true;
        }
    tool_usage("--color takes auto, always or never, not '%s'", text);
    return false;
}

/* ---------------------------------------------------------------- safe characters */

size_t tool_decode(const char *text, size_t n, int32_t *character)
{
    utf8proc_int32_t c;
    utf8proc_ssize_t size =
        utf8proc_iterate((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)n, &c);
    if (size < 1) {
        *character = 0xfffd;
        return 1;
    }
    *character = c;
    return (size_t)size;
}

bool tool_is_control(int32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0)            /* C0, DEL, C1 */
           || c == 0x061c || c == 0x200e || c == 0x200f   /* marks of direction */
           || (c >= 0x2028 && c <= 0x202e)                /* separators, embeddings, overrides */
           || (c >= 0x2066 && c <= 0x206f)                /* isolates, deprecated format characters */
           || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) /* marks of order, interlinear notes */
           || (c >= 0xe0000 && c <= 0xe007f);             /* tags: invisible text */
}

static bool is_space(int32_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

static void put(FILE *out, const char *bytes, size_t n, int32_t c)
{
    if (c == 0xfffd || tool_is_control(c))
        fputs("\xef\xbf\xbd", out);
    else
        fwrite(bytes, 1, n, out);
}

void tool_print_safe(FILE *out, const char *text)
{
    for (size_t left = strlen(text); left;) {
        int32_t c;
        size_t n = tool_decode(text, left, &c);
        if (c == '\n')
            fputs("\n  ", out); /* an error's advice stands on a line of its own */
        else if (is_space(c))
            fputc(' ', out);
        else
            put(out, text, n, c);
        text += n, left -= n;
    }
}

/* ---------------------------------------------------------------- styles and wrapping */

static const char *style_on(tool_style style)
{
    switch (style) {
    case TOOL_PLAIN:
        return "";
    case TOOL_BOLD:
        return "\033[1m";
    case TOOL_DIM:
        return "\033[2m";
    case TOOL_MATCH:
        return "\033[1;31m";
    }
    return "";
}

static void switch_style(const tool_page *page, tool_style *now, tool_style style)
{
    if (!page->colour || *now == style)
        return;
    if (*now != TOOL_PLAIN)
        fputs("\033[0m", page->out);
    fputs(style_on(style), page->out);
    *now = style;
}

void tool_print_styled(const tool_page *page, tool_style style, const char *text)
{
    tool_style now = TOOL_PLAIN;
    switch_style(page, &now, style);
    tool_print_safe(page->out, text);
    switch_style(page, &now, TOOL_PLAIN);
}

static unsigned columns_of(const char *text, size_t n)
{
    unsigned columns = 0;
    while (n) {
        int32_t c;
        size_t size = tool_decode(text, n, &c);
        int width = tool_is_control(c) ? 1 : utf8proc_charwidth(c);
        columns += width > 0 ? (unsigned)width : 0;
        text += size, n -= size;
    }
    return columns;
}

static void indent_line(FILE *out, unsigned indent)
{
    for (unsigned i = 0; i < indent; i++)
        fputc(' ', out);
}

void tool_print_wrapped(const tool_page *page, unsigned indent, unsigned column, tool_style style,
                        const char *text, const nsearch_span *spans, size_t span_count)
{
    tool_style now = TOOL_PLAIN;
    size_t length = strlen(text), at = 0, span = 0;
    unsigned width = page->width > indent + WIDTH_MIN ? page->width : indent + WIDTH_MIN;
    bool first = true;
    if (column < indent) {
        indent_line(page->out, indent - column);
        column = indent;
    }
    while (at < length) {
        size_t begin = at;
        while (begin < length && is_space(text[begin]))
            begin++;
        size_t end = begin;
        while (end < length && !is_space(text[end]))
            end++;
        if (begin == end)
            break;
        unsigned columns = columns_of(text + begin, end - begin);
        if (!first && column + 1 + columns > width) {
            switch_style(page, &now, TOOL_PLAIN);
            fputc('\n', page->out);
            indent_line(page->out, indent);
            column = indent;
        } else if (!first) {
            /* A blank inside a match belongs to it: a phrase is shown as one. */
            bool inside = span < span_count && spans[span].begin < begin && spans[span].end > begin;
            switch_style(page, &now, inside ? TOOL_MATCH : style);
            fputc(' ', page->out);
            column++;
        }
        first = false;
        for (size_t p = begin; p < end;) {
            while (span < span_count && spans[span].end <= p)
                span++;
            bool inside = span < span_count && spans[span].begin <= p;
            switch_style(page, &now, inside ? TOOL_MATCH : style);
            int32_t c;
            size_t n = tool_decode(text + p, end - p, &c);
            put(page->out, text + p, n, c);
            p += n;
        }
        column += columns;
        while (span < span_count && spans[span].end <= end)
            span++;
        at = end;
    }
    switch_style(page, &now, TOOL_PLAIN);
    fputc('\n', page->out);
}

/* ---------------------------------------------------------------- numbers */

char *tool_number(uint64_t n, char out[TOOL_NUMBER])
{
    char digits[24];
    int count = snprintf(digits, sizeof digits, "%" PRIu64, n), at = 0;
    for (int i = 0; i < count; i++) {
        if (i && (count - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = '\0';
    return out;
}

char *tool_bytes(uint64_t n, char out[TOOL_NUMBER])
{
    if (n < 1000)
        snprintf(out, TOOL_NUMBER, "%" PRIu64 " bytes", n);
    else if (n < 1000000)
        snprintf(out, TOOL_NUMBER, "%.1f kB", (double)n / 1e3);
    else if (n < 1000000000)
        snprintf(out, TOOL_NUMBER, "%.1f MB", (double)n / 1e6);
    else
        snprintf(out, TOOL_NUMBER, "%.2f GB", (double)n / 1e9);
    return out;
}

double tool_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}
