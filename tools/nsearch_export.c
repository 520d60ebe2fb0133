/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * nsearch_export.c - the program nsearch-export: writes the articles of an index, with what analysis made of them, as
 * the lines that the bulk interface of OpenSearch and Elasticsearch takes. One article is in memory at a time. Like
 * nsearch-inspect it links the inner library.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/base/day.h"
#include "tools/export.h"
#include "tools/tool_json.h"
#include "tools/tool_options.h"

#define QUERY_LIMIT 10000    /* articles that one search gives */
#define PROGRESS_SECONDS 0.2 /* between two lines of progress */

static const char help[] =
    "Usage: nsearch-export [OPTION]...\n"
    "Write the articles of an index, with their names, quotations and groups of copies, as JSON lines in the\n"
    "bulk form of OpenSearch and Elasticsearch: a line that says where to, a line with the article.\n"
    "\n"
    "  -i, --index INDEX      the index, or a list of shards [$NSEARCH_INDEX, else $XDG_DATA_HOME/nsearch/index]\n"
    "      --name NAME        the index there [news]\n"
    "      --mapping          print what the index there is to be made with (analysers, fields), and end\n"
    "      --documents        articles only, without the lines that say where to\n"
    "      --passages         the passages of each article, too, as nested documents\n"
    "      --since DATE       articles of this day and later: 2023, 2023-09 or 2023-09-11\n"
    "      --until DATE       articles of this day and earlier; those of unknown date go with neither\n"
    "      --query QUERY      only articles that match, best first, copies too; at most 10,000\n"
    "  -n, --limit N          at most N articles, 0: all [0]\n"
    "  -q, --quiet            no progress, errors only\n"
    "  -h, --help             print this help\n"
    "  -V, --version          print the version\n"
    "\n"
    "Examples:\n"
    "  nsearch-export --mapping | curl -s -XPUT localhost:9200/news -H 'Content-Type: application/json' -d @-\n"
    "  nsearch-export | split -l 4000 --filter='curl -sf localhost:9200/_bulk --data-binary @- \\\n"
    "      -H \"Content-Type: application/x-ndjson\"' >answers\n"
    "                                                  send all to OpenSearch, 2,000 articles at a time\n"
    "  nsearch-export --documents --since 2024-01 | zstd >2024.jsonl.zst\n"
    "\n"
    "Exit status: 0 done; 1 nothing to write; 2 error, or not all was written.\n";

static const char letters[] = ":i:n:qhV";
enum { NAME = TOOL_LONG_ONLY, MAPPING, DOCUMENTS, PASSAGES, SINCE, UNTIL, QUERY };
static const struct option long_options[] = {
    { "index", required_argument, NULL, 'i' },
    { "name", required_argument, NULL, NAME },
    { "mapping", no_argument, NULL, MAPPING },
    { "documents", no_argument, NULL, DOCUMENTS },
    { "passages", no_argument, NULL, PASSAGES },
    { "since", required_argument, NULL, SINCE },
    { "until", required_argument, NULL, UNTIL },
    { "query", required_argument, NULL, QUERY },
    { "limit", required_argument, NULL, 'n' },
    { "quiet", no_argument, NULL, 'q' },
    { "help", no_argument, NULL, 'h' },
    { "version", no_argument, NULL, 'V' },
    { NULL, 0, NULL, 0 },
};

typedef struct export {
    inspect in;
    ns_stories *stories;
    const char *name, *query;
    int32_t first, last; /* days */
    bool dated;          /* only articles of those */
    bool mapping, documents, passages, quiet;
    uint64_t limit, written, total; /* total: live articles, for the progress */
    double begun, told;
    bool line_open;
    nsearch_status status;
    nsearch_error err;
} export;

/* ---------------------------------------------------------------- one article */

