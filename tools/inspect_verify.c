/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * inspect_verify.c - 'nsearch-inspect verify': whether every byte is as it was written; if not, each damaged place
 * with its file, section and offset, and the articles that cannot be read any more.
 */
#include "tools/inspect.h"
#include "tools/tool_json.h"
#include "tools/tool_options.h"

#define NAMED 20 /* of each kind unless -n says otherwise */

typedef struct findings {
    inspect *in;
    size_t limit;
    uint64_t places, whole, lost;
    json_t *place_list, *lost_list; /* NULL: printed */
} findings;

static void note_place(const char *what, void *user)
{
    findings *f = user;
    if (f->places++ >= f->limit)
        return;
    if (f->place_list)
        json_array_append_new(f->place_list, tool_json_text(what));
    else
        tool_error("%s", what);
}

static void note_lost(const char *id, const char *file, uint64_t count, void *user)
{
    findings *f = user;
    char text[TOOL_NUMBER];
    f->lost += count;
    if (f->lost - count >= f->limit)
        return;
    if (f->lost_list) {
        json_t *article = json_object();
        tool_json_set_text(article, "id", id);
        tool_json_set_text(article, "file", file);
        tool_json_set_count(article, "count", count);
        json_array_append_new(f->lost_list, article);
    } else if (*id)
        tool_error("article '%s' cannot be read%s%s%s", id, *file ? "; it came from '" : "", file, *file ? "'" : "");
    else
        tool_error("%s article%s whose name%s damaged cannot be read", tool_number(count, text), TOOL_S(count),
                   count == 1 ? " is" : "s are");
}

static bool check_article(const uint8_t *bytes, size_t n, uint64_t hash, void *user)
{
    findings *f = user;
    ns_stored stored;
    ns_arena_reset(&f->in->arena);
    if (ns_stored_decode(bytes, n, &f->in->arena, &stored, NULL) || ns_article_hash(&stored.article) != hash)
        return false;
    f->whole++;
    return true;
}

/* All that a damaged index tells. */
static int survey(inspect *in, const nsearch_error *why)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    findings f = { .in = in, .limit = in->limit ? in->limit : in->json ? INSPECT_ALL : NAMED };
    const ns_survey calls = { .damaged = note_place, .article = check_article, .lost = note_lost, .user = &f };
    char a[TOOL_NUMBER], b[TOOL_NUMBER], c[TOOL_NUMBER];
    if (in->json) {
        f.place_list = json_array();
        f.lost_list = json_array();
    }
    nsearch_status status = in->backend->survey(in->index, &calls, &err);
    if (in->json) {
        json_t *answer = tool_json_answer(in->snapshot ? in->fingerprint : NULL);
        tool_json_set_text(answer, "index", in->index);
        json_object_set_new(answer, "sound", json_false());
        tool_json_set_text(answer, "error", why->text);
        tool_json_set_count(answer, "damaged", f.places);
        tool_json_set_count(answer, "articles_whole", f.whole);
        tool_json_set_count(answer, "articles_lost", f.lost);
        json_object_set_new(answer, "places", f.place_list);
        json_object_set_new(answer, "lost", f.lost_list);
        tool_json_print(answer, false);
        return TOOL_ERROR;
    }
    if (!f.places || status)
        return tool_failed(why, in->index);
    if (f.places > f.limit || f.lost > f.limit)
        tool_error("there is more: -n 0 lists all");
    tool_error("%s damaged place%s; %s article%s can be read, %s cannot", tool_number(f.places, a), TOOL_S(f.places),
               tool_number(f.whole, b), TOOL_S(f.whole), tool_number(f.lost, c));
    return tool_error("'nsearch-rebuild -i %s --only-damaged PATH...' with the sources puts it right", in->index);
}

int inspect_verify(inspect *in, char **words, int count)
{
    (void)words;
    if (count)
        return tool_usage("verify takes no argument");
    if (in->why)
        return survey(in, in->why);
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_snapshot_stats stats;
    double begin = tool_clock();
    nsearch_status status = in->backend->verify(in->snapshot, &err);
    if (!status)
        status = in->backend->stats(in->snapshot, &stats, &err);
    if (status == NSEARCH_DAMAGED && in->view)
        return tool_error("%s\n'nsearch-inspect -i FOLDER verify' where this shard is tells all of it", err.text);
    if (status == NSEARCH_DAMAGED)
        return survey(in, &err);
    if (status)
        return tool_failed(&err, in->index);
    if (in->json) {
        json_t *answer = tool_json_answer(in->fingerprint);
        tool_json_set_text(answer, "index", in->index);
        json_object_set_new(answer, "sound", json_true());
        return tool_json_print(answer, false) ? TOOL_FOUND : TOOL_ERROR;
    }
    char bytes[TOOL_NUMBER], articles[TOOL_NUMBER];
    printf("sound: %s article%s, %s checked in %.2f s\n", tool_number(stats.articles, articles), TOOL_S(stats.articles),
           tool_bytes(stats.bytes_index, bytes), tool_clock() - begin);
    return TOOL_FOUND;
}
