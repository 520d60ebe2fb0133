/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * tool_repair.c - what a repair says.
 */
#include "tools/tool_repair.h"

#include "tools/tool_json.h"
#include "tools/tool_options.h"
#include "tools/tool_print.h"

static void tell_place(const char *place, void *user)
{
    tool_repair *r = user;
    if (r->all || r->told_places < TOOL_REPAIR_NAMED)
        tool_error("%s", place);
    r->told_places++;
}

static void tell_article(const char *id, const char *file, uint64_t count, void *user)
{
    tool_repair *r = user;
    char text[TOOL_NUMBER];
    if (!*id)
        tool_error("lost: %s article%s of which not even the name is left", tool_number(count, text), TOOL_S(count));
    else if (r->all || r->told_articles < TOOL_REPAIR_NAMED)
        tool_error("lost: article '%s'%s%s%s", id, *file ? " of file '" : "", file, *file ? "'" : "");
    r->told_articles += *id != '\0';
}

nsearch_status tool_repair_index(tool_repair *r, const char *path, const nsearch_writer_options *options, bool all,
                                 nsearch_error *err)
{
    char a[TOOL_NUMBER], b[TOOL_NUMBER];
    *r = (tool_repair){ .report = NSEARCH_REPAIR_INIT, .all = all };
    r->report.found = tell_place;
    r->report.missed = tell_article;
    r->report.user = r;
    nsearch_status status = nsearch_repair_index(path, options, &r->report, err);
    if (r->told_places > TOOL_REPAIR_NAMED && !all)
        tool_error("and %s more places", tool_number(r->told_places - TOOL_REPAIR_NAMED, a));
    if (r->told_articles > TOOL_REPAIR_NAMED && !all)
        tool_error("lost: %s more articles; --verbose names them", tool_number(r->told_articles - TOOL_REPAIR_NAMED, a));
    if (!status && r->report.damaged)
        tool_error("the index was damaged and is repaired: %s article%s kept, %s lost", tool_number(r->report.kept, a),
                   TOOL_S(r->report.kept), tool_number(r->report.lost, b));
    return status;
}

void tool_repair_set_json(const tool_repair *r, json_t *answer)
{
    json_t *object = json_object();
    tool_json_set_count(object, "damaged", r->report.damaged);
    tool_json_set_count(object, "kept", r->report.kept);
    tool_json_set_count(object, "lost", r->report.lost);
    json_object_set_new(answer, "repair", object);
}