static void tell_progress(export *x)
{
    double now = tool_clock();
    if (x->quiet || !isatty(STDERR_FILENO) || now - x->told < PROGRESS_SECONDS)
        return;
    char a[TOOL_NUMBER], b[TOOL_NUMBER];
    x->told = now;
    fprintf(stderr, "\r\033[Kexporting: %s of at most %s articles, %.0f a second", tool_number(x->written, a),
            tool_number(x->total, b), (double)x->written / (now - x->begun + 1e-9));
    fflush(stderr);
    x->line_open = true;
}

static bool wanted(const export *x, const ns_article_columns *columns)
{
    int32_t day = ns_article_day(columns);
    return !x->dated || (day != NS_DAY_UNKNOWN && day >= x->first && day <= x->last);
}

/* False when the export is over: the limit is reached, or something failed. */
static bool write_article(const ns_article_columns *columns, void *user)
{
    export *x = user;
    if (!wanted(x, columns))
        return true;
    json_t *document = NULL;
    ns_arena_reset(&x->in.arena);
    x->status = export_document(&x->in, x->stories, columns, x->passages, &document, &x->err);
    if (x->status)
        return false;
    bool fine = x->documents || tool_json_print(export_action(x->name, json_string_value(json_object_get(document, "id"))), true);
    if (!fine)
        json_decref(document);
    /* A pipe that nobody reads is no reason to go on to the end of a large index. */
    if (!fine || !tool_json_print(document, true) || ferror(stdout)) {
        x->status = NSEARCH_IO;
        return false;
    }
    x->written++;
    tell_progress(x);
    return !x->limit || x->written < x->limit;
}

/* ---------------------------------------------------------------- which articles */

static nsearch_status write_found(export *x, const char *id)
{
    uint32_t docid;
    ns_stored stored;
    ns_article_columns columns;
    ns_arena_reset(&x->in.arena);
    nsearch_status status = inspect_find(&x->in, id, &docid, &stored, &x->err);
    if (!status)
        status = x->in.backend->columns(x->in.snapshot, docid, &columns, &x->err);
    if (status == NSEARCH_NOT_FOUND) { /* removed since the search */
        x->err = (nsearch_error)NSEARCH_ERROR_INIT;
        return NSEARCH_OK;
    }
    if (!status)
        write_article(&columns, x);
    return status ? status : x->status;
}

static nsearch_status export_query(export *x)
{
    nsearch_index *index = NULL;
    nsearch_result *result = NULL;
    nsearch_search_options options = NSEARCH_SEARCH_OPTIONS_INIT;
    options.limit = QUERY_LIMIT;
    options.keep_copies = 1;
    options.snippets = 0;
    nsearch_status status = nsearch_open(x->in.index, NULL, &index, &x->err);
    if (!status)
        status = nsearch_search(index, x->query, &options, &result, &x->err);
    if (!status) {
        int at_least;
        uint64_t found = nsearch_result_found(result, &at_least);
        size_t count = nsearch_result_count(result);
        x->total = count;
        for (size_t i = 0; !status && i < count && (!x->limit || x->written < x->limit); i++)
            status = write_found(x, nsearch_result_hit(result, i)->id);
        if (!status && count == QUERY_LIMIT && found > count && (!x->limit || x->written < x->limit)) {
            ns_error_set(&x->err, NSEARCH_UNSUPPORTED,
                         "only the best %d articles were written, and more match: make the query narrower, for example "
                         "with after: and before:", QUERY_LIMIT);
            status = NSEARCH_UNSUPPORTED;
        }
    }
    nsearch_result_free(result);
    nsearch_close(index);
    return status;
}

static nsearch_status open_index(export *x)
{
    inspect *in = &x->in;
    ns_snapshot_stats stats;
    nsearch_status status = inspect_open(in, &x->err);
    if (!status)
        status = in->backend->stats(in->snapshot, &stats, &x->err);
    if (!status && !(x->stories = ns_stories_new()))
        status = ns_error_memory(&x->err);
    if (!status)
        status = ns_stories_make(x->stories, in->snapshot, &x->err);
    if (!status)
        x->total = stats.articles;
    return status;
}

