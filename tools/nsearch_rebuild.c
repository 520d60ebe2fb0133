/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * nsearch_rebuild.c - the program nsearch-rebuild: builds an index anew beside the old one, verifies it and puts it in
 * the place of the old.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/tool_json.h"
#include "tools/tool_options.h"
#include "tools/tool_print.h"
#include "tools/tool_repair.h"
#include "tools/tool_run.h"

static const char help[] =
    "Usage: nsearch-rebuild [OPTION]...\n"
    "       nsearch-rebuild [OPTION]... --only-damaged [PATH...]\n"
    "Build an index anew from the articles that it holds: after an upgrade, with another gazetteer, to make\n"
    "it small again, or to move it to the other engine. The new index is built beside the old one, verified,\n"
    "and then takes its place in one step; searches go on all the time. Until then the old one is kept.\n"
    "\n"
    "  -i, --index INDEX      the index [$NSEARCH_INDEX, else $XDG_DATA_HOME/nsearch/index]\n"
    "  -j, --threads N        analyse with N threads [one a core]\n"
    "      --memory MB        stay within this much memory, at least 32 [512]\n"
    "      --engine NAME      native or xapian [the same as now]\n"
    "      --gazetteer FILE   names of your own [the same as now]\n"
    "      --only-damaged     look for damage; build the index anew only if there is any, from the articles\n"
    "                         that can still be read, and then add what is missing from the PATHs\n"
    "      --no-sandbox       read PATHs in this process: only where the kernel cannot confine another\n"
    "      --json             print the summary as JSON\n"
    "  -q, --quiet            print errors only\n"
    "  -v, --verbose          name every article that was skipped or cut\n"
    "  -h, --help             print this help\n"
    "  -V, --version          print the version\n"
    "\n"
    "Examples:\n"
    "  nsearch-rebuild                                 build the default index anew\n"
    "  nsearch-rebuild -i wire.index --gazetteer names.txt\n"
    "                                                  recognise more names\n"
    "  nsearch-rebuild -i wire.index --only-damaged /srv/wire\n"
    "                                                  put right what a bad disk did\n"
    "\n"
    "Exit status: 0 done; 1 done, but articles of a damaged index are lost; 2 error, the index is as it\n"
    "was; 3 another writer works on the index, nothing was done.\n";

static const char letters[] = ":i:j:qvhV";
enum { MEMORY = TOOL_LONG_ONLY, ENGINE, GAZETTEER, ONLY_DAMAGED, NO_SANDBOX, JSON };
static const struct option long_options[] = {
    { "index", required_argument, NULL, 'i' },
    { "threads", required_argument, NULL, 'j' },
    { "memory", required_argument, NULL, MEMORY },
    { "engine", required_argument, NULL, ENGINE },
    { "gazetteer", required_argument, NULL, GAZETTEER },
    { "only-damaged", no_argument, NULL, ONLY_DAMAGED },
    { "no-sandbox", no_argument, NULL, NO_SANDBOX },
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
    bool only_damaged, json, quiet, verbose;
    char **paths; /* with only_damaged */
    size_t path_count;
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
        case ONLY_DAMAGED:
            set->only_damaged = true;
            break;
        case NO_SANDBOX:
            set->writer.reader = NULL;
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
    if (set->only_damaged && set->writer.engine)
        return 1 + tool_usage("--only-damaged keeps the engine");
    set->paths = argv + optind;
    set->path_count = (size_t)(argc - optind);
    for (size_t i = 0; set->only_damaged && i < set->path_count; i++)
        if (access(set->paths[i], R_OK))
            return 1 + tool_error("cannot read '%s': %s\nnothing was done", set->paths[i], strerror(errno));
    if (optind < argc && !set->only_damaged)
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

/* Adds from the sources what the index lacks: the others are there and unchanged. */
static nsearch_status add_missing(const settings *set, const char *path, nsearch_progress *progress, nsearch_error *err)
{
    nsearch_writer *w = NULL;
    nsearch_status status = nsearch_writer_open(path, &set->writer, &w, err);
    for (size_t i = 0; !status && i < set->path_count; i++)
        status = nsearch_writer_add_path(w, set->paths[i], err);
    if (!status && tool_run_cancelled())
        status = NSEARCH_CANCELLED;
    if (!status)
        status = nsearch_writer_commit(w, err);
    if (w)
        nsearch_writer_progress(w, progress);
    nsearch_writer_close(w);
    return status;
}

static int repair_damaged(settings *set, const char *path)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_progress added;
    nsearch_stats after;
    tool_repair repair;
    tool_run run;
    memset(&added, 0, sizeof added);
    tool_run_begin(&run, "repairing", set->quiet, set->verbose);
    tool_run_attach(&run, &set->writer);
    nsearch_status status = tool_repair_index(&repair, path, &set->writer, set->verbose, &err);
    bool damaged = repair.report.damaged > 0;
    if (!status && damaged && set->path_count)
        status = add_missing(set, path, &added, &err);
    tool_run_end(&run);
    tool_run_release(&run);
    if (!status)
        status = read_stats(path, &after, &err);
    if (status == NSEARCH_CANCELLED)
        return tool_error("cancelled");
    if (status)
        return tool_failed(&err, path);
    int code = repair.report.lost && !set->path_count ? TOOL_NONE : TOOL_FOUND;
    if (set->json) {
        json_t *answer = tool_json_answer(after.fingerprint);
        tool_json_set_stats(answer, path, &after);
        tool_repair_set_json(&repair, answer);
        tool_json_set_count(answer, "added", added.added);
        return tool_json_print(answer, false) ? code : TOOL_ERROR;
    }
    char a[TOOL_NUMBER], b[TOOL_NUMBER];
    if (!set->quiet && !damaged)
        printf("sound: nothing was done\n");
    else if (!set->quiet)
        printf("repaired: %s article%s, %s of them read again\n", tool_number(after.articles, a), TOOL_S(after.articles),
               tool_number(added.added, b));
    if (code == TOOL_NONE)
        tool_error("'nsearch-index -i %s PATH...' with the sources brings back what is lost", path);
    return code;
}

int main(int argc, char **argv)
{
    int read = nsearch_read_confined(argc, argv);
    if (read >= 0)
        return read;
    tool_start("nsearch-rebuild");
    settings set;
    memset(&set, 0, sizeof set);
    set.writer = (nsearch_writer_options)NSEARCH_WRITER_OPTIONS_INIT;
    set.writer.reader = TOOL_READER;
    int code = read_options(argc, argv, &set);
    if (code)
        return code - 1;
    char *path = tool_index_path(set.index, NULL);
    code = path ? tool_finish(set.only_damaged ? repair_damaged(&set, path) : run_all(&set, path)) : TOOL_ERROR;
    free(path);
    return code;
}
