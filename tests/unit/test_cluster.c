/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_cluster.c - the list of shards: what it says is understood, and what is not is an error with its line; and where
 * articles go: copies meet, months spread, and a further shard takes over its part and nothing else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/cluster.h"

static void parse(const char *text, ns_cluster *c)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_status status = ns_cluster_parse("/etc/c.ini", "/etc", text, strlen(text), c, &err);
    if (status)
        print_error("%s\n", err.text);
    assert_int_equal(status, NSEARCH_OK);
}

static void test_understood(void **state)
{
    (void)state;
    ns_cluster c;
    parse("# ours\n timeout = 1.5 s\r\n\n[north]\nwhere = /srv/north\n replica=standby:7031\n; and\n[ south-2 ]\n"
          "where = ../south\nwrite = [fe80::1%eth0]:7041\n[east]\nwhere = ssh news@east.example /srv/east", &c);
    assert_int_equal(c.timeout_ms, 1500);
    assert_int_equal(c.shard_count, 3);
    const ns_cluster_shard *s = c.shards;
    assert_string_equal(s[0].where.name, "north");
    assert_int_equal(s[0].where.kind, NS_SHARD_DIRECTORY);
    assert_string_equal(s[0].where.where, "/srv/north");
    assert_int_equal(s[0].replica.kind, NS_SHARD_TCP);
    assert_string_equal(s[0].replica.where, "standby");
    assert_int_equal(s[0].replica.port, 7031);
    assert_string_equal(s[0].writer.where, "/srv/north");
    assert_string_equal(s[1].where.name, "south-2");
    assert_string_equal(s[1].where.where, "/etc/../south");
    assert_null(s[1].replica.where);
    assert_string_equal(s[1].writer.where, "fe80::1%eth0");
    assert_int_equal(s[1].writer.port, 7041);
    assert_int_equal(s[2].where.kind, NS_SHARD_PROGRAM);
    assert_string_equal(s[2].where.where, "ssh");
    assert_string_equal(s[2].where.arguments,
                        "-o BatchMode=yes -o ConnectTimeout=2 -o ServerAliveInterval=15 news@east.example xapian-progsrv /srv/east");
    assert_string_equal(s[2].writer.arguments,
                        "-o BatchMode=yes -o ConnectTimeout=2 -o ServerAliveInterval=15 news@east.example xapian-progsrv --writable /srv/east");
    ns_cluster_release(&c);
    parse("[a]\nwhere=./a", &c);
    assert_int_equal(c.timeout_ms, NS_CLUSTER_TIMEOUT_DEFAULT);
    ns_cluster_release(&c);
}

static void test_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"", "names no shard"},
        {"timeout = 3 s\n", "names no shard"},
        {"[a]\n", "line 1 of '/etc/c.ini': no 'where' for shard 'a'"},
        {"[a]\nwhere = /a\n[b]\nreplica = b:1\n", "line 3 of '/etc/c.ini': no 'where' for shard 'b'"},
        {"[a]\nwhere =\n", "line 2 of '/etc/c.ini': no value for 'where'"},
        {"[a]\nwhere = /a\nwhere = /b\n", "line 3"},
        {"[a]\nwhere /a\n", "line 2"},
        {"[a]\nplace = /a\n", "not 'place'"},
        {"where = /a\n", "before the first [SHARD]"},
        {"[a\nwhere = /a\n", "no ']'"},
        {"[]\nwhere = /a\n", "a shard's name"},
        {"[-a]\nwhere = /a\n", "a shard's name"},
        {"[a b]\nwhere = /a\n", "a shard's name"},
        {"[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]\nwhere = /a\n", "63"},
        {"[a]\nwhere = /a\n[a]\nwhere = /b\n", "line 3 of '/etc/c.ini': a second shard 'a'"},
        {"[a]\nwhere = /a\n[b]\nwhere = /a\n", "in the place of another shard: 'b'"},
        {"[a]\nwhere = h:1\nreplica = h:2\n[b]\nwhere = h:2\n", "in the place of another shard: 'b'"},
        {"[a]\nwhere = a\n", "neither a path, nor HOST:PORT"},
        {"[a]\nwhere = a:0\n", "neither a path"},
        {"[a]\nwhere = a:65536\n", "neither a path"},
        {"[a]\nwhere = a:1x\n", "neither a path"},
        {"[a]\nwhere = a: 1\n", "neither a path"},
        {"[a]\nwhere = ::1:7000\n", "brackets"},
        {"[a]\nwhere = a b:7000\n", "not a host"},
        {"[a]\nwhere = -a:7000\n", "not a host"},
        {"[a]\nwhere = :7000\n", "not a host"},
        {"[a]\nwhere = ssh -oProxyCommand=x /a\n", "not a host"},
        {"[a]\nwhere = ssh host\n", "the path from '/' on"},
        {"[a]\nwhere = ssh host a\n", "the path from '/' on"},
        {"[a]\nwhere = ssh host /a b\n", "without blanks"},
        {"[a]\nwhere = ssh host /a;reboot\n", "without blanks"},
        {"timeout = soon\n[a]\nwhere = /a\n", "timeout takes"},
        {"timeout = 2 m\n[a]\nwhere = /a\n", "timeout takes"},
        {"timeout = 10\n[a]\nwhere = /a\n", "150 ms to 600 s"},
        {"timeout = 1e30\n[a]\nwhere = /a\n", "150 ms to 600 s"},
        {"timeout = 200\ntimeout = 300\n[a]\nwhere = /a\n", "line 2 of '/etc/c.ini': a second 'timeout'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        nsearch_error err = NSEARCH_ERROR_INIT;
        ns_cluster c;
        nsearch_status status =
            ns_cluster_parse("/etc/c.ini", "/etc", cases[i].text, strlen(cases[i].text), &c, &err);
        if (status != NSEARCH_INVALID || !strstr(err.text, cases[i].said))
            print_error("case %zu: %d, '%s'\n", i, (int)status, err.text);
        assert_int_equal(status, NSEARCH_INVALID);
        assert_non_null(strstr(err.text, cases[i].said));
    }
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_cluster c;
    assert_int_equal(ns_cluster_parse("c", ".", "[a]\n\0", 5, &c, &err), NSEARCH_INVALID);
    err = (nsearch_error)NSEARCH_ERROR_INIT;
    assert_int_equal(ns_cluster_read("/nowhere/cluster.ini", &c, &err), NSEARCH_NOT_FOUND);
}

