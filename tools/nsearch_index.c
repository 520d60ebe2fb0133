/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * nsearch_index.c - the program nsearch-index: adds articles to an index, updates what changed, skips what did not.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/index.h"
#include "tools/tool_json.h"
#include "tools/tool_options.h"
#include "tools/tool_print.h"
#include "tools/tool_repair.h"

static const char help[] =
    "Usage: nsearch-index [OPTION]... PATH...\n"
    "Add the articles in files and folders (\"-\": standard input) to an index. An article that is in the\n"
    "index already is updated if it changed and skipped if it did not. Nothing is visible, and nothing is\n"
    "lost, until the run is committed at its end.\n"
    "\n"
    "  -i, --index INDEX      the index, a folder, made where there is none; or a file that lists its shards\n"
    "                         [$NSEARCH_INDEX, else $XDG_DATA_HOME/nsearch/index]\n"
    "  -j, --threads N        analyse with N threads [one a core]\n"
    "      --memory MB        stay within this much memory, at least 32 [512]\n"
    "      --engine NAME      native or xapian, for a new index [native]\n"
    "      --gazetteer FILE   names of your own, known beside the built-in ones\n"
    "      --fields MAP       what fields of JSON, CSV and XML are called, besides the usual names:\n"
    "                         title=head,text=story.body\n"
    "      --reread           read files again that did not change since they were last read\n"
    "      --remove-missing   remove articles that came from below a PATH and are there no more\n"
    "      --remove ID        remove one article; may be repeated, and PATH left out\n"
    "      --shard NAME       of a list of shards as INDEX: write this one alone\n"
    "      --merge            leave the index in one segment: smaller and quicker to search\n"
    "      --no-sandbox       read files in this process: only where the kernel cannot confine another\n"
    "      --repair           look for damage first, and repair the index if there is any\n"
    "      --json             print the summary as JSON\n"
    "  -q, --quiet            print errors only\n"
    "  -v, --verbose          name every article that was skipped or cut\n"
    "  -h, --help             print this help\n"
    "  -V, --version          print the version\n"
    "\n"
    "Examples:\n"
    "  nsearch-index ~/news                            a folder, with all folders in it\n"
    "  nsearch-index -i wire.index --remove-missing /srv/wire\n"
    "                                                  keep an index in step with a folder\n"
    "  nsearch-index --fields title=head,text=story.body old.jsonl.xz crawl.warc.gz\n"
    "                                                  JSON with names of its own, and a crawl\n"
    "\n"
    "Exit status: 0 done, even if articles were skipped; 2 error, the index is as it was; 3 another writer\n"
    "works on the index, nothing was done; 4 done, but not in every shard.\n";

static const char letters[] = ":i:j:qvhV";
enum { MEMORY = TOOL_LONG_ONLY, ENGINE, GAZETTEER, FIELDS, REREAD, REMOVE_MISSING, REMOVE, SHARD, MERGE, REPAIR, NO_SANDBOX, JSON };
static const struct option long_options[] = {
    { "index", required_argument, NULL, 'i' },
    { "threads", required_argument, NULL, 'j' },
    { "memory", required_argument, NULL, MEMORY },
    { "engine", required_argument, NULL, ENGINE },
    { "gazetteer", required_argument, NULL, GAZETTEER },
    { "fields", required_argument, NULL, FIELDS },
    { "reread", no_argument, NULL, REREAD },
    { "remove-missing", no_argument, NULL, REMOVE_MISSING },
    { "remove", required_argument, NULL, REMOVE },
    { "shard", required_argument, NULL, SHARD },
    { "merge", no_argument, NULL, MERGE },
    { "repair", no_argument, NULL, REPAIR },
    { "no-sandbox", no_argument, NULL, NO_SANDBOX },
    { "json", no_argument, NULL, JSON },
    { "quiet", no_argument, NULL, 'q' },
    { "verbose", no_argument, NULL, 'v' },
    { "help", no_argument, NULL, 'h' },
    { "version", no_argument, NULL, 'V' },
    { NULL, 0, NULL, 0 },
};

/* 0 to go on, else 1 + exit code. */
static int read_options(int argc, char **argv, index_settings *set)
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
        case FIELDS:
            set->writer.fields = optarg;
            break;
        case REREAD:
            set->writer.reread = 1;
            break;
        case REMOVE_MISSING:
            set->remove_missing = true;
            break;
        case REMOVE:
            set->removals[set->removal_count++] = optarg;
            break;
        case SHARD:
            set->shard = optarg;
            break;
        case MERGE:
            set->merge = true;
            break;
        case REPAIR:
            set->repair = true;
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
    set->paths = argv + optind;
    set->path_count = (size_t)(argc - optind);
    if (!set->path_count && !set->removal_count && !set->merge && !set->shard) /* an empty shard is made */
        return 1 + tool_usage("nothing to index: name a file or a folder");
    if (!set->path_count && set->remove_missing)
        return 1 + tool_usage("--remove-missing needs a PATH to look below");
    /* A missing folder must not look like one whose articles were all removed, nor be found after an hour. */
    for (size_t i = 0; i < set->path_count; i++)
        if (strcmp(set->paths[i], "-") && access(set->paths[i], R_OK))
            return 1 + tool_error("cannot read '%s': %s\nnothing was indexed", set->paths[i], strerror(errno));
    return 0;
}

