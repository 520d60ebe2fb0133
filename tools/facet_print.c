/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * facet_print.c - "person  Kim Jong Un (23), Vladimir Putin (18) and 120 more".
 */
#include "tools/facet_print.h"

#include <inttypes.h>
#include <stdlib.h>

#include "tools/tool_json.h"

static void print_one(const tool_page *page, const nsearch_facet *facet)
{
    char *line = NULL, number[TOOL_NUMBER];
    size_t size = 0;
    FILE *out = open_memstream(&line, &size);
    if (!out)
        return;
    for (size_t i = 0; i < facet->value_count; i++)
        fprintf(out, "%s%s (%s)", i ? ", " : "", facet->values[i].name, tool_number(facet->values[i].articles, number));
    if (facet->distinct > facet->value_count)
        fprintf(out, " and %s more", tool_number(facet->distinct - facet->value_count, number));
    if (!facet->value_count)
        fputs("none", out);
    if (!fclose(out)) {
        fprintf(page->out, "%-8s", facet->field);
        tool_print_wrapped(page, 8, 8, TOOL_PLAIN, line, NULL, 0);
    }
    free(line);
}

void facet_print(const tool_page *page, const nsearch_result *result)
{
    const nsearch_facet *facet;
    size_t i = 0;
    for (; (facet = nsearch_result_facet(result, i)); i++)
        print_one(page, facet);
    if (i)
        fputc('\n', page->out);
}

json_t *facet_json(const nsearch_result *result)
{
    json_t *facets = json_object();
    const nsearch_facet *facet;
    for (size_t i = 0; (facet = nsearch_result_facet(result, i)); i++) {
        json_t *object = json_object(), *values = json_array();
        tool_json_set_count(object, "distinct", facet->distinct);
        for (size_t k = 0; k < facet->value_count; k++) {
            json_t *value = json_object();
            tool_json_set_text(value, "name", facet->values[k].name);
            tool_json_set_count(value, "articles", facet->values[k].articles);
            json_array_append_new(values, value);
        }
        json_object_set_new(object, "values", values);
        json_object_set_new(facets, facet->field, object);
    }
    return facets;
}
