/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * bench_sizes.c - the bytes of an index by part: lines of bytes and name.
 */
#include "index/native/snapshot.h"
#include "tests/bench/bench.h"

int bench_sizes(const char *dir)
{
    ns_snapshot *snapshot;
    nsearch_error err = NSEARCH_ERROR_INIT;
    uint64_t sizes[NS_SECTION_COUNT] = {0}, files = 0, sections = 0;
    if (ns_native_backend.open(dir, &snapshot, &err))
        return bench_failed(&err);
    const ns_native_parts *parts = &((const ns_native_snapshot *)snapshot)->parts;
    for (size_t i = 0; i < parts->count; i++) {
        files += parts->list[i].file.size;
        for (size_t k = 0; k < NS_SECTION_COUNT; k++)
            sizes[k] += parts->list[i].segment->sections[k].size;
    }
    for (size_t k = 0; k < NS_SECTION_COUNT; k++) {
        sections += sizes[k];
        printf("%llu ", (unsigned long long)sizes[k]);
        for (const char *p = ns_section_name((ns_section)k); *p; p++)
            putchar(*p == ' ' ? '_' : *p); /* a name is one field */
        putchar('\n');
    }
    printf("%llu sums_and_footers\n%llu total\n", (unsigned long long)(files - sections), (unsigned long long)files);
    ns_native_backend.close(snapshot);
    return 0;
}