nsearch_status index_write(const index_settings *set, nsearch_writer *writer, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    for (size_t i = 0; !status && i < set->path_count; i++)
        status = nsearch_writer_add_path(writer, set->paths[i], err);
    if (!status && set->remove_missing)
        status = nsearch_writer_remove_missing(writer, err);
    for (size_t i = 0; !status && i < set->removal_count; i++)
        status = nsearch_writer_remove(writer, set->removals[i], err);
    if (!status && tool_run_cancelled())
        return NSEARCH_CANCELLED;
    if (!status)
        status = set->merge ? nsearch_writer_merge(writer, err) : nsearch_writer_commit(writer, err);
    return status;
}

/* What was lost comes back with the paths that are indexed next. An index that is yet to be made is sound. */
static nsearch_status repair_first(const index_settings *set, const char *path, tool_repair *repair, nsearch_error *err)
{
    nsearch_error why = NSEARCH_ERROR_INIT;
    nsearch_status status = tool_repair_index(repair, path, &set->writer, set->verbose, &why);
    if (status == NSEARCH_NOT_FOUND)
        return NSEARCH_OK;
    if (status)
        *err = why;
    return status;
}

int index_summarise(const index_settings *set, const tool_run *run, const char *path, const nsearch_progress *progress,
                    const tool_repair *repair)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_index *index = NULL;
    nsearch_stats stats;
    if (nsearch_open(path, NULL, &index, &err) || nsearch_index_stats(index, &stats, &err)) {
        nsearch_close(index);
        return tool_failed(&err, path);
    }
    int code = TOOL_FOUND;
    if (set->json) {
        json_t *answer = tool_json_answer(stats.fingerprint);
        tool_json_set_stats(answer, path, &stats);
        tool_run_set_json(run, progress, answer);
        if (repair && set->repair)
            tool_repair_set_json(repair, answer);
        if (!tool_json_print(answer, false))
            code = TOOL_ERROR;
    } else if (!set->quiet) {
        char a[TOOL_NUMBER], b[TOOL_NUMBER], c[TOOL_NUMBER], d[TOOL_NUMBER];
        printf("%s added, %s updated, %s unchanged, %s removed\n", tool_number(progress->added, a),
               tool_number(progress->updated, b), tool_number(progress->unchanged, c),
               tool_number(progress->removed, d));
        tool_run_print(run, progress);
        printf("index '");
        tool_print_safe(stdout, path);
        printf("': %s article%s, %s passage%s, %s on disk\n", tool_number(stats.articles, a), TOOL_S(stats.articles),
               tool_number(stats.passages, b), TOOL_S(stats.passages), tool_bytes(stats.bytes_index, c));
    }
    nsearch_close(index);
    return code;
}

static int run_all(index_settings *set, const char *path)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_writer *writer = NULL;
    nsearch_progress progress;
    tool_run run;
    int code;
    tool_run_begin(&run, "indexing", set->quiet, set->verbose);
    tool_run_attach(&run, &set->writer);
    memset(&progress, 0, sizeof progress);
    tool_repair repair = { .report = NSEARCH_REPAIR_INIT };
    nsearch_status status = set->repair ? repair_first(set, path, &repair, &err) : NSEARCH_OK;
    if (!status)
        status = nsearch_writer_open(path, &set->writer, &writer, &err);
    if (!status)
        status = index_write(set, writer, &err);
    if (writer)
        nsearch_writer_progress(writer, &progress);
    nsearch_writer_close(writer);
    tool_run_end(&run);
    if (status == NSEARCH_CANCELLED)
        code = tool_error("cancelled: the index is as it was");
    else if (status)
        code = tool_failed(&err, path);
    else
        code = index_summarise(set, &run, path, &progress, &repair);
    tool_run_release(&run);
    return code;
}

static int run_any(index_settings *set, const char *path)
{
    struct stat st;
    size_t n = strlen(path);
    bool there = stat(path, &st) == 0;
    if (there && S_ISREG(st.st_mode))
        return index_cluster(set, path);
    if (!there && n > 4 && !strcmp(path + n - 4, ".ini")) /* a misspelt list must not become the folder of an index */
        return tool_error("no file '%s' that lists shards", path);
    if (set->shard)
        return tool_usage("--shard goes with a file that lists shards, and '%s' is none", path);
    return run_all(set, path);
}

int main(int argc, char **argv)
{
    int read = nsearch_read_confined(argc, argv);
    if (read >= 0)
        return read;
    tool_start("nsearch-index");
    index_settings set;
    memset(&set, 0, sizeof set);
    set.writer = (nsearch_writer_options)NSEARCH_WRITER_OPTIONS_INIT;
    set.writer.reader = TOOL_READER;
    set.removals = calloc((size_t)argc + 1, sizeof *set.removals);
    if (!set.removals)
        return tool_error("out of memory");
    bool is_default;
    char *path = NULL;
    int code = read_options(argc, argv, &set);
    if (code) {
        code--;
    } else {
        path = tool_index_path(set.index, &is_default);
        code = path && (!is_default || tool_make_parents(path)) ? tool_finish(run_any(&set, path)) : TOOL_ERROR;
    }
    free(path);
    free(set.removals);
    return code;
}
