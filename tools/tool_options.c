/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * tool_options.c - the default index, numbers on the command line, errors that say what to do next.
 */
#include "tools/tool_options.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/tool_print.h"

static const char *program = "nsearch";

void tool_start(const char *name)
{
    program = name;
    (void)nsearch_guard(NULL); /* without it only the message would be worse */
}

const char *tool_name(void)
{
    return program;
}

/* ---------------------------------------------------------------- errors */

static void report(const char *format, va_list arguments) __attribute__((format(printf, 1, 0)));
static void report(const char *format, va_list arguments)
{
    char *text = NULL;
    if (vasprintf(&text, format, arguments) < 0)
        text = NULL;
    /* Progress on a terminal leaves the cursor in a line of its own making. */
    fflush(stdout);
    fprintf(stderr, "%s: ", program);
    tool_print_safe(stderr, text ? text : "out of memory");
    fputc('\n', stderr);
    free(text);
}

int tool_error(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    report(format, arguments);
    va_end(arguments);
    return TOOL_ERROR;
}

int tool_usage(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    report(format, arguments);
    va_end(arguments);
    fprintf(stderr, "Try '%s --help'.\n", program);
    return TOOL_ERROR;
}

int tool_bad_option(int answer, char **argv)
{
    const char *at = argv[optind - 1];
    if (answer == ':')
        return tool_usage("option '%s' needs a value", at);
    if (optopt && optopt < TOOL_LONG_ONLY)
        return tool_usage("unknown option '-%c' (words that begin with '-' go behind '--')", optopt);
    if (optopt)
        return tool_usage("option '%s' takes no value", at);
    return tool_usage("unknown or ambiguous option '%s'", at);
}

static int failed_to_read_or_write(const nsearch_error *err, const char *index)
{
    bool writes = !strcmp(program, "nsearch-index") || !strcmp(program, "nsearch-rebuild");
    if (writes && access(index, F_OK))
        return tool_error("%s\nnothing was written; run this again when the cause is gone", err->text);
    if (writes)
        return tool_error("%s\nindex '%s' is as its last commit left it; run this again when the cause is gone", err->text, index);
    return tool_error("%s\nindex '%s' could not be read", err->text, index);
}

int tool_failed(const nsearch_error *err, const char *index)
{
    switch (err->status) {
    case NSEARCH_NOT_FOUND:
        if (strcmp(program, "nsearch-index"))
            return tool_error("no index at '%s': build one with 'nsearch-index -i %s PATH...'", index, index);
        return tool_error("%s", err->text);
    case NSEARCH_DAMAGED:
        return tool_error("%s\n'nsearch-inspect -i %s verify' tells what is damaged; "
                          "'nsearch-rebuild -i %s --only-damaged PATH...' with the sources puts it right",
                          err->text, index, index);
    case NSEARCH_LOCKED:
        tool_error("%s\nnothing was done; try again when the other writer has finished", err->text);
        return TOOL_LOCKED;
    case NSEARCH_IO:
        return failed_to_read_or_write(err, index);
    case NSEARCH_UNCONFINED:
        return tool_error("%s\nnothing was read; articles that you trust can be read with --no-sandbox", err->text);
    case NSEARCH_NO_MEMORY:
    case NSEARCH_OK:
    case NSEARCH_SKIPPED:
    case NSEARCH_INVALID:
    case NSEARCH_UNSUPPORTED:
    case NSEARCH_CANCELLED:
    case NSEARCH_UNREACHABLE:
    case NSEARCH_CHANGED:
        break;
    }
    return tool_error("%s", err->text[0] ? err->text : nsearch_status_name(err->status));
}

int tool_print_version(void)
{
    printf("%s %s\nengines: native%s\n", program, nsearch_version(),
           nsearch_has_engine("xapian") ? ", xapian" : "");
    return tool_finish(TOOL_FOUND);
}

int tool_finish(int code)
{
    if (fflush(stdout) || ferror(stdout))
        return tool_error("cannot write to standard output: %s", strerror(errno));
    return code;
}

/* ---------------------------------------------------------------- the index */

static char *join(const char *folder, const char *rest)
{
    char *path = NULL;
    return asprintf(&path, "%s/%s", folder, rest) < 0 ? NULL : path;
}

