/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * nsearch.c - the program nsearch: asks an index one query, or all the queries of a file.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/search_print.h"
#include "tools/timeline_print.h"
#include "tools/tool_options.h"
#include "tools/tool_print.h"

static const char help[] =
    "Usage: nsearch [OPTION]... QUERY...\n"
    "       nsearch [OPTION]... --queries FILE\n"
    "Find the passages of news articles that answer a query, best first, copies of one story under one head.\n"
    "\n"
    "  -i, --index INDEX      the index [$NSEARCH_INDEX, else $XDG_DATA_HOME/nsearch/index]\n"
    "  -n, --limit N          show up to N articles, to 10000 [10; 1000 with --trec]\n"
    "  -p, --passages N       show up to N passages of an article, to 20; 0: headlines only [3]\n"
    "      --sort ORDER       relevance; of all that matches: date, newest first, or oldest first [relevance]\n"
    "      --facets NAMES     count names in all that matches: some of person,place,org,source\n"
    "      --facet-values N   show the N most frequent of each, to 1000 [10]\n"
    "      --timeline BY      count all that matches by day, week or month\n"
    "      --recency DAYS     prefer new articles: one DAYS old counts three quarters, none less than half\n"
    "      --copies HOW       fold: under the best of them; all: as articles of their own [fold]\n"
    "      --plain            take the query as words only, without operators\n"
    "      --explain          show how the query was read and what each score is made of\n"
    "      --entity-weight W  how much names count, 0 to 10 [0.25]\n"
    "      --color WHEN       auto, always or never; auto heeds NO_COLOR [auto]\n"
    "      --json             answer in JSON\n"
    "      --queries FILE     answer the queries in FILE (\"-\": standard input), one a line: id<TAB>query\n"
    "      --trec TAG         with --queries: print rows \"id Q0 article rank score TAG\"; queries are words\n"
    "                         only and copies are kept\n"
    "      --times            tell the time each query took; with --queries a summary at the end\n"
    "      --first-stage      rank by the best passage's first-stage score alone\n"
    "      --exhaustive       score every match: slower, the same answer\n"
    "  -h, --help             print this help\n"
    "  -V, --version          print the version\n"
    "\n"
    "A query is words; articles that hold more of them, and rarer ones, come first. Beyond words:\n"
    "  \"pay a price\"          a phrase                 kim -trump      without a word\n"
    "  +must word             a word that must occur   a OR b          either; also AND, NOT, ( )\n"
    "  kim w/5 putin          close together           artiller*       words that begin so\n"
    "  kim /s putin           in one sentence          kim /p putin    in one paragraph\n"
    "  said:\"pay a price\" by:miller                   what somebody is quoted with\n"
    "  title:summit           in the headline          source:reuters  of an outlet\n"
    "  person:kim place:russia org:nato                names of people, places, organisations\n"
    "  after:2023-09 before:2023-10-15 date:yesterday  published then, the days named included\n"
    "\n"
    "Examples:\n"
    "  nsearch artillery shells                        the words need no quotes of the shell\n"
    "  nsearch '\"pay a price\"'                         a phrase does\n"
    "  nsearch -n 3 -p 1 DPRK after:2023-09            also finds \"North Korea\"\n"
    "  nsearch --queries topics.tsv --trec bm25 > run  a run for an evaluation\n"
    "\n"
    "Exit status: 0 found; 1 nothing found; 2 error; 4 found or not, but without a shard that does not answer.\n";

static const char letters[] = ":i:n:p:hV";
enum {
    SORT = TOOL_LONG_ONLY,
    FACETS,
    FACET_VALUES,
    TIMELINE,
    RECENCY,
    COPIES,
    PLAIN,
    EXPLAIN,
    ENTITY_WEIGHT,
    COLOUR,
    JSON,
    QUERIES,
    TREC,
    TIMES,
    FIRST_STAGE,
    EXHAUSTIVE
};
static const struct option long_options[] = {
    { "index", required_argument, NULL, 'i' },
    { "limit", required_argument, NULL, 'n' },
    { "passages", required_argument, NULL, 'p' },
    { "sort", required_argument, NULL, SORT },
    { "facets", required_argument, NULL, FACETS },
    { "facet-values", required_argument, NULL, FACET_VALUES },
    { "timeline", required_argument, NULL, TIMELINE },
    { "recency", required_argument, NULL, RECENCY },
    { "copies", required_argument, NULL, COPIES },
    { "plain", no_argument, NULL, PLAIN },
    { "explain", no_argument, NULL, EXPLAIN },
    { "entity-weight", required_argument, NULL, ENTITY_WEIGHT },
    { "color", required_argument, NULL, COLOUR },
    { "colour", required_argument, NULL, COLOUR },
    { "json", no_argument, NULL, JSON },
    { "queries", required_argument, NULL, QUERIES },
    { "trec", required_argument, NULL, TREC },
    { "times", no_argument, NULL, TIMES },
    { "first-stage", no_argument, NULL, FIRST_STAGE },
    { "exhaustive", no_argument, NULL, EXHAUSTIVE },
    { "help", no_argument, NULL, 'h' },
    { "version", no_argument, NULL, 'V' },
    { NULL, 0, NULL, 0 },
};

