/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * search_print.c - prints one answer for a person, as JSON, or as rows of a TREC run.
 */
#include "tools/search_print.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/facet_print.h"
#include "tools/timeline_print.h"
#include "tools/tool_json.h"
#include "tools/tool_options.h"

#define COPIES_SHOWN 6 /* to a person */
#define WIRE_TEXT 0.15 /* share of text that two outlets hardly write by chance */
#define OWN_TEXT 0.25 /* share of own sentences from which a copy's passage is worth showing */

/* ---------------------------------------------------------------- for a person */

static const char *or_unknown(const char *text, const char *unknown)
{
    return text && *text ? text : unknown;
}

/* The date is what the article's maker declared, not what was read out of its text or address. */
static bool is_declared(const char *date_source)
{
    static const char *const declared[] = {"", "field", "json-ld", "meta", "feed"};
    for (size_t i = 0; i < sizeof declared / sizeof *declared; i++)
        if (!strcmp(date_source, declared[i]))
            return true;
    return false;
}

/* "AP News, 2023-09-11 (from the text)" */
static void print_origin(const tool_page *page, const nsearch_hit *hit)
{
    fputs("    ", page->out);
    tool_print_styled(page, TOOL_PLAIN, or_unknown(hit->source, "outlet unknown"));
    fputs(", ", page->out);
    tool_print_styled(page, TOOL_PLAIN, or_unknown(hit->date, "date unknown"));
    if (*hit->date && !is_declared(hit->date_source)) {
        fputs(hit->date_inferred ? " (inferred: " : " (from the ", page->out);
        tool_print_safe(page->out, hit->date_source);
        fputc(')', page->out);
    }
    fputs("  ", page->out);
    tool_print_styled(page, TOOL_DIM, hit->id);
    fputc('\n', page->out);
}

/* Whether the reader has seen the text of the copy's passage above. */
static bool is_shown(const nsearch_hit *hit, size_t copy)
{
    const char *text = hit->copies[copy].passage->text;
    bool shown = false;
    for (size_t i = 0; i < hit->passage_count && !shown; i++)
        shown = hit->passages[i].text && !strcmp(hit->passages[i].text, text);
    for (size_t i = 0; i < copy && !shown; i++)
        shown = hit->copies[i].passage && hit->copies[i].passage->text &&
                !strcmp(hit->copies[i].passage->text, text);
    return shown;
}

/* A line a copy: "also in AP News, 2023-09-12 (68 % alike, 2 % own): headline  id", and its best passage where the copy
 * has text of its own. */
static void print_copies(const tool_page *page, const nsearch_hit *hit)
{
    size_t shown = hit->copy_count > COPIES_SHOWN ? COPIES_SHOWN : hit->copy_count;
    for (size_t i = 0; i < shown; i++) {
        const nsearch_copy *copy = hit->copies + i;
        char *line = NULL, own[40] = "";
        if (copy->own_share >= 0)
            snprintf(own, sizeof own, ", %.0f %% own", 100 * copy->own_share);
        int n = asprintf(&line, "also in %s, %s%s (%.0f %% alike%s): %s  %s", or_unknown(copy->source, "outlet unknown"),
                         or_unknown(copy->date, "date unknown"), copy->date_inferred ? " (inferred)" : "",
                         100 * copy->likeness, own, copy->title, copy->id);
        if (n >= 0) {
            fputs("    ", page->out);
            tool_print_wrapped(page, 8, 4, TOOL_DIM, line, NULL, 0);
        }
        free(n >= 0 ? line : NULL);
        if (copy->own_share > OWN_TEXT && copy->passage && copy->passage->text && !is_shown(hit, i))
            tool_print_wrapped(page, 8, 0, TOOL_PLAIN, copy->passage->text, copy->passage->spans,
                               copy->passage->span_count);
    }
    if (shown < hit->copy_count)
        fprintf(page->out, "    and in %zu more\n", hit->copy_count - shown);
}

