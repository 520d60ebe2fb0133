/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * inspect_open.c - opens what is inspected or exported: the index in a folder, or all shards of a list.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "src/view.h"
#include "tools/inspect.h"

static nsearch_status open_folder(inspect *in, nsearch_error *err)
{
    nsearch_status status = ns_backend_of(in->index, &in->backend, err);
    if (status == NSEARCH_DAMAGED)
        in->backend = ns_backend_of_damaged(in->index);
    return status ? status : in->backend->open(in->index, &in->snapshot, err);
}

/* All of them: a part would be taken for the whole. */
static nsearch_status open_list(inspect *in, nsearch_error *err)
{
    nsearch_status status = ns_cluster_read(in->index, &in->cluster, err);
    if (status)
        return status;
    status = ns_view_open_cluster(&in->cluster, 0, &in->view, err);
    if (status)
        return status;
    in->backend = in->view->backend;
    in->snapshot = in->view->snapshot;
    for (size_t i = 0; i < in->view->shard_count; i++)
        if (in->view->shards[i].status)
            return ns_error_set(err, NSEARCH_UNREACHABLE, "shard '%s' does not answer: %.200s", in->view->shards[i].name,
                                in->view->shards[i].reason);
    return NSEARCH_OK;
}

nsearch_status inspect_open(inspect *in, nsearch_error *err)
{
    const char *names = NULL;
    size_t names_size = 0;
    ns_snapshot_stats stats;
    nsearch_status status = ns_cluster_is_file(in->index) ? open_list(in, err) : open_folder(in, err);
    if (!status)
        status = in->backend->stats(in->snapshot, &stats, err);
    if (!status)
        status = in->backend->names(in->snapshot, &names, &names_size, err);
    if (!status)
        status = ns_analyser_new(names, names_size, &in->analyser, err);
    if (!status)
        status = ns_workspace_new(in->analyser, &in->workspace, err);
    if (!status)
        snprintf(in->fingerprint, sizeof in->fingerprint, "%016" PRIx64, stats.fingerprint);
    return status;
}

void inspect_close(inspect *in)
{
    ns_workspace_free(in->workspace);
    ns_analyser_free(in->analyser);
    if (in->view)
        ns_view_free(in->view);
    else if (in->snapshot)
        in->backend->close(in->snapshot);
    ns_cluster_release(&in->cluster);
    ns_arena_release(&in->arena);
}