/* ---------------------------------------------------------------- options */

static bool read_sort(const char *text, nsearch_sort *sort)
{
    if (!strcmp(text, "relevance"))
        *sort = NSEARCH_SORT_RELEVANCE;
    else if (!strcmp(text, "date"))
        *sort = NSEARCH_SORT_DATE;
    else if (!strcmp(text, "oldest"))
        *sort = NSEARCH_SORT_OLDEST;
    else {
        tool_usage("--sort takes relevance, date or oldest, not '%s'", text);
        return false;
    }
    return true;
}

static bool read_limit(const char *text, size_t *limit)
{
    unsigned long n;
    if (!tool_read_number("-n", text, 1, 10000, &n))
        return false;
    *limit = n;
    return true;
}

static bool read_passages(const char *text, nsearch_search_options *search)
{
    unsigned long n;
    if (!tool_read_number("-p", text, 0, 20, &n))
        return false;
    search->snippets = n > 0;
    search->passages = n ? n : 1;
    return true;
}

/* What goes together; 0 or 1 + exit code. */
static int check_options(search_settings *set, bool limit_named, int words)
{
    if (set->trec && !set->queries)
        return 1 + tool_usage("--trec needs --queries FILE");
    if (set->trec && set->json)
        return 1 + tool_usage("--trec and --json are two forms of the answer: choose one");
    if (set->trec && (!*set->trec || strpbrk(set->trec, " \t\r\n")))
        return 1 + tool_usage("--trec takes a tag without blanks");
    if (set->queries && words)
        return 1 + tool_usage("with --queries the queries stand in the file: '%s' is one too many",
                              set->queries);
    if (!set->queries && !words)
        return 1 + tool_usage("no query: type the words to look for");
    if (set->trec) {
        set->search.plain = 1;
        set->search.keep_copies = 1;
        set->search.snippets = 0;
        set->search.passages = 1;
        if (!limit_named)
            set->search.limit = 1000;
    }
    return 0;
}

/* 0 to go on, else 1 + exit code. */
static bool read_copies(const char *text, int *keep)
{
    *keep = !strcmp(text, "all");
    if (!*keep && strcmp(text, "fold") != 0) {
        tool_usage("--copies takes fold or all, not '%s'", text);
        return false;
    }
    return true;
}

static int read_options(int argc, char **argv, search_settings *set)
{
    bool fine = true, limit_named = false;
    unsigned long number = 0;
    int option;
    while (fine && (option = getopt_long(argc, argv, letters, long_options, NULL)) != -1)
        switch (option) {
        case 'i':
            set->index = optarg;
            break;
        case 'n':
            fine = limit_named = read_limit(optarg, &set->search.limit);
            break;
        case 'p':
            fine = read_passages(optarg, &set->search);
            break;
        case SORT:
            fine = read_sort(optarg, &set->search.sort);
            break;
        case FACETS:
            set->search.facets = optarg;
            break;
        case FACET_VALUES:
            fine = tool_read_number("--facet-values", optarg, 1, 1000, &number);
            set->search.facet_values = number;
            break;
        case TIMELINE:
            fine = timeline_read_interval(optarg, &set->search.timeline);
            break;
        case RECENCY:
            fine = tool_read_fraction("--recency", optarg, 0, 1000000, &set->search.recency_days);
            break;
        case COPIES:
            fine = read_copies(optarg, &set->search.keep_copies);
            break;
        case PLAIN:
            set->search.plain = 1;
            break;
        case EXPLAIN:
            set->search.explain = 1;
            break;
        case ENTITY_WEIGHT:
            fine = tool_read_fraction("--entity-weight", optarg, 0, 10, &set->search.entity_weight);
            break;
        case COLOUR:
            fine = tool_read_colour(optarg, &set->colour);
            break;
        case JSON:
            set->json = true;
            break;
        case QUERIES:
            set->queries = optarg;
            break;
        case TREC:
            set->trec = optarg;
            break;
        case TIMES:
            set->times = true;
            break;
        case FIRST_STAGE:
            set->search.first_stage = 1;
            break;
        case EXHAUSTIVE:
            set->search.exhaustive = 1;
            break;
        case 'h':
            fputs(help, stdout);
            return 1 + tool_finish(TOOL_FOUND);
        case 'V':
            return 1 + tool_print_version();
        default: /* an int, not an enum */
            return 1 + tool_bad_option(option, argv);
        }
    return fine ? check_options(set, limit_named, argc - optind) : 1 + TOOL_ERROR;
}

/* ---------------------------------------------------------------- one query */

/* The words with one blank between them; heap. */
static char *join_words(char **words, int count)
{
    size_t n = 1;
    for (int i = 0; i < count; i++)
        n += strlen(words[i]) + 1;
    char *query = malloc(n), *end = query;
    for (int i = 0; query && i < count; i++) {
        if (i)
            *end++ = ' ';
        end = stpcpy(end, words[i]);
    }
    if (query)
        *end = '\0';
    return query;
}