/* "also on this event: 3. AP News, 2023-09-12 (shares wire text): headline  id" */
static void print_related(const tool_page *page, const nsearch_hit *hit)
{
    for (size_t i = 0; i < hit->related_count; i++) {
        const nsearch_related *r = hit->related + i;
        char *line = NULL, rank[TOOL_NUMBER + 8] = "";
        if (r->rank)
            snprintf(rank, sizeof rank, "%zu. ", r->rank);
        if (asprintf(&line, "also on this event: %s%s, %s%s: %s  %s", rank,
                     or_unknown(r->source, "outlet unknown"), or_unknown(r->date, "date unknown"),
                     r->shared >= WIRE_TEXT ? " (shares wire text)" : "", r->title, r->id) < 0)
            return;
        fputs("    ", page->out);
        tool_print_wrapped(page, 8, 4, TOOL_DIM, line, NULL, 0);
        free(line);
    }
}

static void print_lines(const tool_page *page, unsigned indent, const char *text)
{
    while (text && *text) {
        size_t n = strcspn(text, "\n");
        char *line = strndup(text, n);
        if (!line)
            return;
        for (unsigned i = 0; i < indent; i++)
            fputc(' ', page->out);
        tool_print_styled(page, TOOL_DIM, line);
        fputc('\n', page->out);
        free(line);
        text += n + (text[n] == '\n');
    }
}

/* "“We will pay a price.” - Matthew Miller", as many as passages were asked for. */
static void print_quotations(const tool_page *page, const search_settings *set, const nsearch_hit *hit)
{
    for (size_t i = 0; i < hit->quotation_count && i < set->search.passages; i++) {
        const nsearch_quotation *q = hit->quotations + i;
        char *text = NULL;
        size_t n = strlen(q->text);
        if (asprintf(&text, "\u201c%s\u201d%s%s", q->text, *q->speaker ? "  - " : "", q->speaker) < 0)
            return;
        nsearch_span *spans = calloc(q->span_count + 1, sizeof *spans);
        for (size_t k = 0; spans && k < q->span_count && q->spans[k].end <= n; k++)
            spans[k] = (nsearch_span){q->spans[k].begin + 3, q->spans[k].end + 3};
        if (i)
            fputc('\n', page->out);
        tool_print_wrapped(page, 4, 0, TOOL_PLAIN, text, spans, spans ? q->span_count : 0);
        free(spans);
        free(text);
    }
}

static void print_hit(const tool_page *page, const search_settings *set, size_t rank, const nsearch_hit *hit)
{
    char number[TOOL_NUMBER];
    int column = snprintf(number, sizeof number, "%2zu. ", rank);
    fputs(number, page->out);
    tool_print_wrapped(page, 4, column > 4 ? (unsigned)column : 4, TOOL_BOLD, or_unknown(hit->title, hit->id), NULL,
                       0);
    print_origin(page, hit);
    if (set->search.explain)
        fprintf(page->out, "    score %.4f\n", hit->score);
    print_quotations(page, set, hit);
    for (size_t i = 0; set->search.snippets && !hit->quotation_count && i < hit->passage_count; i++) {
        const nsearch_passage *passage = hit->passages + i;
        if (!passage->text)
            continue;
        if (i)
            fputc('\n', page->out);
        if (set->search.explain)
            fprintf(page->out, "    [passage %" PRIu32 ", first stage %.4f]\n", passage->docid, passage->score);
        tool_print_wrapped(page, 4, 0, TOOL_PLAIN, passage->text, passage->spans, passage->span_count);
    }
    if (hit->copy_count)
        print_copies(page, hit);
    print_related(page, hit);
    if (hit->explain)
        print_lines(page, 6, hit->explain);
    fputc('\n', page->out);
}

/* Part of the answer, not a message: what follows must not be taken for all there is. */
static void print_missing(const nsearch_result *result)
{
    const nsearch_shard *shard;
    size_t missing = 0;
    for (size_t i = 0; (shard = nsearch_result_shard(result, i)); i++) {
        if (!shard->status && !shard->replica)
            continue;
        fputs(shard->status ? "partial: shard '" : "note: the replica answers for shard '", stdout);
        tool_print_safe(stdout, shard->name);
        fputs(shard->status ? "' does not answer: " : "', and may lag behind: ", stdout);
        tool_print_safe(stdout, shard->reason);
        putchar('\n');
        missing += shard->status != NSEARCH_OK;
    }
    if (missing)
        puts("partial: the articles of such shards are missing from this answer");
}

