/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * variants.c - a sorted table of spellings, and the one ending that is regular enough for a rule.
 */
#include "src/text/variants.h"

#include <stdlib.h>
#include <string.h>

#include "src/text/spelling_table.h"

static int compare(const void *key, const void *item)
{
    return strcmp(key, ((const struct spelling *)item)->from);
}

/* Words in -isation are British throughout: "-ization" needs no list. */
static const char *by_rule(const char *word, size_t length)
{
    static _Thread_local char uniform[32];
    const char *at = length > 9 && length < sizeof uniform ? strstr(word, "isation") : NULL;
    if (!at || at - word < 3 || strlen(at) > 9)
        return NULL;
    memcpy(uniform, word, length + 1);
    uniform[at - word + 1] = 'z';
    return uniform;
}

const char *ns_variant(const char *word, size_t length)
{
    if (length < 2 || length >= 32)
        return NULL;
    char key[32];
    memcpy(key, word, length);
    key[length] = '\0';
    const struct spelling *found =
        bsearch(key, spellings, sizeof spellings / sizeof *spellings, sizeof *spellings, compare);
    return found ? found->to : by_rule(key, length);
}