/* Answers a query and prints it; *seconds is what the search took. Returns an exit code. */
static int answer(const search_settings *set, nsearch_index *index, const char *id, const char *query,
                  double *seconds)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_result *result = NULL;
    double begin = tool_clock();
    if (nsearch_search(index, query, &set->search, &result, &err))
        return tool_failed(&err, set->index);
    *seconds = tool_clock() - begin;
    int code = nsearch_result_partial(result) ? TOOL_PARTIAL : nsearch_result_count(result) ? TOOL_FOUND : TOOL_NONE;
    if (set->trec) {
        search_print_trec(set, id, result);
    } else if (set->json) {
        if (!search_print_json(set, id, query, result, *seconds))
            code = TOOL_ERROR;
    } else {
        if (id) {
            tool_page page;
            tool_page_init(&page, stdout, set->colour);
            tool_print_styled(&page, TOOL_BOLD, "== ");
            tool_print_styled(&page, TOOL_BOLD, id);
            tool_print_styled(&page, TOOL_BOLD, ": ");
            tool_print_styled(&page, TOOL_BOLD, query);
            fputs("\n\n", stdout);
        }
        search_print_page(set, result, *seconds);
        if (id)
            putchar('\n');
    }
    nsearch_result_free(result);
    return code;
}

/* ---------------------------------------------------------------- a file of queries */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void print_times(double *seconds, size_t count)
{
    if (!count)
        return;
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += seconds[i];
    qsort(seconds, count, sizeof *seconds, by_value);
    fprintf(stderr, "%zu queries: mean %.3f ms, median %.3f ms, p99 %.3f ms, slowest %.3f ms\n", count,
            1000 * sum / (double)count, 1000 * seconds[count / 2], 1000 * seconds[(count - 1) * 99 / 100],
            1000 * seconds[count - 1]);
}

/* Splits a line in place; a line without a tab is a query that has its number for an id. */
static const char *part_line(char *line, size_t number, char id[24], char **query)
{
    line[strcspn(line, "\r\n")] = '\0';
    if (number == 1 && !strncmp(line, "\xef\xbb\xbf", 3))
        line += 3;
    char *tab = strchr(line, '\t');
    if (!tab) {
        snprintf(id, 24, "%zu", number);
        *query = line;
        return id;
    }
    *tab = '\0';
    *query = tab + 1;
    return line;
}

static int answer_file(const search_settings *set, nsearch_index *index)
{
    bool from_stdin = !strcmp(set->queries, "-");
    FILE *in = from_stdin ? stdin : fopen(set->queries, "r");
    if (!in)
        return tool_error("cannot read '%s': %s", set->queries, strerror(errno));
    char *line = NULL, number_id[24];
    size_t capacity = 0, number = 0, count = 0, room = 0;
    double *seconds = NULL;
    int code = TOOL_NONE;
    while (code != TOOL_ERROR && getline(&line, &capacity, in) >= 0) {
        char *query;
        const char *id = part_line(line, ++number, number_id, &query);
        if (!query[strspn(query, " \t")])
            continue;
        if (count == room) {
            double *more = reallocarray(seconds, room ? 2 * room : 1024, sizeof *seconds);
            if (!more) {
                code = tool_error("out of memory");
                break;
            }
            seconds = more;
            room = room ? 2 * room : 1024;
        }
        int found = answer(set, index, id, query, seconds + count++);
        if (from_stdin)
            fflush(stdout); /* whoever asks may wait for the answer before he asks on */
        code = found == TOOL_ERROR || code == TOOL_NONE || found == TOOL_PARTIAL ? found : code;
    }
    if (ferror(in))
        code = tool_error("cannot read '%s': %s", set->queries, strerror(errno));
    else if (code != TOOL_ERROR && !count)
        code = tool_error("no query in '%s'", set->queries);
    if (set->times && code != TOOL_ERROR)
        print_times(seconds, count);
    free(seconds);
    free(line);
    if (!from_stdin)
        fclose(in);
    return code;
}

/* ---------------------------------------------------------------- main */

static int search(search_settings *set, char **words, int count)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_index *index = NULL;
    if (nsearch_open(set->index, NULL, &index, &err)) {
        nsearch_close(index);
        return tool_failed(&err, set->index);
    }
    int code;
    if (set->queries) {
        code = answer_file(set, index);
    } else {
        double seconds = 0;
        char *query = join_words(words, count);
        code = query ? answer(set, index, NULL, query, &seconds) : tool_error("out of memory");
        free(query);
    }
    nsearch_close(index);
    return code;
}

int main(int argc, char **argv)
{
    tool_start("nsearch");
    search_settings set;
    memset(&set, 0, sizeof set);
    set.search = (nsearch_search_options)NSEARCH_SEARCH_OPTIONS_INIT;
    char **parted = tool_part_query(&argc, argv, letters, long_options);
    if (!parted)
        return tool_error("out of memory");
    char *path = NULL;
    int code = read_options(argc, parted, &set);
    if (code) {
        code--;
    } else {
        set.index = path = tool_index_path(set.index, NULL);
        code = path ? tool_finish(search(&set, parted + optind, argc - optind)) : TOOL_ERROR;
    }
    free(path);
    free(parted);
    return code;
}
