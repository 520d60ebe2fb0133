/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_shards.c - an index in several Xapian databases answers as one: the same articles go into a native index, into one
 * database, and into two and four, here and behind servers (xapian-tcpsrv, xapian-progsrv); then all give the state and
 * the answers of the model, ids and scores. A server that is killed is left out, and told. It skips where xapian-tools
 * is not installed.
 *
 * NSEARCH_TEST_SEED and NSEARCH_TEST_QUERIES choose the queries.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "index/shards.h"
#include "src/query/match.h"
#include "tests/support/agree.h"
#include "tests/support/folder.h"
#include "tests/support/instrumented.h"

#define VOCABULARY 90
#define ARTICLES 260
#define SHARDS_MAX 4
#define TIMEOUT_MS 2000
#define QUERIES (INSTRUMENTED ? 75 : 300)

static nsearch_error err = NSEARCH_ERROR_INIT;

static void must(nsearch_status status)
{
    if (status)
        fail_msg("%s", err.text);
}

/* ---- servers */

typedef struct server {
    pid_t process;
    unsigned port;
} server;

static bool can_connect(unsigned port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bool good = fd >= 0 && !connect(fd, (struct sockaddr *)&at, sizeof at);
    if (fd >= 0)
        close(fd);
    return good;
}

/* A port that nobody has now. */
static unsigned free_port(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0 && !bind(fd, (struct sockaddr *)&at, sizeof at));
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
    close(fd);
    return ntohs(at.sin_port);
}

static server serve(const char *database, bool to_write)
{
    server s = {.port = free_port()};
    char port[16];
    snprintf(port, sizeof port, "%u", s.port);
    s.process = fork();
    assert_true(s.process >= 0);
    if (!s.process) {
        setpgid(0, 0); /* with the children that serve connections */
        execlp("xapian-tcpsrv", "xapian-tcpsrv", "--quiet", "--interface", "127.0.0.1", "--port", port, database,
               to_write ? "--writable" : (char *)NULL, (char *)NULL);
        _exit(127);
    }
    for (int i = 0; i < 500 && !can_connect(s.port); i++)
        usleep(10000);
    return s;
}

static void stop(server *s)
{
    if (s->process > 0) {
        kill(-s->process, SIGKILL);
        kill(s->process, SIGKILL);
        waitpid(s->process, NULL, 0);
    }
    s->process = 0;
}

static bool is_installed(void)
{
    return system("xapian-tcpsrv --version >/dev/null 2>&1 && command -v xapian-progsrv >/dev/null") == 0;
}

/* ---- one set of articles in several forms */

typedef struct form {
    const char *name;
    ns_snapshot *snapshot;
} form;

typedef struct corpus {
    char *dir;
    synthetic_model model;
    server servers[16];
    size_t server_count;
    form forms[8];
    size_t form_count;
} corpus;

static size_t place_of(const char *id, size_t shards)
{
    return (size_t)strtoul(strchr(id, '-') + 1, NULL, 10) * 7 % 13 % shards;
}

/* Puts article i into its shard of 'count' stores, twice if it is to be an update, and takes some out again. */
static void fill(corpus *c, const ns_backend *engine, const char *kind, size_t count)
{
    ns_store *stores[SHARDS_MAX];
    char path[4200];
    for (size_t i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/%s-%zu-%zu", c->dir, kind, count, i);
        must(engine->store_open(path, NULL, &stores[i], &err));
    }
    for (size_t i = 0; i < c->model.count; i++) {
        const ns_analysed *a = &c->model.articles[i];
        ns_store *store = stores[place_of(a->id, count)];
        ns_arena arena = NS_ARENA_INIT;
        ns_analysed old;
        if (i % 5 == 0) {
            synthetic_article(&arena, (uint32_t)strtoul(strchr(a->id, '-') + 1, NULL, 10), 77, VOCABULARY, &old);
            must(engine->store_add(store, &old, &err));
        }
        if (i % 40 == 20)
            must(engine->store_commit(store, &err));
        must(engine->store_add(store, a, &err));
        ns_arena_release(&arena);
    }
    for (size_t i = 0; i < count; i++) {
        must(engine->store_commit(stores[i], &err));
        engine->store_close(stores[i]);
    }
}