static int export_index(export *x)
{
    inspect *in = &x->in;
    char *path = tool_index_path(in->index, NULL);
    if (!path)
        return TOOL_ERROR;
    in->index = path;
    ns_arena_init(&in->arena);
    x->begun = tool_clock();
    nsearch_status status = open_index(x);
    if (!status)
        status = x->query ? export_query(x) : in->backend->articles(in->snapshot, write_article, x, &x->err);
    if (!status)
        status = x->status;
    if (!status && in->backend->intact)
        status = in->backend->intact(in->snapshot, &x->err);
    if (x->line_open)
        fputs("\r\033[K", stderr);
    int code = x->written ? TOOL_FOUND : TOOL_NONE;
    if (status && x->err.status)
        code = tool_failed(&x->err, path);
    else if (status) /* tool_finish tells why */
        code = TOOL_ERROR;
    if (!x->quiet && isatty(STDERR_FILENO) && code != TOOL_ERROR) {
        char a[TOOL_NUMBER];
        fprintf(stderr, "%s article%s written in %.1f s\n", tool_number(x->written, a), TOOL_S(x->written),
                tool_clock() - x->begun);
    }
    ns_stories_free(x->stories);
    inspect_close(in);
    free(path);
    return tool_finish(code);
}

/* ---------------------------------------------------------------- main */

static bool read_day(const char *option, const char *text, int32_t *first, int32_t *last)
{
    int32_t none;
    if (ns_day_parse_iso(text, first ? first : &none, last ? last : &none))
        return true;
    tool_usage("%s takes a date as 2023, 2023-09 or 2023-09-11, not '%s'", option, text);
    return false;
}

/* What the engines there take as the name of an index: lower case, and no sign that means something. */
static bool is_index_name(const char *name)
{
    return *name && strlen(name) <= 255 && !strchr("-_+.", *name) && !strpbrk(name, " \"*\\<|,>/?#:") &&
           !strpbrk(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
}

/* 0 to go on, else 1 + exit code. */
static int read_options(int argc, char **argv, export *x)
{
    unsigned long n;
    int option;
    while ((option = getopt_long(argc, argv, letters, long_options, NULL)) != -1)
        switch (option) {
        case 'i':
            x->in.index = optarg;
            break;
        case 'n':
            if (!tool_read_number("-n", optarg, 0, 1000000000, &n))
                return 1 + TOOL_ERROR;
            x->limit = n;
            break;
        case NAME:
            if (!is_index_name(optarg))
                return 1 + tool_usage("--name takes the name of an index there, in lower case, not '%s'", optarg);
            x->name = optarg;
            break;
        case MAPPING:
            x->mapping = true;
            break;
        case DOCUMENTS:
            x->documents = true;
            break;
        case PASSAGES:
            x->passages = true;
            break;
        case SINCE:
            if (!read_day("--since", optarg, &x->first, NULL))
                return 1 + TOOL_ERROR;
            x->dated = true;
            break;
        case UNTIL:
            if (!read_day("--until", optarg, NULL, &x->last))
                return 1 + TOOL_ERROR;
            x->dated = true;
            break;
        case QUERY:
            x->query = optarg;
            break;
        case 'q':
            x->quiet = true;
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
        return 1 + tool_usage("unexpected argument '%s': the index is named with -i, words with --query", argv[optind]);
    return 0;
}

int main(int argc, char **argv)
{
    tool_start("nsearch-export");
    export x;
    memset(&x, 0, sizeof x);
    x.name = "news";
    x.first = NS_DAY_MIN;
    x.last = NS_DAY_MAX;
    int code = read_options(argc, argv, &x);
    if (code)
        return code - 1;
    if (x.mapping)
        return tool_finish(tool_json_print(export_mapping(), false) ? TOOL_FOUND : TOOL_ERROR);
    return export_index(&x);
}
