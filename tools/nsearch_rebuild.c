/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * nsearch_rebuild.c - the program nsearch-rebuild: builds an index anew beside the old one, verifies it and puts it in
 * the place of the old.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/tool_json.h"
#include "tools/tool_options.h"
#include "tools/tool_print.h"
#include "tools/tool_run.h"

static const char help[] =
    "Usage: nsearch-rebuild [OPTION]...\n"
    "Build an index anew from the articles that it holds: after an upgrade, with another gazetteer, to make\n"
    "it small again, or to move it to the other engine. The new index is built beside the old one, verified,\n"
    "and then takes its place in one step; searches go on all the time. Until then the old one is kept.\n"
    "\n"
    "  -i, --index INDEX      the index [$NSEARCH_INDEX, else $XDG_DATA_HOME/nsearch/index]\n"
    "  -j, --threads N        analyse with N threads [one a core]\n"
    "      --memory MB        stay within this much memory, at least 32 [512]\n"
    "      --engine NAME      native or xapian [the same as now]\n"
    "      --gazetteer FILE   names of your own [the same as now]\n"
    "      --json             print the summary as JSON\n"
    "  -q, --quiet            print errors only\n"
    "  -v, --verbose          name every skipped article\n"
    "  -h, --help             print this help\n"
    "  -V, --version          print the version\n"
    "\n"
    "Examples:\n"
    "  nsearch-rebuild                                 build the default index anew\n"
    "  nsearch-rebuild -i wire.index --gazetteer names.txt\n"
    "                                                  recognise more names\n"
    "\n"
    "Exit status: 0 done; 2 error, the index is as it was; 3 another writer works on the index, nothing was\n"
    "done.\n";

static const char letters[] = ":i:j:qvhV";
enum { MEMORY = TOOL_LONG_ONLY, ENGINE, GAZETTEER, JSON };
static const struct option long_options[] = {
    { "index", required_argument, NULL, 'i' },
    { "threads", required_argument, NULL, 'j' },
    { "memory", required_argument, NULL, MEMORY },
    { "engine", required_argument, NULL, ENGINE },
    { "gazetteer", required_argument, NULL, GAZETTEER },
    { "json", no_argument, NULL, JSON },
    { "quiet", no_argument, NULL, 'q' },
    { "verbose", no_argument, NULL, 'v' },
    { "help", no_argument, NULL, 'h' },
    { "version", no_argument, NULL, 'V' },
    { NULL, 0, NULL, 0 },
};

typedef struct settings {
    const char *index;
    nsearch_writer_options writer;
    bool json, quiet, verbose;
} settings;

/* 0 to go on, else 1 + exit code. */
static int read_options(int argc, char **argv, settings *set)
{
    unsigned long n;
    int option;
    while ((option = getopt_long(argc, argv, letters, long_options, NULL)) != -1)
        switch (option) {
        case 'i':
            set->index = optarg;
            break;
        case 'j':
            if (!tool_read_number("-j", optarg, 1, 256, &n))
                return 1 + TOOL_ERROR;
            set->writer.threads = (int)n;
            break;
        case MEMORY:
            if (!tool_read_number("--memory", optarg, 32, 1 << 24, &n))
                return 1 + TOOL_ERROR;
            set->writer.memory_mb = n;
            break;
        case ENGINE:
            if (!nsearch_has_engine(optarg))
                return 1 + tool_usage("no engine '%s' in this build; native%s can be had", optarg,
                                      nsearch_has_engine("xapian") ? " and xapian" : "");
            set->writer.engine = optarg;
            break;
        case GAZETTEER:
            set->writer.gazetteer = optarg;
            break;
        case JSON:
            set->json = true;
            break;
        case 'q':
            set->quiet = true;
            break;
        case 'v':
            set->verbose = true;
            break;
        case 'h':
            fputs(help, stdout);
            return 1 + tool_finish(TOOL_FOUND);
        case 'V':
            return 1 + tool_print_version();
        default: /* an int, not an enum */
            return 1 + tool_bad_option(option, argv);
        }
    if (optind < argc)
        return 1 + tool_usage("unexpected argument '%s': the index is named with -i", argv[optind]);
    return 0;
}

static nsearch_status read_stats(const char *path, nsearch_stats *stats, nsearch_error *err)
{
    nsearch_index *index = NULL;
    nsearch_status status = nsearch_open(path, NULL, &index, err);
    if (!status)
        status = nsearch_index_stats(index, stats, err);
    if (!status) /* the name belongs to the handle */
        stats->engine = !strcmp(stats->engine, "xapian") ? "xapian" : "native";
    nsearch_close(index);
    return status;
}

static int run_all(settings *set, const char *path)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_stats before, after;
    memset(&before, 0, sizeof before);
    nsearch_status status = read_stats(path, &before, &err);
    if (status)
        return tool_failed(&err, path);
    tool_run run;
    int code = TOOL_FOUND;
    tool_run_begin(&run, "rebuilding", set->quiet, set->verbose);
    tool_run_attach(&run, &set->writer);
    status = nsearch_rebuild(path, &set->writer, &err);
    tool_run_end(&run);
    if (!status)
        status = read_stats(path, &after, &err);
    if (status == NSEARCH_CANCELLED) {
        code = tool_error("cancelled: the index is as it was");
    } else if (status) {
        code = tool_failed(&err, path);
    } else if (set->json) {
        json_t *answer = tool_json_answer(after.fingerprint);
        tool_json_set_stats(answer, path, &after);
        tool_json_set_count(answer, "bytes_index_before", before.bytes_index);
        json_object_set_new(answer, "seconds", json_real(tool_run_seconds(&run)));
        tool_json_set_count(answer, "peak_memory", tool_run_peak_memory());
        code = tool_json_print(answer, false) ? TOOL_FOUND : TOOL_ERROR;
    } else if (!set->quiet) {
        char a[TOOL_NUMBER], b[TOOL_NUMBER];
        printf("%s article%s, %s passage%s built anew", tool_number(after.articles, a), TOOL_S(after.articles),
               tool_number(after.passages, b), TOOL_S(after.passages));
        printf(" in %.1f s, %s of memory at the peak\n", tool_run_seconds(&run),
               tool_bytes(tool_run_peak_memory(), a));
        printf("index '");
        tool_print_safe(stdout, path);
        printf("': %s on disk, before %s\n", tool_bytes(after.bytes_index, a),
               tool_bytes(before.bytes_index, b));
    }
    tool_run_release(&run);
    return code;
}

int main(int argc, char **argv)
{
    tool_start("nsearch-rebuild");
    settings set;
    memset(&set, 0, sizeof set);
    set.writer = (nsearch_writer_options)NSEARCH_WRITER_OPTIONS_INIT;
    int code = read_options(argc, argv, &set);
    if (code)
        return code - 1;
    char *path = tool_index_path(set.index, NULL);
    code = path ? tool_finish(run_all(&set, path)) : TOOL_ERROR;
    free(path);
    return code;
}
