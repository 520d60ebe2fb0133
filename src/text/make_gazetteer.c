/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * make_gazetteer.c - run while building: turns gazetteer.tsv into C tables on standard output, with the same
 * tokeniser that will look names up. usage: make_gazetteer FILE
 */
#include <stdio.h>
#include <stdlib.h>

#include "src/base/buffer.h"
#include "src/text/gazetteer.h"

static void print_text(const ns_gazetteer *g)
{
    printf("static const unsigned char text[] = {");
    for (uint32_t i = 0; i < g->text_size; i++)
        printf("%s%u,", i % 24 ? "" : "\n    ", (unsigned char)g->text[i]);
    printf("\n};\n");
}

static void print_tables(const ns_gazetteer *g)
{
    printf("static const ns_name names[] = {\n");
    for (uint32_t i = 0; i < g->name_count; i++)
        printf("    {%u, %u, %u, %u, %u, %u},\n", g->names[i].canonical, g->names[i].key, g->names[i].first_alias,
               g->names[i].alias_count, g->names[i].within, g->names[i].type);
    printf("};\nstatic const ns_alias aliases[] = {\n");
    for (uint32_t i = 0; i < g->alias_count; i++)
        printf("    {UINT64_C(0x%llx), %u, %u, %u, %u},\n", (unsigned long long)g->aliases[i].hash,
               g->aliases[i].name, g->aliases[i].shown, g->aliases[i].words, g->aliases[i].flags);
    printf("};\nstatic const uint32_t slots[] = {");
    for (uint32_t i = 0; i < g->slot_count; i++)
        printf("%s%u,", i % 16 ? "" : "\n    ", g->slots[i]);
    printf("\n};\nstatic const ns_start starts[] = {\n");
    for (uint32_t i = 0; i < g->start_count; i++)
        printf("    {UINT64_C(0x%llx), %u},\n", (unsigned long long)g->starts[i].hash, g->starts[i].longest);
    printf("};\n");
}

int main(int argc, char **argv)
{
    ns_buffer text = NS_BUFFER_INIT;
    ns_gazetteer *g = NULL;
    nsearch_error err = NSEARCH_ERROR_INIT;
    char piece[4096];
    size_t n;
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (!file) {
        fprintf(stderr, "usage: make_gazetteer FILE\n");
        return 2;
    }
    while ((n = fread(piece, 1, sizeof piece, file)) > 0)
        ns_buffer_add(&text, piece, n);
    fclose(file);
    if (text.failed || ns_gazetteer_build((const char *)text.data, text.size, &g, &err)) {
        fprintf(stderr, "make_gazetteer: %s: %s\n", argv[1], err.text);
        ns_buffer_release(&text);
        return 2;
    }
    printf("/* Made by make_gazetteer from gazetteer.tsv. */\n#include \"src/text/gazetteer.h\"\n\n");
    print_text(g);
    print_tables(g);
    printf("const ns_gazetteer ns_gazetteer_builtin = {names, aliases, slots, starts, (const char *)text,\n"
           "                                           %u, %u, %u, %u, %u};\n",
           g->name_count, g->alias_count, g->slot_count, g->start_count, g->text_size);
    ns_gazetteer_free(g);
    ns_buffer_release(&text);
    return fflush(stdout) || ferror(stdout) ? 2 : 0;
}