/* Opens 'count' databases: 'how' is d (directories), t (TCP) or p (programs), a letter each. */
static void open_form(corpus *c, const char *name, size_t count, const char *how)
{
    ns_shard shards[SHARDS_MAX];
    static char texts[SHARDS_MAX][4300];
    char names[SHARDS_MAX][16];
    const ns_shard_state *states;
    for (size_t i = 0; i < count; i++) {
        snprintf(names[i], sizeof names[i], "shard%zu", i);
        snprintf(texts[i], sizeof texts[i], "%s/xapian-%zu-%zu%s", c->dir, count, i, how[i] == 'd' ? "" : "/xapian");
        shards[i] = (ns_shard){.name = names[i], .kind = NS_SHARD_DIRECTORY, .where = texts[i]};
        if (how[i] == 't') {
            c->servers[c->server_count] = serve(texts[i], false);
            shards[i] = (ns_shard){.name = names[i], .kind = NS_SHARD_TCP, .where = "127.0.0.1",
                                   .port = c->servers[c->server_count++].port};
        } else if (how[i] == 'p')
            shards[i] = (ns_shard){.name = names[i], .kind = NS_SHARD_PROGRAM, .where = "xapian-progsrv",
                                   .arguments = texts[i]};
    }
    form *f = &c->forms[c->form_count++];
    f->name = name;
    must(ns_shards_open(shards, count, TIMEOUT_MS, &f->snapshot, &err));
    assert_int_equal(ns_shards_states(f->snapshot, &states), count);
    for (size_t i = 0; i < count; i++)
        if (states[i].status)
            fail_msg("%s of %s: %s", states[i].name, name, states[i].reason);
}

static void make_corpus(corpus *c)
{
    char path[4200];
    memset(c, 0, sizeof *c);
    c->dir = test_folder_new();
    synthetic_model_init(&c->model);
    for (uint32_t i = 0; i < ARTICLES; i++)
        synthetic_model_add(&c->model, i, 0, VOCABULARY);
    fill(c, &ns_native_backend, "native", 1);
    for (size_t n = 1; n <= SHARDS_MAX; n *= 2)
        fill(c, &ns_xapian_backend, "xapian", n);
    snprintf(path, sizeof path, "%s/native-1-0", c->dir);
    c->forms[c->form_count].name = "native";
    must(ns_native_backend.open(path, &c->forms[c->form_count++].snapshot, &err));
    open_form(c, "one database", 1, "d");
    open_form(c, "two databases", 2, "dd");
    open_form(c, "two servers", 2, "tt");
    open_form(c, "four servers", 4, "tttt");
    open_form(c, "servers, a program and a directory", 4, "tptd");
}

static void release_corpus(corpus *c)
{
    for (size_t i = 0; i < c->form_count; i++)
        c->forms[i].snapshot->backend->close(c->forms[i].snapshot);
    for (size_t i = 0; i < c->server_count; i++)
        stop(&c->servers[i]);
    synthetic_model_release(&c->model);
    test_folder_remove(c->dir);
}

/* ---- the tests */

static void one_answer_in_all_forms(void **state)
{
    (void)state;
    const char *seed = getenv("NSEARCH_TEST_SEED"), *wanted = getenv("NSEARCH_TEST_QUERIES");
    long queries = wanted ? strtol(wanted, NULL, 10) : QUERIES, compared = 0;
    test_random r = {seed ? strtoull(seed, NULL, 0) : 5};
    corpus c;
    if (!is_installed()) {
        print_message("xapian-tools is not installed\n");
        skip();
    }
    make_corpus(&c);
    for (size_t i = 0; i < c.form_count; i++)
        if (!agree_state(c.forms[i].snapshot, &c.model, VOCABULARY))
            fail_msg("state of %s", c.forms[i].name);
    for (long q = 0; q < queries; q++) {
        ns_arena arena = NS_ARENA_INIT;
        ns_plan plan;
        size_t limit = test_random_below(&r, 2) ? 1 + test_random_below(&r, 12) : 200;
        synthetic_plan(&r, &c.model, VOCABULARY, SYNTHETIC_UNIFORM, &arena, &plan);
        for (size_t i = 0; i < c.form_count; i++, compared++) {
            ns_match match = {0};
            ns_match_options options = {.limit = limit, .mode = NS_MATCH_BEST};
            ns_snapshot *s = c.forms[i].snapshot;
            must(ns_match_run(s, &plan, &options, &arena, &match, &err));
            if (s->backend->intact)
                must(s->backend->intact(s, &err));
            if (!agree_answer(s, &c.model, &plan, limit, match.candidates, match.count, match.found, match.at_least)) {
                synthetic_plan_print(&plan);
                fail_msg("%s differs", c.forms[i].name);
            }
        }
        ns_arena_release(&arena);
    }
    print_message("%ld queries, %ld answers compared in %zu forms\n", queries, compared, c.form_count);
    release_corpus(&c);
}

