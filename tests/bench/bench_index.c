/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * bench_index.c - a passage file to an index of one segment: each line an article of one passage.
 */
#include <errno.h>
#include <string.h>

#include "index/backend.h"
#include "tests/bench/article.h"
#include "tests/bench/bench.h"

int bench_index(const bench_index_options *options)
{
    const ns_store_options store_options = {(size_t)options->memory_mb, options->threads};
    bench_passages in;
    bench_passage line;
    plain_analyser analyser;
    bench_article_room room = {.stored = NS_BUFFER_INIT};
    ns_store *store = NULL;
    nsearch_error err = NSEARCH_ERROR_INIT;
    uint64_t start = bench_now(), bytes = 0;
    if (!bench_passages_open(&in, options->passages)) {
        fprintf(stderr, "nsearch-bench: cannot read '%s': %s\n", options->passages, strerror(errno));
        return 1;
    }
    nsearch_status status = plain_init(&analyser) ? NSEARCH_OK : ns_error_memory(&err);
    if (!status)
        status = ns_native_backend.store_open(options->dir, &store_options, &store, &err);
    while (!status && (!options->limit || in.next < options->limit) && bench_passages_next(&in, &line)) {
        ns_analysed article;
        status = bench_article(&analyser, &line, &room, &article)
                     ? ns_native_backend.store_add(store, &article, &err)
                     : ns_error_memory(&err);
        bytes += line.id_length + line.title_length + line.text_length + 3;
    }
    uint64_t added = bench_now();
    if (!status)
        status = ns_native_backend.store_merge(store, &err);
    double seconds = (double)(bench_now() - start) / 1e9;
    if (!status)
        printf("passages %llu, bytes %llu, seconds %.2f (merge and commit %.2f), MB/s %.1f\n",
               (unsigned long long)in.next, (unsigned long long)bytes, seconds,
               (double)(bench_now() - added) / 1e9, (double)bytes / 1e6 / seconds);
    if (store)
        ns_native_backend.store_close(store);
    plain_release(&analyser);
    ns_buffer_release(&room.stored);
    bench_passages_close(&in);
    return status ? bench_failed(&err) : 0;
}
