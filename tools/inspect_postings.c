/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * inspect_postings.c - 'nsearch-inspect postings': the passages that hold a term, with tf, length and positions.
 */
#include <inttypes.h>
#include <string.h>

#include "tools/inspect.h"
#include "tools/tool_json.h"
#include "tools/tool_options.h"

#define POSTINGS_SHOWN 20

typedef struct listing {
    json_t *postings; /* NULL: print */
    size_t count, limit;
    bool more;
} listing;

static json_t *json_posting(inspect *in, ns_cursor *cursor, const ns_stored *stored, uint32_t number)
{
    json_t *object = json_object(), *list = json_array();
    const uint32_t *positions = NULL;
    size_t n = cursor->ops->positions(cursor, &positions);
    tool_json_set_count(object, "docid", cursor->docid);
    tool_json_set_text(object, "article", stored->article.id);
    tool_json_set_count(object, "passage", number);
    tool_json_set_count(object, "tf", ns_cursor_freq(cursor));
    tool_json_set_count(object, "length", in->backend->length(in->snapshot, cursor->docid));
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, json_integer(positions[i]));
    json_object_set_new(object, "positions", list);
    return object;
}

static void print_posting(inspect *in, ns_cursor *cursor, const ns_stored *stored, uint32_t number)
{
    const uint32_t *positions = NULL;
    size_t n = cursor->ops->positions(cursor, &positions);
    printf("docid %" PRIu32 "  tf %" PRIu32 "  length %" PRIu32 "  passage %" PRIu32 " of ", cursor->docid,
           ns_cursor_freq(cursor), in->backend->length(in->snapshot, cursor->docid), number);
    tool_print_styled(&in->page, TOOL_BOLD, stored->article.id);
    if (n)
        fputs("  at", stdout);
    for (size_t i = 0; i < n; i++)
        printf(" %" PRIu32, positions[i]);
    putchar('\n');
    if (number < stored->passage_count && stored->passages[number].end > stored->passages[number].begin) {
        const char *text = ns_arena_copy(&in->arena, stored->body + stored->passages[number].begin,
                                         stored->passages[number].end - stored->passages[number].begin);
        if (text)
            tool_print_wrapped(&in->page, 4, 0, TOOL_DIM, text, NULL, 0);
    }
}

static nsearch_status list_posting(inspect *in, ns_cursor *cursor, listing *list, nsearch_error *err)
{
    ns_arena_reset(&in->arena);
    ns_stored stored;
    nsearch_status status = inspect_fetch(in, cursor->docid, &stored, err);
    if (status)
        return status;
    uint32_t number = cursor->docid - in->backend->article_of(in->snapshot, cursor->docid);
    if (list->postings)
        json_array_append_new(list->postings, json_posting(in, cursor, &stored, number));
    else
        print_posting(in, cursor, &stored, number);
    list->count++;
    return NSEARCH_OK;
}

/* The live postings of one part. */
static nsearch_status list_part(inspect *in, size_t i, const char *key, size_t length, listing *list,
                                nsearch_error *err)
{
    ns_part part;
    ns_cursor *cursor = NULL;
    ns_arena arena = NS_ARENA_INIT; /* the cursor outlives what is shown of each posting */
    in->backend->part(in->snapshot, i, &part);
    nsearch_status status = in->backend->cursor(in->snapshot, i, key, length, &arena, &cursor, err);
    if (!status && cursor) {
        for (uint32_t docid = cursor->docid; docid != NS_DOCID_END && !status;
             docid = ns_cursor_next(cursor)) {
            uint32_t at = docid - part.docid_begin;
            if (part.removed && part.removed[at / 8] >> (at % 8) & 1)
                continue;
            if (list->count == list->limit) {
                list->more = true;
                break;
            }
            status = list_posting(in, cursor, list, err);
        }
        if (!status && cursor->damaged)
            status = ns_error_set(err, NSEARCH_DAMAGED, "damaged postings in index '%s'", in->index);
        cursor->ops->close(cursor);
    }
    ns_arena_release(&arena);
    return status;
}

int inspect_postings(inspect *in, char **words, int count)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    if (count != 1)
        return tool_usage("postings takes one TERM; quote one that has blanks");
    listing list = { in->json ? json_array() : NULL, 0, in->limit ? in->limit : POSTINGS_SHOWN, false };
    if (!in->limit && in->json)
        list.limit = INSPECT_ALL;
    size_t length = 0;
    ns_term_stats stats = { 0, 0 };
    char *key = inspect_key(in, words[0], false, &length, &err);
    char kept[NS_TERM_MAX + 1];
    char shown[NS_TERM_MAX + 16];
    nsearch_status status = NSEARCH_NO_MEMORY;
    if (key && length <= NS_TERM_MAX) {
        memcpy(kept, key, length);
        const char *text = inspect_key_text(&in->arena, kept, length);
        snprintf(shown, sizeof shown, "%s", text ? text : "");
        status = in->backend->term(in->snapshot, kept, length, &stats, &err);
        if (!status && !in->json) {
            tool_print_safe(stdout, shown);
            printf(": %" PRIu64 " passages, %" PRIu64 " texts\n", stats.df, stats.texts);
        }
    } else if (key) {
        status = ns_error_set(&err, NSEARCH_INVALID, "a term has at most %d bytes", NS_TERM_MAX);
    }
    for (size_t i = 0; !status && !list.more && i < in->backend->part_count(in->snapshot); i++)
        status = list_part(in, i, kept, length, &list, &err);
    if (status) {
        json_decref(list.postings);
        return tool_failed(&err, in->index);
    }
    if (in->json) {
        json_t *answer = tool_json_answer(in->fingerprint);
        tool_json_set_text(answer, "term", shown);
        tool_json_set_count(answer, "df", stats.df);
        tool_json_set_count(answer, "texts", stats.texts);
        json_object_set_new(answer, "postings", list.postings);
        json_object_set_new(answer, "more", json_boolean(list.more));
        if (!tool_json_print(answer, false))
            return TOOL_ERROR;
    } else if (list.more) {
        puts("... and more: -n 0 lists all");
    }
    return list.count ? TOOL_FOUND : TOOL_NONE;
}