void search_print_page(const search_settings *set, const nsearch_result *result, double seconds)
{
    tool_page page;
    tool_page_init(&page, stdout, set->colour);
    if (set->search.explain && nsearch_result_explain(result)) {
        print_lines(&page, 0, nsearch_result_explain(result));
        fputc('\n', page.out);
    }
    const nsearch_hit *hit;
    for (size_t i = 0; (hit = nsearch_result_hit(result, i)); i++)
        print_hit(&page, set, i + 1, hit);
    if (set->search.timeline != NSEARCH_INTERVAL_NONE)
        timeline_print(&page, result, set->search.timeline);
    if (set->search.facets)
        facet_print(&page, result);
    const char *note;
    for (size_t i = 0; (note = nsearch_result_note(result, i)); i++)
        tool_print_wrapped(&page, 0, 0, TOOL_PLAIN, note, NULL, 0);
    print_missing(result);
    int at_least = 0;
    uint64_t found = nsearch_result_found(result, &at_least);
    char number[TOOL_NUMBER];
    if (!nsearch_result_count(result))
        fputs("nothing found", page.out);
    else
        fprintf(page.out, "%s%s article%s found", at_least ? "at least " : "", tool_number(found, number),
                TOOL_S(found));
    fprintf(page.out, " in %.1f ms\n", 1000 * seconds);
}

/* ---------------------------------------------------------------- for a program */

/* Characters (code points) before byte 'at'. */
static json_int_t characters(const char *text, size_t at)
{
    json_int_t count = 0;
    for (size_t i = 0; i < at && text[i]; i++)
        count += (text[i] & 0xc0) != 0x80;
    return count;
}

static void set_matches(json_t *object, const char *text, const nsearch_span *spans, size_t count)
{
    json_t *matches = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(matches,
                              json_pack("[II]", characters(text, spans[i].begin), characters(text, spans[i].end)));
    json_object_set_new(object, "matches", matches);
}

static json_t *json_passage(const nsearch_passage *passage)
{
    json_t *object = json_object();
    json_object_set_new(object, "score", json_real(passage->score));
    tool_json_set_count(object, "docid", passage->docid); /* of this state of the index */
    if (!passage->text)
        return object;
    tool_json_set_text(object, "text", passage->text);
    set_matches(object, passage->text, passage->spans, passage->span_count);
    return object;
}

static json_t *json_quotation(const nsearch_quotation *quotation)
{
    json_t *object = json_object();
    tool_json_set_text(object, "text", quotation->text);
    tool_json_set_text(object, "speaker", quotation->speaker);
    set_matches(object, quotation->text, quotation->spans, quotation->span_count);
    return object;
}

static void set_date_source(json_t *object, const char *source, int inferred)
{
    tool_json_set_text(object, "date_source", source);
    json_object_set_new(object, "date_inferred", json_boolean(inferred));
}

static json_t *json_related(const nsearch_related *related)
{
    json_t *object = json_object();
    tool_json_set_text(object, "id", related->id);
    tool_json_set_text(object, "title", related->title);
    tool_json_set_text(object, "source", related->source);
    tool_json_set_text(object, "date", related->date);
    tool_json_set_text(object, "url", related->url);
    json_object_set_new(object, "likeness", json_real(related->likeness));
    json_object_set_new(object, "shared", json_real(related->shared));
    if (related->rank)
        tool_json_set_count(object, "rank", related->rank);
    return object;
}

static json_t *json_copy_of(const nsearch_copy *copy)
{
    json_t *object = json_object();
    tool_json_set_text(object, "id", copy->id);
    tool_json_set_text(object, "title", copy->title);
    tool_json_set_text(object, "source", copy->source);
    tool_json_set_text(object, "date", copy->date);
    tool_json_set_text(object, "url", copy->url);
    set_date_source(object, copy->date_source, copy->date_inferred);
    json_object_set_new(object, "likeness", json_real(copy->likeness));
    if (copy->own_share >= 0)
        json_object_set_new(object, "own_share", json_real(copy->own_share));
    if (copy->passage)
        json_object_set_new(object, "passage", json_passage(copy->passage));
    return object;
}

