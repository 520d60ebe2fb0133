/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * name_words.h - what a word says about a name that it stands in or beside.
 */
#ifndef NS_TEXT_NAME_WORDS_H
#define NS_TEXT_NAME_WORDS_H

#include <stddef.h>
#include <stdint.h>

enum {
    NS_NAME_COMMON = 1,         /* an ordinary word: a capital at the start of a sentence means nothing */
    NS_NAME_FIRST = 2,          /* a given name */
    NS_NAME_TITLE = 4,          /* President, Mr: a person follows */
    NS_NAME_HONORIFIC = 8,      /* Mr, Sen: a title that is nothing else */
    NS_NAME_ORG = 16,           /* University, Ministry, Party */
    NS_NAME_LEGAL = 32,         /* Inc, Ltd: left out of the name */
    NS_NAME_PLACE = 64,         /* River, County, Street */
    NS_NAME_PARTICLE = 128,     /* de, van, bin: inside a name though in lower case */
    NS_NAME_CALENDAR = 256,     /* months and days: no names */
    NS_NAME_FAMILY_FIRST = 512, /* Kim, Xi: a family name that comes first */
    NS_NAME_SUFFIX = 1024,      /* Jr, III */
    NS_NAME_WHERE = 2048,       /* in, near: a place may follow */
    NS_NAME_OTHER = 4096,       /* Internet, God, English: a capital, but no one's name */
    /* in lower case beside a name */
    NS_NAME_PLACE_NOUN = 8192,  /* town, border: "the town of Paita", "the Atacama desert" */
    NS_NAME_ORG_NOUN = 16384,   /* company, newspaper: "chipmaker Hansol Nano" */
    NS_NAME_KIN = 32768,        /* daughter: "a daughter, Solveig" */
    NS_NAME_SPEAKS = 65536      /* said, will: what stands before it at the start of a sentence does something */
};

unsigned ns_name_word(const char *folded, size_t length);

#endif
