/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * tool_options.h - what the programs share in reading their command lines: the default index,
 * numbers, errors that say what to do next, exit codes.
 */
#ifndef NS_TOOLS_TOOL_OPTIONS_H
#define NS_TOOLS_TOOL_OPTIONS_H

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>

#include "src/nsearch.h"

/* Exit codes of all programs. */
enum {
    TOOL_FOUND = 0,  /* done; for a search: something was found */
    TOOL_NONE = 1,   /* a search or a look-up found nothing; a repair could not keep all */
    TOOL_ERROR = 2,
    TOOL_LOCKED = 3, /* another writer works on the index: nothing was done */
    TOOL_PARTIAL = 4 /* done with a part of a cluster only: a shard does not answer */
};

/* The program itself, also when it was replaced meanwhile: its main() begins with nsearch_read_confined. */
#define TOOL_READER "/proc/self/exe"

/* Values of long options without a letter begin here. */
#define TOOL_LONG_ONLY 256

/* Sets the name that errors begin with. To be called first. */
void tool_start(const char *name);
const char *tool_name(void);

/* 'given', else $NSEARCH_INDEX, else $XDG_DATA_HOME/nsearch/index, else ~/.local/share/nsearch/index. Heap; NULL
 * after an error that was printed. *is_default (may be NULL) says that none was named. */
char *tool_index_path(const char *given, bool *is_default);
/* Makes the folders above the default index. False after an error that was printed. */
bool tool_make_parents(const char *path);

/* False after an error that was printed. */
bool tool_read_number(const char *option, const char *text, unsigned long min, unsigned long max,
                      unsigned long *value);
bool tool_read_fraction(const char *option, const char *text, double min, double max, double *value);

/* Moves the words of a query behind a "--", so that getopt_long sees the options alone. Behind the first word
 * "-word" is a word to leave out and an option is only what stands alone ("-n 5", "--json"). Returns a new argv
 * (heap, *argc is updated) or NULL when memory is out. */
char **tool_part_query(int *argc, char **argv, const char *letters, const struct option *options);

/* Print "NAME: text" to standard error, safe for a terminal, and return TOOL_ERROR. */
int tool_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same with a pointer to --help. */
int tool_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same for what getopt_long refused; argv[optind - 1] is at fault. */
int tool_bad_option(int answer, char **argv);
/* Prints a failed call and what to do next; 'index' is its path. Returns the exit code. */
int tool_failed(const nsearch_error *err, const char *index);
/* Prints the version. */
int tool_print_version(void);
/* Flushes standard output; TOOL_ERROR when that failed, else 'code'. */
int tool_finish(int code);

#endif
