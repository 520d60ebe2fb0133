/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * nsearch_inspect.c - the program nsearch-inspect: looks inside an index, and at how files are read. It links the inner
 * library; the other programs use nsearch.h only.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corpus/confined.h"
#include "tools/inspect.h"
#include "tools/tool_json.h"
#include "tools/tool_options.h"

static const char help[] =
    "Usage: nsearch-inspect [OPTION]... COMMAND [ARGUMENT]...\n"
    "Look inside an index, or at how files are understood.\n"
    "\n"
    "Commands:\n"
    "  stats                  what the index holds\n"
    "  terms [PREFIX]         terms that begin so, each with the number of passages that hold it\n"
    "  postings TERM          passages that hold the term: tf, length, positions, text\n"
    "  article ID             an article as the index keeps it: fields, passages, what was left out\n"
    "  groups                 copies of one story in the whole index, the largest group first\n"
    "  copies ID              an article's copies, the one published first in front: what each added and cut\n"
    "  verify                 check every byte of the index; tell what is damaged, and which articles it hit\n"
    "  cluster                the shards that a file as INDEX lists: who answers, how soon, and with what\n"
    "  read PATH...           how files and folders are read (\"-\": standard input); needs no index\n"
    "\n"
    "  -i, --index INDEX      the index, or a list of shards [$NSEARCH_INDEX, else $XDG_DATA_HOME/nsearch/index]\n"
    "  -n, --limit N          list up to N things, 0: all [terms 50, postings 20, groups 20; all with --json]\n"
    "      --gazetteer FILE   with read: names of your own\n"
    "      --fields MAP       with read: what fields of JSON, CSV and XML are called: title=head,text=body\n"
    "      --no-sandbox       with read: read in this process, only where the kernel cannot confine another\n"
    "      --color WHEN       auto, always or never [auto]\n"
    "      --json             answer in JSON; read gives one object a line, an article each\n"
    "  -h, --help             print this help\n"
    "  -V, --version          print the version\n"
    "\n"
    "A term is a word (its stem is looked up) or one of\n"
    "  =WORD                  a word exactly as written, accents and case aside\n"
    "  title:WORD title:=WORD of the headline\n"
    "  entity:NAME            a name, under any of its aliases: entity:dprk is entity:north korea\n"
    "  person: place: org: source: by:WORD\n"
    "                         one word of such a name\n"
    "  id:ID file:PATH        an article, a file\n"
    "  raw:BYTES              as the index has it, kind first\n"
    "\n"
    "Examples:\n"
    "  nsearch-inspect stats\n"
    "  nsearch-inspect terms entity:kim\n"
    "  nsearch-inspect postings =shells\n"
    "  nsearch-inspect read page.txt                   what is left out of a page, and why\n"
    "  nsearch-inspect --json read news/ | jq .title\n"
    "\n"
    "Exit status: 0 done; 1 nothing there; 2 error or damaged index; 4 a shard of a cluster does not answer.\n";

static const char letters[] = ":i:n:hV";
enum { GAZETTEER = TOOL_LONG_ONLY, FIELDS, NO_SANDBOX, COLOUR, JSON };
static const struct option long_options[] = {
    { "index", required_argument, NULL, 'i' },
    { "limit", required_argument, NULL, 'n' },
    { "gazetteer", required_argument, NULL, GAZETTEER },
    { "fields", required_argument, NULL, FIELDS },
    { "no-sandbox", no_argument, NULL, NO_SANDBOX },
    { "color", required_argument, NULL, COLOUR },
    { "colour", required_argument, NULL, COLOUR },
    { "json", no_argument, NULL, JSON },
    { "help", no_argument, NULL, 'h' },
    { "version", no_argument, NULL, 'V' },
    { NULL, 0, NULL, 0 },
};

static const struct {
    const char *name;
    int (*run)(inspect *in, char **words, int count);
    bool needs_index;
} commands[] = {
    { "stats", inspect_stats, true },     { "terms", inspect_terms, true },   { "postings", inspect_postings, true },
    { "article", inspect_article, true }, { "groups", inspect_groups, true },
    { "copies", inspect_copies, true }, { "verify", inspect_verify, true },
    { "cluster", inspect_cluster, false }, { "read", inspect_read, false },
};
#define COMMAND_COUNT (sizeof commands / sizeof *commands)

/* ---------------------------------------------------------------- stats */

int inspect_stats(inspect *in, char **words, int count)
{
    (void)words;
    if (count)
        return tool_usage("stats takes no argument");
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_snapshot_stats inner;
    if (in->backend->stats(in->snapshot, &inner, &err))
        return tool_failed(&err, in->index);
    const char *names = NULL;
    size_t names_size = 0;
    if (in->backend->names(in->snapshot, &names, &names_size, &err))
        return tool_failed(&err, in->index);
    nsearch_stats stats = {
        .engine = in->backend->name,
        .generation = inner.generation,
        .articles = inner.articles,
        .passages = inner.passages,
        .terms = inner.terms,
        .postings = inner.postings,
        .segments = inner.segments,
        .bytes_index = inner.bytes_index,
        .bytes_text = inner.bytes_text,
        .average_length = inner.passages ? (double)inner.total_length / (double)inner.passages : 0,
    };
    if (in->json) {
        json_t *answer = tool_json_answer(in->fingerprint);
        tool_json_set_stats(answer, in->index, &stats);
        tool_json_set_count(answer, "texts", inner.texts);
        tool_json_set_count(answer, "bytes_gazetteer", names_size);
        return tool_json_print(answer, false) ? TOOL_FOUND : TOOL_ERROR;
    }
    const struct {
        const char *label;
        uint64_t number;
    } counts[] = {
        { "articles", stats.articles }, { "texts", inner.texts }, { "passages", stats.passages },
        { "terms", stats.terms }, { "postings", stats.postings }, { "segments", stats.segments },
        { "generation", stats.generation },
    };
    char text[TOOL_NUMBER], size[TOOL_NUMBER];
    printf("index        ");
    tool_print_safe(stdout, in->index);
    printf("\nengine       %s\nfingerprint  %s\n", stats.engine, in->fingerprint);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        printf("%-12s %s\n", counts[i].label, tool_number(counts[i].number, text));
    printf("terms a passage, on average  %.1f\n", stats.average_length);
    printf("text         %s\n", tool_bytes(stats.bytes_text, text));
    printf("on disk      %s", tool_bytes(stats.bytes_index, size));
    if (stats.bytes_text)
        printf(" (%.0f %% of the text)", 100.0 * (double)stats.bytes_index / (double)stats.bytes_text);
    putchar('\n');
    if (names_size)
        printf("gazetteer    %s of the user's own\n", tool_bytes(names_size, text));
    return TOOL_FOUND;
}