char *tool_index_path(const char *given, bool *is_default)
{
    const char *named = given ? given : getenv("NSEARCH_INDEX");
    if (is_default)
        *is_default = !named || !*named;
    if (given && !*given) {
        tool_usage("the name of the index is empty");
        return NULL;
    }
    char *path = NULL;
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    if (named && *named)
        path = strdup(named);
    else if (data && *data == '/') /* a relative one is to be ignored, says its specification */
        path = join(data, "nsearch/index");
    else if (home && *home)
        path = join(home, ".local/share/nsearch/index");
    else {
        tool_usage("no index named: give -i INDEX or set NSEARCH_INDEX");
        return NULL;
    }
    if (!path)
        tool_error("out of memory");
    return path;
}

bool tool_make_parents(const char *path)
{
    char *copy = strdup(path);
    if (!copy) {
        tool_error("out of memory");
        return false;
    }
    bool fine = true;
    for (char *slash = copy + 1; fine && (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        if (mkdir(copy, 0777) && errno != EEXIST) {
            tool_error("cannot make folder '%s': %s", copy, strerror(errno));
            fine = false;
        }
        *slash = '/';
    }
    free(copy);
    return fine;
}

/* ---------------------------------------------------------------- numbers */

bool tool_read_number(const char *option, const char *text, unsigned long min, unsigned long max,
                      unsigned long *value)
{
    char *end = NULL;
    errno = 0;
    unsigned long n = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno || n < min || n > max) {
        tool_usage("%s takes a number from %lu to %lu, not '%s'", option, min, max, text);
        return false;
    }
    *value = n;
    return true;
}

bool tool_read_fraction(const char *option, const char *text, double min, double max, double *value)
{
    char *end = NULL;
    errno = 0;
    double x = strtod(text, &end);
    if (end == text || *end || errno || !isfinite(x) || x < min || x > max) {
        tool_usage("%s takes a number from %g to %g, not '%s'", option, min, max, text);
        return false;
    }
    *value = x;
    return true;
}

/* ---------------------------------------------------------------- words and options */

/* How many arguments the option 'word' takes up: 1 or 2; 0 when it is none. 'strict' wants it to stand alone. */
static int option_size(const char *word, bool strict, const char *letters, const struct option *options)
{
    if (word[0] != '-' || !word[1])
        return 0;
    if (word[1] == '-') {
        size_t n = strcspn(word + 2, "=");
        int matches = 0, size = 0;
        for (const struct option *o = options; o->name; o++) {
            if (strncmp(o->name, word + 2, n))
                continue;
            size = o->has_arg == required_argument && !word[2 + n] ? 2 : 1;
            if (strlen(o->name) == n)
                return size;
            matches++;
        }
        return matches == 1 ? size : strict ? 0 : 1;
    }
    const char *known = word[1] == ':' ? NULL : strchr(letters, word[1]);
    bool takes_value = known && known[1] == ':';
    if (word[2])
        return strict ? 0 : 1;
    return !known ? !strict : takes_value ? 2 : 1;
}

char **tool_part_query(int *argc, char **argv, const char *letters, const struct option *options)
{
    static char end_of_options[] = "--";
    int n = *argc, count = 0, word_count = 0;
    char **parted = calloc((size_t)n + 2, sizeof *parted);
    char **words = calloc((size_t)n + 1, sizeof *words);
    if (!parted || !words) {
        free(parted);
        free(words);
        return NULL;
    }
    bool all_words = false, value_missing = false;
    if (n)
        parted[count++] = argv[0];
    for (int i = 1; i < n; i++) {
        int size = all_words ? 0 : option_size(argv[i], word_count > 0, letters, options);
        if (!all_words && !strcmp(argv[i], "--")) {
            all_words = true;
        } else if (size == 0) {
            words[word_count++] = argv[i];
        } else {
            parted[count++] = argv[i];
            value_missing = size == 2 && i + 1 == n;
            if (size == 2 && !value_missing)
                parted[count++] = argv[++i];
        }
    }
    /* A last option without its value must not take "--" for it: getopt_long is to complain. */
    if (!value_missing) {
        parted[count++] = end_of_options;
        memcpy(parted + count, words, (size_t)word_count * sizeof *words);
        count += word_count;
    }
    free(words);
    *argc = count;
    return parted;
}
