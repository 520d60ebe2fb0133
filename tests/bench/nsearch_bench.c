/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * nsearch_bench.c - times the native engine over a passage file, with plain analysis (doc/bench.md).
 */
#include <stdlib.h>
#include <string.h>

#include "tests/bench/bench.h"

static const char usage[] =
    "Usage: nsearch-bench index [--limit N] [--memory MB] [--threads N] PASSAGES INDEX\n"
    "       nsearch-bench search INDEX QUERIES OUT LABEL [CLASS,...]\n"
    "       nsearch-bench one INDEX CLASS WORDS\n"
    "       nsearch-bench check INDEX QUERIES [PASSAGES]\n"
    "       nsearch-bench repeat INDEX QUERIES CLASS COUNT TIMES\n"
    "       nsearch-bench durable INDEX PASSAGES FIRST ROUNDS\n"
    "       nsearch-bench folded INDEX QUERIES\n"
    "       nsearch-bench sizes INDEX\n"
    "       nsearch-bench grow PASSAGES COUNT SEED\n"
    "PASSAGES: lines of id, title and text, parted by tabs. QUERIES: lines of class, id and words.\n"
    "Classes: or, and, phrase, head (the ten best); c_or, c_and, c_phrase (how many).\n";

static int index_mode(int argc, char **argv)
{
    bench_index_options options = {.memory_mb = 256, .threads = 1};
    int i = 0;
    for (; i + 1 < argc && !strncmp(argv[i], "--", 2); i += 2) {
        char *end;
        unsigned long long value = strtoull(argv[i + 1], &end, 10);
        if (*end || end == argv[i + 1])
            return -1;
        if (!strcmp(argv[i], "--limit"))
            options.limit = value;
        else if (!strcmp(argv[i], "--memory") && value > 0 && value < 1 << 20)
            options.memory_mb = (int)value;
        else if (!strcmp(argv[i], "--threads") && value > 0 && value <= 64)
            options.threads = (int)value;
        else
            return -1;
    }
    if (argc - i != 2)
        return -1;
    options.passages = argv[i];
    options.dir = argv[i + 1];
    return bench_index(&options);
}

int main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "";
    int code = -1;
    if (!strcmp(mode, "--help")) {
        fputs(usage, stdout);
        return 0;
    }
    if (!strcmp(mode, "index"))
        code = index_mode(argc - 2, argv + 2);
    else if (!strcmp(mode, "search") && (argc == 6 || argc == 7))
        code = bench_search(argv[2], argv[3], argv[4], argv[5], argc == 7 ? argv[6] : NULL);
    else if (!strcmp(mode, "one") && argc == 5)
        code = bench_one(argv[2], argv[3], argv[4]);
    else if (!strcmp(mode, "check") && (argc == 4 || argc == 5))
        code = bench_check(argv[2], argv[3], argc == 5 ? argv[4] : NULL);
    else if (!strcmp(mode, "repeat") && argc == 7)
        code = bench_repeat(argv[2], argv[3], argv[4], strtoul(argv[5], NULL, 10),
                            (unsigned)strtoul(argv[6], NULL, 10));
    else if (!strcmp(mode, "durable") && argc == 6)
        code = bench_durable(argv[2], argv[3], strtoull(argv[4], NULL, 10), strtoul(argv[5], NULL, 10));
    else if (!strcmp(mode, "folded") && argc == 4)
        code = bench_folded(argv[2], argv[3]);
    else if (!strcmp(mode, "grow") && argc == 5)
        code = bench_grow(argv[2], strtoull(argv[3], NULL, 10), strtoull(argv[4], NULL, 10));
    else if (!strcmp(mode, "sizes") && argc == 3)
        code = bench_sizes(argv[2]);
    if (code < 0)
        fputs(usage, stderr);
    return code < 0 ? 2 : code;
}
