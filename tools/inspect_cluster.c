/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * inspect_cluster.c - 'nsearch-inspect cluster': each shard that the list names, and each replica, asked by itself: whether it
 * answers, how long that takes, and what it holds.
 */
#include <string.h>

#include "src/cluster.h"
#include "tools/inspect.h"
#include "tools/tool_json.h"
#include "tools/tool_options.h"

typedef struct answer_of {
    nsearch_error err;
    ns_snapshot_stats stats;
    double seconds;
} answer_of;

static void print_place(const ns_shard *shard)
{
    switch (shard->kind) {
    case NS_SHARD_DIRECTORY:
        tool_print_safe(stdout, shard->where);
        break;
    case NS_SHARD_TCP:
        printf(strchr(shard->where, ':') ? "[%s]:%u" : "%s:%u", shard->where, shard->port);
        break;
    case NS_SHARD_PROGRAM:
        tool_print_safe(stdout, shard->where);
        putchar(' ');
        tool_print_safe(stdout, shard->arguments);
        break;
    }
}

#ifdef NS_WITH_XAPIAN
static void ask(const ns_shard *shard, unsigned timeout_ms, answer_of *a)
{
    ns_snapshot *snapshot = NULL;
    const ns_shard_state *state;
    double begin = tool_clock();
    memset(a, 0, sizeof *a);
    nsearch_status status = ns_shards_open(shard, 1, timeout_ms, &snapshot, &a->err);
    a->seconds = tool_clock() - begin;
    if (!status && ns_shards_states(snapshot, &state) == 1) {
        a->stats = state->stats;
        a->err.status = state->status;
        snprintf(a->err.text, sizeof a->err.text, "%s", state->reason);
    } else {
        a->err.status = status;
    }
    if (snapshot)
        snapshot->backend->close(snapshot);
    if (a->err.status && !*a->err.text)
        snprintf(a->err.text, sizeof a->err.text, "%s", nsearch_status_name(a->err.status));
}
#else
static void ask(const ns_shard *shard, unsigned timeout_ms, answer_of *a)
{
    (void)shard;
    (void)timeout_ms;
    memset(a, 0, sizeof *a);
    a->err.status = NSEARCH_UNSUPPORTED;
    snprintf(a->err.text, sizeof a->err.text, "this build is without Xapian");
}
#endif

static void print_answer(const ns_shard *shard, const char *role, const answer_of *a)
{
    char articles[TOOL_NUMBER], bytes[TOOL_NUMBER];
    printf("%-12s %-8s ", shard->name, role);
    if (a->err.status) {
        fputs("does not answer: ", stdout);
        tool_print_safe(stdout, a->err.text);
    } else {
        printf("%s articles, %s, generation %llu, %.1f ms", tool_number(a->stats.articles, articles),
               a->stats.bytes_index ? tool_bytes(a->stats.bytes_index, bytes) : "size not told",
               (unsigned long long)a->stats.generation, 1000 * a->seconds);
    }
    fputs("\n             ", stdout);
    print_place(shard);
    putchar('\n');
}

static json_t *json_of(const ns_shard *shard, const char *role, const answer_of *a)
{
    json_t *object = json_object();
    tool_json_set_text(object, "name", shard->name);
    tool_json_set_text(object, "role", role);
    tool_json_set_text(object, "where", shard->where);
    if (shard->port)
        tool_json_set_count(object, "port", shard->port);
    json_object_set_new(object, "answers", json_boolean(!a->err.status));
    if (a->err.status) {
        tool_json_set_text(object, "reason", a->err.text);
        return object;
    }
    json_object_set_new(object, "milliseconds", json_real(1000 * a->seconds));
    tool_json_set_count(object, "generation", a->stats.generation);
    tool_json_set_count(object, "articles", a->stats.articles);
    tool_json_set_count(object, "passages", a->stats.passages);
    tool_json_set_count(object, "bytes_index", a->stats.bytes_index);
    tool_json_set_count(object, "bytes_text", a->stats.bytes_text);
    return object;
}

int inspect_cluster(inspect *in, char **words, int count)
{
    (void)words;
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_cluster cluster;
    if (count)
        return tool_usage("cluster takes no argument: the list of shards is named with -i");
    if (!ns_cluster_is_file(in->index))
        return tool_error("'%s' is no file that lists shards", in->index);
    if (ns_cluster_read(in->index, &cluster, &err))
        return tool_error("%s", err.text);
    json_t *list = in->json ? json_array() : NULL;
    size_t missing = 0;
    uint64_t articles = 0, told = 0;
    for (size_t i = 0; i < 2 * cluster.shard_count; i++) {
        const ns_cluster_shard *s = &cluster.shards[i / 2];
        const ns_shard *shard = i % 2 ? &s->replica : &s->where;
        const char *role = i % 2 ? "replica" : "shard";
        answer_of a;
        if (!shard->where)
            continue;
        ask(shard, cluster.timeout_ms, &a);
        missing += a.err.status != NSEARCH_OK;
        if (i % 2 == 0)
            told = a.stats.articles;
        articles += i % 2 == 0 || !told ? a.stats.articles : 0; /* a replica's where the shard is silent */
        if (list)
            json_array_append_new(list, json_of(shard, role, &a));
        else
            print_answer(shard, role, &a);
    }
    int code = missing ? TOOL_PARTIAL : TOOL_FOUND;
    if (list) {
        json_t *answer = tool_json_answer(NULL);
        tool_json_set_text(answer, "cluster", in->index);
        tool_json_set_count(answer, "timeout_milliseconds", cluster.timeout_ms);
        tool_json_set_count(answer, "articles", articles);
        json_object_set_new(answer, "shards", list);
        if (!tool_json_print(answer, false))
            code = TOOL_ERROR;
    } else {
        char number[TOOL_NUMBER];
        printf("%zu shard%s, %s articles; time-out %.1f s\n", cluster.shard_count, TOOL_S(cluster.shard_count),
               tool_number(articles, number), (double)cluster.timeout_ms / 1000);
    }
    ns_cluster_release(&cluster);
    return code;
}
