/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * tool_json.c - builds and prints JSON answers.
 */
#include "tools/tool_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/tool_options.h"
#include "tools/tool_print.h"

json_t *tool_json_answer(const char *fingerprint)
{
    json_t *answer = json_object();
    if (answer) {
        json_object_set_new(answer, "format", json_integer(TOOL_JSON_FORMAT));
        if (fingerprint)
            tool_json_set_text(answer, "fingerprint", fingerprint);
    }
    return answer;
}

json_t *tool_json_text(const char *text)
{
    json_t *string = json_string(text);
    if (string)
        return string;
    /* No UTF-8: a file's name may be any bytes. */
    size_t n = strlen(text), at = 0;
    char *valid = malloc(3 * n + 1);
    if (!valid)
        return NULL;
    while (n) {
        int32_t c;
        size_t size = tool_decode(text, n, &c);
        if (c == 0xfffd)
            memcpy(valid + at, "\xef\xbf\xbd", 3), at += 3;
        else
            memcpy(valid + at, text, size), at += size;
        text += size, n -= size;
    }
    string = json_stringn(valid, at);
    free(valid);
    return string;
}

void tool_json_set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, tool_json_text(text));
}

void tool_json_set_lines(json_t *object, const char *key, const char *text)
{
    json_t *lines = json_array();
    while (lines && *text) {
        size_t n = strcspn(text, "\n");
        char *line = strndup(text, n);
        if (!line)
            break;
        json_array_append_new(lines, tool_json_text(line));
        free(line);
        text += n + (text[n] == '\n');
    }
    json_object_set_new(object, key, lines);
}

void tool_json_set_count(json_t *object, const char *key, uint64_t n)
{
    json_object_set_new(object, key, json_integer((json_int_t)n));
}

void tool_json_set_stats(json_t *object, const char *path, const nsearch_stats *stats)
{
    tool_json_set_text(object, "index", path);
    tool_json_set_text(object, "engine", stats->engine);
    tool_json_set_count(object, "generation", stats->generation);
    tool_json_set_count(object, "articles", stats->articles);
    tool_json_set_count(object, "passages", stats->passages);
    tool_json_set_count(object, "terms", stats->terms);
    tool_json_set_count(object, "postings", stats->postings);
    tool_json_set_count(object, "segments", stats->segments);
    tool_json_set_count(object, "bytes_index", stats->bytes_index);
    tool_json_set_count(object, "bytes_text", stats->bytes_text);
    json_object_set_new(object, "average_length", json_real(stats->average_length));
}

/* Controlling characters stand only inside strings, where \u may replace them. */
static void print_escaped(const char *text)
{
    for (size_t left = strlen(text); left;) {
        int32_t c;
        size_t n = tool_decode(text, left, &c);
        if (c == '\n' || !tool_is_control(c))
            fwrite(text, 1, n, stdout);
        else if (c >= 0x10000)
            printf("\\u%04x\\u%04x", (unsigned)(0xd800 + ((c - 0x10000) >> 10)),
                   (unsigned)(0xdc00 + ((c - 0x10000) & 0x3ff)));
        else
            printf("\\u%04x", (unsigned)c);
        text += n, left -= n;
    }
}

bool tool_json_print(json_t *answer, bool one_line)
{
    size_t flags = JSON_REAL_PRECISION(12) | (one_line ? JSON_COMPACT : JSON_INDENT(2));
    char *text = answer ? json_dumps(answer, flags) : NULL;
    json_decref(answer);
    if (!text) {
        tool_error("out of memory");
        return false;
    }
    print_escaped(text);
    putchar('\n');
    free(text);
    return true;
}