/* ---------------------------------------------------------------- main */

static nsearch_status open_gazetteer(inspect *in, nsearch_error *err)
{
    char *text = NULL;
    size_t size = 0;
    if (in->gazetteer) {
        char block[4096];
        size_t n;
        FILE *file = fopen(in->gazetteer, "r"), *all = open_memstream(&text, &size);
        bool fine = file && all;
        while (fine && (n = fread(block, 1, sizeof block, file)) > 0)
            fwrite(block, 1, n, all);
        fine = fine && !ferror(file);
        if (!fine)
            ns_error_system(err, "cannot read '%s'", in->gazetteer);
        if (file)
            fclose(file);
        if (all && fclose(all) && fine)
            fine = !ns_error_memory(err);
        if (!fine) {
            free(text);
            return err->status;
        }
    }
    nsearch_status status = ns_analyser_new(text, size, &in->analyser, err);
    free(text);
    return status ? status : ns_workspace_new(in->analyser, &in->workspace, err);
}

static int run_command(inspect *in, size_t command, char **words, int count)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    char *path = NULL;
    int code;
    bool listed = commands[command].run == inspect_cluster;
    if ((commands[command].needs_index || listed) && !(path = tool_index_path(in->index, NULL)))
        return TOOL_ERROR;
    in->index = path;
    if (listed) {
        code = tool_finish(inspect_cluster(in, words, count));
        free(path);
        return code;
    }
    nsearch_status status = path ? inspect_open(in, &err) : open_gazetteer(in, &err);
    if (status == NSEARCH_DAMAGED && commands[command].run == inspect_verify && in->backend && !in->view) {
        in->why = &err; /* it is about this */
        code = tool_finish(inspect_verify(in, words, count));
    } else if (status)
        code = path ? tool_failed(&err, path) : tool_error("%s", err.text);
    else
        code = tool_finish(commands[command].run(in, words, count));
    err = (nsearch_error)NSEARCH_ERROR_INIT;
    if (code != TOOL_ERROR && in->snapshot && in->backend->intact && in->backend->intact(in->snapshot, &err))
        code = tool_failed(&err, path); /* what was shown is worth nothing */
    inspect_close(in);
    free(path);
    return code;
}

/* 0 to go on, else 1 + exit code. */
static int read_options(int argc, char **argv, inspect *in, tool_colour *colour)
{
    unsigned long n;
    int option;
    while ((option = getopt_long(argc, argv, letters, long_options, NULL)) != -1)
        switch (option) {
        case 'i':
            in->index = optarg;
            break;
        case 'n':
            if (!tool_read_number("-n", optarg, 0, 1000000000, &n))
                return 1 + TOOL_ERROR;
            in->limit = n ? n : INSPECT_ALL;
            break;
        case GAZETTEER:
            in->gazetteer = optarg;
            break;
        case FIELDS:
            in->fields = optarg;
            break;
        case NO_SANDBOX:
            in->no_sandbox = true;
            break;
        case COLOUR:
            if (!tool_read_colour(optarg, colour))
                return 1 + TOOL_ERROR;
            break;
        case JSON:
            in->json = true;
            break;
        case 'h':
            fputs(help, stdout);
            return 1 + tool_finish(TOOL_FOUND);
        case 'V':
            return 1 + tool_print_version();
        default: /* an int, not an enum */
            return 1 + tool_bad_option(option, argv);
        }
    return 0;
}

int main(int argc, char **argv)
{
    int read = ns_confined_serve(argc, argv);
    if (read >= 0)
        return read;
    tool_start("nsearch-inspect");
    inspect in;
    tool_colour colour = TOOL_COLOUR_AUTO;
    memset(&in, 0, sizeof in);
    int code = read_options(argc, argv, &in, &colour);
    if (code)
        return code - 1;
    if (optind == argc)
        return tool_usage("no command: stats, terms, postings, article, groups, copies, verify, cluster or read");
    tool_page_init(&in.page, stdout, colour);
    ns_arena_init(&in.arena);
    for (size_t c = 0; c < COMMAND_COUNT; c++)
        if (!strcmp(argv[optind], commands[c].name)) {
            if (in.gazetteer && commands[c].needs_index)
                return tool_usage("--gazetteer goes with read; an index has its own");
            if (in.fields && commands[c].needs_index)
                return tool_usage("--fields goes with read");
            return run_command(&in, c, argv + optind + 1, argc - optind - 1);
        }
    return tool_usage("no command '%s'; there are stats, terms, postings, article, groups, copies, verify, cluster and read",
                      argv[optind]);
}
