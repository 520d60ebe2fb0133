/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * quote_words.h - words that tell who speaks.
 */
#ifndef NS_TEXT_QUOTE_WORDS_H
#define NS_TEXT_QUOTE_WORDS_H

#include "src/text/lexicon.h"

enum {
    NS_SAY_SPEECH = 1,  /* said: may stand before its subject */
    NS_SAY_ACT = 2,     /* called, warned of: someone's words follow in the same sentence */
    NS_SAY_PASSIVE = 4, /* told, asked: of whom it is said that he was, he does not speak */
    NS_SAY_HE = 8,
    NS_SAY_SHE = 16,
    NS_SAY_IT = 32,     /* it, they, who: someone named before */
    NS_SAY_BETWEEN = 64, /* also, later, has: between subject and verb */
    NS_SAY_LINK = 128,   /* of, for, in: what follows belongs to what is before */
    NS_SAY_NONE = 256,   /* after a verb: no subject follows */
    NS_SAY_MALE = 512,   /* Mr, king, and given names */
    NS_SAY_FEMALE = 1024
};

/* What the word is, 0 for most. */
unsigned ns_quote_word(const ns_word *word);

#endif
