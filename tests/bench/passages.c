/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * passages.c - lines of id, title and text.
 */
#include "tests/bench/passages.h"

#include <stdlib.h>
#include <string.h>

bool bench_passages_open(bench_passages *p, const char *path)
{
    *p = (bench_passages){.file = fopen(path, "r")};
    if (p->file)
        setvbuf(p->file, NULL, _IOFBF, 1 << 18);
    return p->file != NULL;
}

void bench_passages_close(bench_passages *p)
{
    free(p->line);
    if (p->file)
        fclose(p->file);
    *p = (bench_passages){0};
}

/* Ends the field at *p with NUL and moves *p behind it. */
static char *take_field(char **p, char *end, bool last, size_t *length)
{
    char *field = *p, *tab = last ? NULL : memchr(field, '\t', (size_t)(end - field));
    char *stop = tab ? tab : end;
    *length = (size_t)(stop - field);
    *stop = '\0';
    *p = tab ? tab + 1 : end;
    return field;
}

bool bench_passages_next(bench_passages *p, bench_passage *out)
{
    ssize_t n = getline(&p->line, &p->room, p->file);
    if (n <= 0)
        return false;
    char *at = p->line, *end = at + n - (at[n - 1] == '\n');
    out->id = take_field(&at, end, false, &out->id_length);
    out->title = take_field(&at, end, false, &out->title_length);
    out->text = take_field(&at, end, true, &out->text_length);
    out->number = p->next++;
    return true;
}
