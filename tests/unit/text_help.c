/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * text_help.c - see text_help.h.
 */
#include "tests/unit/text_help.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int text_help_setup(void **state)
{
    text_help *help = calloc(1, sizeof *help);
    nsearch_error err = NSEARCH_ERROR_INIT;
    if (!help || ns_analyser_new(NULL, 0, &help->analyser, &err) ||
        ns_workspace_new(help->analyser, &help->workspace, &err)) {
        fprintf(stderr, "%s\n", err.text);
        free(help);
        return -1;
    }
    ns_arena_init(&help->arena);
    *state = help;
    return 0;
}

int text_help_teardown(void **state)
{
    text_help *help = *state;
    ns_workspace_free(help->workspace);
    ns_analyser_free(help->analyser);
    ns_arena_release(&help->arena);
    free(help);
    return 0;
}

ns_article text_help_article(ns_arena *arena, const char *title, const char *body)
{
    ns_article a;
    ns_article_init(&a);
    a.id = "a1";
    a.title = title;
    a.source = "The Example Post";
    a.byline = "Ann Writer";
    a.date = "2023-09-11";
    a.date_source = "field";
    a.date_certainty = "sure";
    a.updated = "2023-09-12T08:00:00Z";
    a.captured = "2023-09-14";
    a.language = "en";
    a.agency = "AFP";
    a.origin = "/news/a1.txt";
    size_t lines = 1;
    for (const char *p = body; *p; p++)
        lines += *p == '\n';
    a.paragraphs = ns_arena_array(arena, lines, sizeof *a.paragraphs);
    for (const char *p = body; *p;) {
        size_t n = strcspn(p, "\n");
        a.paragraphs[a.paragraph_count++] = (ns_paragraph){ns_arena_copy(arena, p, n), n};
        p += n + (p[n] == '\n');
    }
    return a;
}

const char *text_help_query(text_help *help, const char *query)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_tokens tokens;
    if (ns_analyse_query(help->workspace, query, strlen(query), &help->arena, &tokens, &err))
        return err.text[0] ? ns_arena_string(&help->arena, err.text) : "error";
    const char *text = "";
    for (size_t i = 0; i < tokens.count; i++)
        text = ns_arena_printf(&help->arena, "%s%s%s", text, i ? " " : "", tokens.tokens[i].exact);
    for (size_t i = 0; i < tokens.mention_count; i++)
        if (tokens.mentions[i].known)
            text = ns_arena_printf(&help->arena, "%s <%s>", text, tokens.mentions[i].key);
    return text;
}

int text_help_tf(const ns_passage *passage, const char *key)
{
    for (uint32_t i = 0; i < passage->term_count; i++)
        if (passage->terms[i].length == strlen(key) && !memcmp(passage->terms[i].key, key, strlen(key)))
            return (int)passage->terms[i].tf;
    return -1;
}

const char *text_help_shared(void)
{
    static char path[4096];
    const char *set = getenv("NSEARCH_SHARED"), *source = getenv("srcdir");
    struct stat status;
    if (set)
        snprintf(path, sizeof path, "%s", set);
    else
        snprintf(path, sizeof path, "%s/../shared", source ? source : ".");
    return stat(path, &status) == 0 ? path : NULL;
}