static void a_lost_server_is_told(void **state)
{
    (void)state;
    const ns_shard_state *states;
    ns_snapshot *s;
    char dir[4200];
    ns_term_stats stats;
    corpus c;
    if (!is_installed())
        skip();
    memset(&c, 0, sizeof c);
    c.dir = test_folder_new();
    synthetic_model_init(&c.model);
    for (uint32_t i = 0; i < 60; i++)
        synthetic_model_add(&c.model, i, 0, VOCABULARY);
    fill(&c, &ns_xapian_backend, "xapian", 2);
    open_form(&c, "two servers", 2, "tt");
    s = c.forms[0].snapshot;
    stop(&c.servers[1]);
    nsearch_status status = NSEARCH_OK;
    for (int i = 0; i < VOCABULARY && !status; i++) {
        char key[16];
        nsearch_error lost = NSEARCH_ERROR_INIT;
        size_t n = (size_t)snprintf(key, sizeof key, "%cw%d", NS_TERM_STEM, i);
        status = s->backend->term(s, key, n, &stats, &lost);
    }
    assert_int_equal(status, NSEARCH_UNREACHABLE);
    assert_int_equal(s->backend->intact(s, NULL), NSEARCH_UNREACHABLE);
    snprintf(dir, sizeof dir, "%s/xapian-2-0", c.dir);
    const ns_shard again[2] = {{.name = "here", .kind = NS_SHARD_DIRECTORY, .where = dir},
                               {.name = "gone", .kind = NS_SHARD_TCP, .where = "127.0.0.1", .port = c.servers[1].port}};
    must(ns_shards_open(again, 2, TIMEOUT_MS, &s, &err));
    assert_int_equal(ns_shards_states(s, &states), 2);
    assert_int_equal(states[0].status, NSEARCH_OK);
    assert_int_equal(states[1].status, NSEARCH_UNREACHABLE);
    assert_string_equal(states[1].name, "gone");
    assert_true(states[1].reason[0] && states[0].stats.articles && !states[1].stats.articles);
    s->backend->close(s);
    assert_int_equal(ns_shards_open(again + 1, 1, TIMEOUT_MS, &s, &err), NSEARCH_UNREACHABLE);
    err = (nsearch_error)NSEARCH_ERROR_INIT;
    release_corpus(&c);
}

static void a_server_is_written(void **state)
{
    (void)state;
    char dir[4200], database[4300];
    ns_store *store;
    ns_snapshot *s;
    corpus c;
    if (!is_installed())
        skip();
    memset(&c, 0, sizeof c);
    c.dir = test_folder_new();
    synthetic_model_init(&c.model);
    snprintf(dir, sizeof dir, "%s/index", c.dir);
    snprintf(database, sizeof database, "%s/xapian", dir);
    must(ns_xapian_backend.store_open(dir, NULL, &store, &err));
    ns_xapian_backend.store_close(store);
    c.servers[c.server_count++] = serve(database, true);
    const ns_shard shard = {.name = "written", .kind = NS_SHARD_TCP, .where = "127.0.0.1", .port = c.servers[0].port};
    for (uint32_t round = 0; round < 3; round++) {
        must(ns_shard_store_open(&shard, NULL, TIMEOUT_MS, &store, &err));
        for (uint32_t i = round * 10; i < round * 10 + 40; i++)
            must(ns_xapian_backend.store_add(store, synthetic_model_add(&c.model, i, round, VOCABULARY), &err));
        assert_true(synthetic_model_remove(&c.model, "article-25"));
        must(ns_xapian_backend.store_remove(store, "article-25", &err));
        must(ns_xapian_backend.store_commit(store, &err));
        assert_true(agree_state(ns_xapian_backend.store_snapshot(store), &c.model, VOCABULARY));
        ns_xapian_backend.store_close(store);
    }
    must(ns_xapian_backend.open(dir, &s, &err));
    assert_true(agree_state(s, &c.model, VOCABULARY));
    must(ns_xapian_backend.verify(s, &err));
    ns_xapian_backend.close(s);
    release_corpus(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_answer_in_all_forms),
                                       cmocka_unit_test(a_lost_server_is_told),
                                       cmocka_unit_test(a_server_is_written)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
