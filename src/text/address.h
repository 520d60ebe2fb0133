/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * address.h - where a feed's partial entry and the page that it points to meet: a term made of the address, the
 * same for the spellings that feeds and pages give it.
 */
#ifndef NS_TEXT_ADDRESS_H
#define NS_TEXT_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "src/text/analysed.h"

/* The term of an article of this form ("page", "entry"; no others have one) with this address: its length, 0
 * for none. The front page of a site is no article's. */
size_t ns_address_term(const char *form, const char *url, char term[NS_TERM_MAX]);

#endif