static json_t *json_hit(const nsearch_hit *hit, size_t rank)
{
    json_t *object = json_object(), *passages = json_array(), *copies = json_array();
    tool_json_set_count(object, "rank", rank);
    tool_json_set_text(object, "id", hit->id);
    tool_json_set_text(object, "title", hit->title);
    tool_json_set_text(object, "source", hit->source);
    tool_json_set_text(object, "byline", hit->byline);
    tool_json_set_text(object, "url", hit->url);
    tool_json_set_text(object, "date", hit->date);
    set_date_source(object, hit->date_source, hit->date_inferred);
    json_object_set_new(object, "score", json_real(hit->score));
    for (size_t i = 0; i < hit->passage_count; i++)
        json_array_append_new(passages, json_passage(hit->passages + i));
    json_object_set_new(object, "passages", passages);
    if (hit->quotation_count) {
        json_t *quotations = json_array();
        for (size_t i = 0; i < hit->quotation_count; i++)
            json_array_append_new(quotations, json_quotation(hit->quotations + i));
        json_object_set_new(object, "quotations", quotations);
    }
    for (size_t i = 0; i < hit->copy_count; i++)
        json_array_append_new(copies, json_copy_of(hit->copies + i));
    json_object_set_new(object, "copies", copies);
    json_t *related = json_array();
    for (size_t i = 0; i < hit->related_count; i++)
        json_array_append_new(related, json_related(hit->related + i));
    json_object_set_new(object, "also_on_this_event", related);
    if (hit->explain)
        tool_json_set_lines(object, "explain", hit->explain);
    return object;
}

static json_t *json_shards(const nsearch_result *result)
{
    json_t *list = json_array();
    const nsearch_shard *shard;
    for (size_t i = 0; (shard = nsearch_result_shard(result, i)); i++) {
        json_t *object = json_object();
        tool_json_set_text(object, "name", shard->name);
        json_object_set_new(object, "answered", json_boolean(!shard->status));
        if (shard->replica)
            json_object_set_new(object, "replica", json_true());
        if (*shard->reason)
            tool_json_set_text(object, "reason", shard->reason);
        if (!shard->status) {
            tool_json_set_count(object, "generation", shard->generation);
            tool_json_set_count(object, "articles", shard->articles);
        }
        json_array_append_new(list, object);
    }
    return list;
}

bool search_print_json(const search_settings *set, const char *id, const char *query,
                       const nsearch_result *result, double seconds)
{
    json_t *answer = tool_json_answer(nsearch_result_fingerprint(result)), *notes = json_array(), *hits = json_array();
    if (id)
        tool_json_set_text(answer, "id", id);
    tool_json_set_text(answer, "query", query);
    int at_least = 0;
    tool_json_set_count(answer, "found", nsearch_result_found(result, &at_least));
    json_object_set_new(answer, "found_at_least", json_boolean(at_least));
    /* Only on request: the same query and the same index are to give the same bytes. */
    if (set->times)
        json_object_set_new(answer, "milliseconds", json_real(1000 * seconds));
    const char *note;
    for (size_t i = 0; (note = nsearch_result_note(result, i)); i++)
        json_array_append_new(notes, tool_json_text(note));
    json_object_set_new(answer, "notes", notes);
    if (nsearch_result_shard(result, 0)) {
        json_object_set_new(answer, "partial", json_boolean(nsearch_result_partial(result)));
        json_object_set_new(answer, "shards", json_shards(result));
    }
    if (nsearch_result_explain(result))
        tool_json_set_lines(answer, "explain", nsearch_result_explain(result));
    const nsearch_hit *hit;
    for (size_t i = 0; (hit = nsearch_result_hit(result, i)); i++)
        json_array_append_new(hits, json_hit(hit, i + 1));
    json_object_set_new(answer, "hits", hits);
    if (set->search.timeline != NSEARCH_INTERVAL_NONE)
        json_object_set_new(answer, "timeline", timeline_json(result, set->search.timeline));
    if (set->search.facets)
        json_object_set_new(answer, "facets", facet_json(result));
    return tool_json_print(answer, set->queries != NULL);
}

/* ---------------------------------------------------------------- for an evaluation */

/* A blank would part the row in the wrong place. */
static void print_field(const char *text)
{
    for (; *text; text++)
        putchar((unsigned char)*text <= ' ' || *text == 0x7f ? '_' : *text);
}

void search_print_trec(const search_settings *set, const char *id, const nsearch_result *result)
{
    const nsearch_hit *hit;
    for (size_t i = 0; (hit = nsearch_result_hit(result, i)); i++) {
        print_field(id);
        fputs(" Q0 ", stdout);
        print_field(hit->id);
        printf(" %zu %.9g %s\n", i + 1, hit->score, set->trec);
    }
}
