/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * inspect_article.c - 'nsearch-inspect article': an article as the index keeps it, passage by passage.
 */
#include <inttypes.h>
#include <string.h>

#include "tools/inspect.h"
#include "tools/tool_json.h"
#include "tools/tool_options.h"

/* The live passage that holds the id's term: the article's first. NOT_FOUND. */
static nsearch_status find(inspect *in, const char *id, const char *key, size_t length, uint32_t *docid,
                           ns_stored *stored, nsearch_error *err)
{
    nsearch_status status = NSEARCH_NOT_FOUND;
    for (size_t i = 0; status == NSEARCH_NOT_FOUND && i < in->backend->part_count(in->snapshot); i++) {
        ns_part part;
        ns_cursor *cursor = NULL;
        in->backend->part(in->snapshot, i, &part);
        nsearch_status answer = in->backend->cursor(in->snapshot, i, key, length, &in->arena, &cursor, err);
        if (answer)
            return answer;
        if (!cursor)
            continue;
        /* Long ids share a term that is cut: the stored one decides. */
        for (uint32_t at = cursor->docid; at != NS_DOCID_END && status == NSEARCH_NOT_FOUND;
             at = ns_cursor_next(cursor)) {
            uint32_t bit = at - part.docid_begin;
            if (part.removed && part.removed[bit / 8] >> (bit % 8) & 1)
                continue;
            answer = inspect_fetch(in, at, stored, err);
            if (answer)
                status = answer;
            else if (!strcmp(stored->article.id, id))
                *docid = at, status = NSEARCH_OK;
        }
        cursor->ops->close(cursor);
    }
    return status;
}

nsearch_status inspect_find(inspect *in, const char *id, uint32_t *docid, ns_stored *stored, nsearch_error *err)
{
    size_t length = strlen(id) + 1;
    char *key = ns_arena_printf(&in->arena, "%c%s", NS_TERM_ID, id);
    if (!key)
        return ns_error_memory(err);
    if (length > NS_TERM_MAX)
        length = NS_TERM_MAX;
    return find(in, id, key, length, docid, stored, err);
}

static void print_article(inspect *in, uint32_t docid, const ns_stored *stored)
{
    inspect_print_fields(in, &stored->article);
    for (uint32_t i = 0; i < stored->passage_count; i++) {
        uint32_t begin = stored->passages[i].begin, end = stored->passages[i].end;
        printf("\n[passage %" PRIu32 ", docid %" PRIu32 ", bytes %" PRIu32 " to %" PRIu32 ", length %" PRIu32
               "]\n",
               i, docid + i, begin, end, in->backend->length(in->snapshot, docid + i));
        const char *text = ns_arena_copy(&in->arena, stored->body + begin, end - begin);
        if (text && *text)
            tool_print_wrapped(&in->page, 2, 0, TOOL_PLAIN, text, NULL, 0);
    }
    if (stored->article.dropped_count)
        puts("\nLeft out:");
    for (size_t i = 0; i < stored->article.dropped_count; i++) {
        printf("  %-8s ", stored->article.dropped[i].reason);
        tool_print_wrapped(&in->page, 11, 11, TOOL_DIM, stored->article.dropped[i].text, NULL, 0);
    }
    putchar('\n');
}

static bool print_json(inspect *in, uint32_t docid, const ns_stored *stored, nsearch_error *err)
{
    json_t *answer = tool_json_answer(in->fingerprint), *passages = json_array();
    tool_json_set_count(answer, "docid", docid);
    if (!inspect_set_article(in, answer, &stored->article, err)) {
        json_decref(passages);
        json_decref(answer);
        return false;
    }
    for (uint32_t i = 0; i < stored->passage_count; i++) {
        json_t *passage = json_object();
        const char *text = ns_arena_copy(&in->arena, stored->body + stored->passages[i].begin,
                                         stored->passages[i].end - stored->passages[i].begin);
        tool_json_set_count(passage, "docid", docid + i);
        tool_json_set_count(passage, "length", in->backend->length(in->snapshot, docid + i));
        tool_json_set_text(passage, "text", text ? text : "");
        json_array_append_new(passages, passage);
    }
    json_object_set_new(answer, "passages", passages);
    return tool_json_print(answer, false);
}

int inspect_article(inspect *in, char **words, int count)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    if (count != 1)
        return tool_usage("article takes one ID");
    uint32_t docid = 0;
    ns_stored stored;
    nsearch_status status = inspect_find(in, words[0], &docid, &stored, &err);
    if (status == NSEARCH_NOT_FOUND) {
        tool_error("no article '%s' in index '%s'", words[0], in->index);
        return TOOL_NONE;
    }
    if (status)
        return tool_failed(&err, in->index);
    if (in->json)
        return print_json(in, docid, &stored, &err) ? TOOL_FOUND : tool_failed(&err, in->index);
    print_article(in, docid, &stored);
    return inspect_print_entities(in, &stored.article, &err) ? TOOL_FOUND : tool_failed(&err, in->index);
}
