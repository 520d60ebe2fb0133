/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * variants.h - British and other spellings to one form (the American one, as the stemmer expects it),
 * and the clipped words of the wire: mln, pct, dlrs.
 */
#ifndef NS_TEXT_VARIANTS_H
#define NS_TEXT_VARIANTS_H

#include <stddef.h>

/* The uniform spelling of a folded word, or NULL when it is uniform already. Valid until the next call in
 * this thread. */
const char *ns_variant(const char *word, size_t length);

#endif
