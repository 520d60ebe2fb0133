/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * workspace.c - making and freeing analysers and workspaces.
 */
#include "src/text/workspace.h"

#include <stdlib.h>

nsearch_status ns_analyser_new(const char *names, size_t n, ns_analyser **analyser, nsearch_error *err)
{
    ns_analyser *a = calloc(1, sizeof *a);
    if (!a)
        return ns_error_memory(err);
    nsearch_status status = names ? ns_gazetteer_build(names, n, &a->user, err) : NSEARCH_OK;
    if (status) {
        free(a);
        return status;
    }
    *analyser = a;
    return NSEARCH_OK;
}

void ns_analyser_free(ns_analyser *analyser)
{
    if (analyser)
        ns_gazetteer_free(analyser->user);
    free(analyser);
}

nsearch_status ns_workspace_new(const ns_analyser *analyser, ns_workspace **workspace, nsearch_error *err)
{
    ns_workspace *w = calloc(1, sizeof *w);
    if (!w)
        return ns_error_memory(err);
    w->analyser = analyser;
    ns_arena_init(&w->arena);
    ns_buffer_init(&w->stored);
    if (!ns_lexicon_init(&w->lexicon, &ns_gazetteer_builtin, analyser->user)) {
        free(w);
        return ns_error_memory(err);
    }
    *workspace = w;
    return NSEARCH_OK;
}

nsearch_status ns_workspace_trim(ns_workspace *w, nsearch_error *err)
{
    ns_arena_reset(&w->arena);
    ns_lexemes_release(&w->lexemes);
    ns_term_scratch_release(&w->scratch);
    ns_keyword_scratch_release(&w->keywords);
    ns_buffer_release(&w->stored);
    free(w->hashes);
    w->hashes = NULL;
    w->hash_capacity = 0;
    return ns_lexicon_trim(&w->lexicon) ? NSEARCH_OK : ns_error_memory(err);
}

void ns_workspace_free(ns_workspace *workspace)
{
    if (!workspace)
        return;
    ns_lexicon_release(&workspace->lexicon);
    ns_lexemes_release(&workspace->lexemes);
    ns_term_scratch_release(&workspace->scratch);
    ns_keyword_scratch_release(&workspace->keywords);
    ns_arena_release(&workspace->arena);
    ns_buffer_release(&workspace->stored);
    free(workspace->hashes);
    free(workspace);
}