/* No bytes make it fail otherwise than with INVALID. */
static void test_any_bytes(void **state)
{
    (void)state;
    static const char *const pieces[] = {"[", "]", "=", "\n", "where", "a", "/x", "ssh ", "h:1", " ", "\t", "timeout", "9",
                                         "\r", "#", "[a]\nwhere=/a\n", "\xff", "replica=", "write=", "[::1]:1", "-"};
    unsigned seed = 7;
    size_t read = 0;
    for (int round = 0; round < 20000; round++) {
        char text[256] = "";
        for (int i = 0; i < 12; i++) {
            seed = seed * 1103515245 + 12345;
            strcat(text, pieces[(seed >> 16) % (sizeof pieces / sizeof *pieces)]);
        }
        nsearch_error err = NSEARCH_ERROR_INIT;
        ns_cluster c;
        nsearch_status status = ns_cluster_parse("c", ".", text, strlen(text), &c, &err);
        assert_true(status == NSEARCH_OK || (status == NSEARCH_INVALID && *err.text));
        if (!status) {
            read++;
            ns_cluster_release(&c);
        }
    }
    assert_true(read > 20);
}

/* ---- places */

static void make_cluster(size_t shards, ns_cluster *c)
{
    char text[4096] = "";
    for (size_t i = 0; i < shards; i++)
        sprintf(text + strlen(text), "[shard-%zu]\nwhere = /%zu\n", i, i);
    parse(text, c);
}

static uint64_t key_of(const char *date, const char *captured, const char *first)
{
    ns_article a;
    ns_paragraph p = {.text = first, .length = strlen(first)};
    ns_article_init(&a);
    a.date = date;
    a.captured = captured;
    a.paragraphs = &p;
    a.paragraph_count = *first ? 1 : 0;
    return ns_cluster_key(&a);
}

static void test_keys(void **state)
{
    (void)state;
    uint64_t march = key_of("2025-03-11T23:59:00Z", "", "x");
    assert_true(march == key_of("2025-03-01", "2026-01-01", "y"));
    assert_true(march == key_of("2025-03", "", ""));
    assert_true(march == key_of("", "2025-03-31", "z"));
    assert_true(march != key_of("2025-04-01", "", "x"));
    assert_true(march != key_of("2024-03-11", "", "x"));
    assert_true(key_of("", "", "Officials said: \"No\".") == key_of("", "", "officials said \xe2\x80\x9cno\xe2\x80\x9d"));
    assert_true(key_of("", "", "One ship sank") != key_of("", "", "Two ships sank"));
    /* These stand in indexes: they must never change. */
    assert_true(march == UINT64_C(0x5f9e9e781546e28d));
    ns_cluster c;
    make_cluster(4, &c);
    assert_int_equal(ns_cluster_place(&c, march), 1);
    ns_cluster_release(&c);
}

static void test_places(void **state)
{
    (void)state;
    enum { MONTHS = 360, MOST = 16 };
    for (size_t shards = 1; shards < MOST; shards++) {
        ns_cluster c, next;
        size_t count[MOST] = {0}, moved = 0;
        make_cluster(shards, &c);
        make_cluster(shards + 1, &next);
        for (int m = 0; m < MONTHS; m++) {
            char date[16];
            snprintf(date, sizeof date, "%d-%02d", 1995 + m / 12, 1 + m % 12);
            uint64_t key = key_of(date, "", "");
            size_t before = ns_cluster_place(&c, key), after = ns_cluster_place(&next, key);
            count[before]++;
            assert_true(after == before || after == shards); /* only to the new one */
            moved += after != before;
        }
        double even = (double)MONTHS / (double)shards;
        for (size_t i = 0; i < shards; i++)
            assert_true((double)count[i] > even * 0.5 && (double)count[i] < even * 1.6);
        assert_true(moved > 0 && (double)moved < 2.0 * MONTHS / (double)(shards + 1));
        /* The order in the file does not matter. */
        ns_cluster_shard first = c.shards[0];
        c.shards[0] = c.shards[shards - 1];
        c.shards[shards - 1] = first;
        uint64_t key = key_of("2025-03", "", "");
        size_t turned = ns_cluster_place(&c, key);
        const char *name = c.shards[turned].where.name;
        char expected[16];
        first = c.shards[0];
        c.shards[0] = c.shards[shards - 1];
        c.shards[shards - 1] = first;
        snprintf(expected, sizeof expected, "%s", c.shards[ns_cluster_place(&c, key)].where.name);
        assert_string_equal(name, expected);
        ns_cluster_release(&c);
        ns_cluster_release(&next);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_understood), cmocka_unit_test(test_refused), cmocka_unit_test(test_any_bytes),
        cmocka_unit_test(test_keys),       cmocka_unit_test(test_places),
    };
    return cmocka_run_group_tests_name("cluster", tests, NULL, NULL);
}
