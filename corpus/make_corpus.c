/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * make_corpus.c - writes an invented corpus of news as JSON lines: any size, the same bytes for the same
 * seed on every machine (integers only), and the first N articles whatever the number asked for. Words follow
 * Zipf's law, every article has topics and names of its own, and some are edited copies of earlier ones.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/buffer.h"
#include "src/base/bytes.h"
#include "src/base/day.h"

enum {
    WORDS = 60000,       /* of the invented vocabulary */
    DRAWS = 1 << 18,     /* slots of the table that words are drawn from */
    PEOPLE = 4000, ORGANISATIONS = 900, PLACES = 600,
    TOPIC_WORDS = 24,
    CAST = 5,            /* people, organisations and places of one article */
    COPY_REACH = 400,    /* a copy repeats one of that many articles before it */
    FIRST_DAY = 16436,   /* 2015-01-01 */
    DAYS = 3653
};

static const char *const function_words[] = {
    "the", "of", "to", "and", "a", "in", "that", "is", "for", "on", "with", "was", "it", "as", "by", "be",
    "at", "from", "are", "this", "have", "an", "has", "not", "its", "but", "will", "were", "they", "which",
    "he", "had", "or", "been", "their", "more", "who", "we", "one", "would", "his", "about", "up", "after",
    "new", "than", "also", "two", "out", "there", "when", "into", "can", "all", "other", "she", "over",
    "last", "her", "could", "first", "some", "no", "if", "what", "time", "so", "year", "them", "people",
    "three", "before", "only", "between", "because", "against", "most", "during", "while", "where", "under",
    "since", "now", "still", "many", "any", "such", "through", "until", "should", "later", "both", "several",
    "however", "may", "officials", "government", "week", "days", "month"
};
enum { FUNCTION_WORDS = sizeof function_words / sizeof *function_words };

static const char *const countries[] = {
    "Argentina", "Australia", "Brazil", "Canada", "Chile", "China", "Colombia", "Egypt", "Ethiopia",
    "Finland", "France", "Germany", "Ghana", "India", "Indonesia", "Iran", "Iraq", "Italy", "Japan", "Kenya",
    "Mexico", "Morocco", "New Zealand", "Nigeria", "North Korea", "Norway", "Pakistan", "Peru", "Poland",
    "Portugal", "Russia", "Senegal", "South Africa", "South Korea", "Spain", "Sweden", "Turkey", "Ukraine",
    "the United Kingdom", "the United States", "Vietnam", "Zambia"
};
enum { COUNTRIES = sizeof countries / sizeof *countries };

static const char *const outlets[] = {
    "The Harbour Ledger", "Northgate Wire", "Meridian Post", "Valley Courier", "Daily Lantern",
    "Coastline Herald", "The Quarry Times", "Ferry Street Journal", "Upland Tribune", "Riverbend Gazette",
    "Beacon Dispatch", "The Orchard Review"
};
static const char *const hosts[] = { "harbourledger", "northgatewire", "meridianpost", "valleycourier",
                                     "dailylantern", "coastlineherald", "quarrytimes", "ferrystreetjournal",
                                     "uplandtribune", "riverbendgazette", "beacondispatch", "orchardreview" };
enum { OUTLETS = sizeof outlets / sizeof *outlets };

static const char *const sections[] = { "world", "business", "politics", "sport", "science", "culture" };
static const char *const said[] = { "said", "told reporters", "added", "announced", "warned", "confirmed" };
static const char *const weekdays[] = {
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"
};

typedef struct random_state {
    uint64_t s;
} random_state;

static uint64_t draw(random_state *r)
{
    r->s += UINT64_C(0x9e3779b97f4a7c15);
    return ns_mix64(r->s);
}

static uint32_t below(random_state *r, uint32_t n)
{
    return (uint32_t)((draw(r) >> 32) * n >> 32);
}

typedef struct word {
    char text[15];
    uint8_t n;
} word;

typedef struct name {
    char text[40];
    uint8_t n, last; /* where a person's last name begins */
} name;

typedef struct lexicon {
    word words[WORDS]; /* function words first, then by falling frequency */
    uint32_t draws[DRAWS];
    name people[PEOPLE], organisations[ORGANISATIONS], places[PLACES];
} lexicon;

/* ---------------------------------------------------------------- the invented language */

static size_t invent(random_state *r, uint32_t syllables, char *out, size_t room)
{
    static const char *const onsets[] = {
        "b", "br", "c", "ch", "d", "dr", "f", "g", "gr", "h", "j", "k", "l", "m", "n", "p", "pl", "r", "s",
        "st", "t", "tr", "v", "w", "sh", "th", "cl", ""
    };
    static const char *const vowels[] = { "a", "e", "i", "o", "u", "ea", "ai", "ou", "o", "e", "a", "i" };
    static const char *const codas[] = {
        "", "", "", "n", "r", "l", "s", "t", "nd", "rk", "m", "st", "ck", ""
    };
    size_t n = 0;
    out[0] = '\0';
    for (uint32_t i = 0; i < syllables && n + 7 < room; i++) {
        const char *parts[3]; /* drawn in statements: initialisers have no order */
        parts[0] = onsets[below(r, sizeof onsets / sizeof *onsets)];
        parts[1] = vowels[below(r, sizeof vowels / sizeof *vowels)];
        parts[2] = codas[below(r, sizeof codas / sizeof *codas)];
        for (size_t p = 0; p < 3; p++) {
            size_t k = strlen(parts[p]);
            memcpy(out + n, parts[p], k + 1);
            n += k;
        }
    }
    return n;
}

static void capital(char *s)
{
    if (*s >= 'a' && *s <= 'z')
        *s = (char)(*s - 'a' + 'A');
}

static void make_name(random_state *r, name *to, int kind)
{
    static const char *const kinds[] = {
        "Ministry", "Group", "Union", "Institute", "Bank", "Council", "Motors", "Energy", "University",
        "Holdings", "Agency", "Foundation"
    };
    char first[16], second[16];
    invent(r, 1 + below(r, 2), first, sizeof first);
    invent(r, 2 + below(r, 2), second, sizeof second);
    if (strlen(first) < 3)
        strcpy(first, "Anna");
    if (strlen(second) < 3)
        strcpy(second, "Morell");
    capital(first);
    capital(second);
    int n = 0;
    if (kind == 0)
        n = snprintf(to->text, sizeof to->text, "%s %s", first, second);
    else if (kind == 1)
        n = snprintf(to->text, sizeof to->text, "%s %s", second,
                     kinds[below(r, sizeof kinds / sizeof *kinds)]);
    else
        n = snprintf(to->text, sizeof to->text, "%s", second);
    to->n = (uint8_t)n;
    to->last = kind == 0 ? (uint8_t)(strlen(first) + 1) : 0;
}

static lexicon *make_lexicon(uint64_t seed)
{
    lexicon *lex = malloc(sizeof *lex);
    if (!lex)
        return NULL;
    random_state r = { ns_mix64(seed) };
    for (uint32_t i = 0; i < WORDS; i++) {
        word *w = &lex->words[i];
        if (i < FUNCTION_WORDS)
            strcpy(w->text, function_words[i]);
        else
            invent(&r, i < 2000 ? 1 + below(&r, 2) : 2 + below(&r, 3), w->text, sizeof w->text);
        if (!w->text[0])
            strcpy(w->text, "lo");
        w->n = (uint8_t)strlen(w->text);
    }
    /* Zipf and Mandelbrot: the weight of rank i is 1 / (i + 2.7). The rarest words share the last slots. */
    uint64_t total = 0, sum = 0;
    for (uint32_t i = 0; i < WORDS; i++)
        total += (UINT64_C(1) << 40) / (10 * i + 27);
    for (uint32_t i = 0, slot = 0; i < WORDS; i++) {
        sum += (UINT64_C(1) << 40) / (10 * i + 27);
        for (; slot < DRAWS && slot * total < sum * DRAWS; slot++)
            lex->draws[slot] = i;
    }
    for (uint32_t i = 0; i < PEOPLE; i++)
        make_name(&r, &lex->people[i], 0);
    for (uint32_t i = 0; i < ORGANISATIONS; i++)
        make_name(&r, &lex->organisations[i], 1);
    for (uint32_t i = 0; i < PLACES; i++)
        make_name(&r, &lex->places[i], 2);
    return lex;
}

/* ---------------------------------------------------------------- one story */

typedef struct story {
    const lexicon *lex;
    random_state r;
    uint32_t topics[TOPIC_WORDS];
    const name *people[CAST], *organisations[CAST], *places[CAST];
    const char *country[2];
    uint32_t known; /* bit i: person i was named in full */
} story;

/* Few names are in the news often: the square of a fraction. */
static uint32_t skewed(random_state *r, uint32_t n)
{
    uint64_t f = draw(r) >> 40; /* 24 bits */
    return (uint32_t)(f * f % (UINT64_C(1) << 48) * n >> 48);
}

static void begin_story(story *s, const lexicon *lex, uint64_t seed)
{
    s->lex = lex;
    s->r.s = seed;
    s->known = 0;
    for (uint32_t i = 0; i < TOPIC_WORDS; i++)
        s->topics[i] = FUNCTION_WORDS + skewed(&s->r, WORDS - FUNCTION_WORDS);
    for (uint32_t i = 0; i < CAST; i++) {
        s->people[i] = &lex->people[skewed(&s->r, PEOPLE)];
        s->organisations[i] = &lex->organisations[skewed(&s->r, ORGANISATIONS)];
        s->places[i] = &lex->places[skewed(&s->r, PLACES)];
    }
    s->country[0] = countries[skewed(&s->r, COUNTRIES)];
    s->country[1] = countries[below(&s->r, COUNTRIES)];
}

static void add_person(story *s, ns_buffer *to)
{
    uint32_t i = below(&s->r, CAST);
    uint32_t form = below(&s->r, 4);
    const name *p = s->people[i];
    bool full = !(s->known & 1u << i) || form == 0;
    s->known |= 1u << i;
    if (!full && form == 1)
        ns_buffer_add(to, "Mr ", 3);
    ns_buffer_add(to, p->text + (full ? 0 : p->last), p->n - (full ? 0u : p->last));
}

static void add_entity(story *s, ns_buffer *to)
{
    const name *n;
    switch (below(&s->r, 5)) {
    case 0:
    case 1:
        add_person(s, to);
        return;
    case 2:
        n = s->organisations[below(&s->r, CAST)];
        ns_buffer_add(to, "the ", 4);
        break;
    case 3:
        n = s->places[below(&s->r, CAST)];
        break;
    default:
        ns_buffer_add_string(to, s->country[below(&s->r, 2)]);
        return;
    }
    ns_buffer_add(to, n->text, n->n);
}

static uint32_t any_word(story *s)
{
    uint64_t v = draw(&s->r);
    if ((v & 0xff) < 34) /* an article's own topics: one word in eight */
        return s->topics[(v >> 8) % TOPIC_WORDS];
    uint32_t slot = (uint32_t)(v >> 8) & (DRAWS - 1);
    uint32_t rank = s->lex->draws[slot];
    if (rank == WORDS - 1 || slot + 1 == DRAWS)
        return FUNCTION_WORDS + (uint32_t)((v >> 32) % (WORDS - FUNCTION_WORDS));
    return rank;
}

static void add_words(story *s, uint32_t count, ns_buffer *to)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t what = below(&s->r, 100);
        if (i)
            ns_buffer_add_byte(to, ' ');
        if (what < 7) {
            add_entity(s, to);
        } else if (what == 7) {
            ns_buffer_printf(to, "%u", 2 + below(&s->r, below(&s->r, 2) ? 60 : 2000));
        } else if (what == 8 && i) {
            ns_buffer_printf(to, "on %s", weekdays[below(&s->r, 7)]);
        } else {
            const word *w = &s->lex->words[any_word(s)];
            ns_buffer_add(to, w->text, w->n);
            if (what == 9 && i > 2 && i + 3 < count)
                ns_buffer_add_byte(to, ',');
        }
    }
}

/* One sentence, in JSON: quotation marks escaped. */
static void add_sentence(story *s, bool curly, ns_buffer *to)
{
    const char *open = curly ? "\xe2\x80\x9c" : "\\\"", *close = curly ? "\xe2\x80\x9d" : "\\\"";
    uint32_t count = 6 + below(&s->r, 12);
    count += below(&s->r, 12);
    bool quoted = below(&s->r, 100) < 18;
    if (quoted)
        ns_buffer_add_string(to, open);
    size_t first = to->size;
    add_words(s, count, to);
    if (!to->failed)
        capital((char *)to->data + first);
    if (!quoted) {
        ns_buffer_add_byte(to, '.');
        return;
    }
    ns_buffer_add_byte(to, ',');
    ns_buffer_add_string(to, close);
    ns_buffer_add_byte(to, ' ');
    add_person(s, to);
    ns_buffer_printf(to, " %s.", said[below(&s->r, sizeof said / sizeof *said)]);
}

static void add_headline(story *s, ns_buffer *to)
{
    size_t first = to->size;
    add_entity(s, to);
    ns_buffer_add_byte(to, ' ');
    for (uint32_t i = 0, n = 2 + below(&s->r, 3); i < n; i++) {
        const word *w = &s->lex->words[s->topics[below(&s->r, TOPIC_WORDS)]];
        ns_buffer_add(to, w->text, w->n);
        ns_buffer_add_byte(to, ' ');
    }
    ns_buffer_add_string(to, below(&s->r, 2) ? "as " : "after ");
    add_words(s, 3 + below(&s->r, 3), to);
    if (!to->failed)
        capital((char *)to->data + first);
}

/* The body. 'edit' drops and rewrites sentences of a copy; NULL for the first telling. */
static void add_body(story *s, random_state *edit, bool curly, const char *place, ns_buffer *to)
{
    uint32_t longest = 1 + below(&s->r, 24);
    uint32_t sentences = 5 + below(&s->r, 12);
    sentences += below(&s->r, longest);
    uint32_t left = 0;
    bool empty = true;
    for (uint32_t i = 0; i < sentences; i++) {
        bool paragraph = left == 0;
        if (paragraph)
            left = 1 + below(&s->r, 3);
        left--;
        uint32_t change = edit ? below(edit, 100) : 99;
        size_t before = to->size;
        if (empty && place)
            ns_buffer_printf(to, "%s \xe2\x80\x93 ", place);
        else if (!empty)
            ns_buffer_add_string(to, paragraph ? "\\n\\n" : " ");
        add_sentence(s, curly, to);
        if (change < 12 && !empty)
            to->size = before; /* dropped */
        else if (change < 20 && !to->failed) {
            random_state was = s->r;
            to->size = before;
            if (!empty)
                ns_buffer_add_string(to, paragraph ? "\\n\\n" : " ");
            s->r = *edit;
            add_sentence(s, curly, to); /* rewritten */
            *edit = s->r;
            s->r = was;
        }
        empty = empty && to->size == before;
    }
}

/* ---------------------------------------------------------------- articles */

static uint64_t article_seed(uint64_t seed, uint64_t i)
{
    return ns_mix64(seed ^ ns_mix64(i + 1));
}

static bool is_copy(uint64_t seed, uint64_t i, uint32_t copies)
{
    return i > 0 && (article_seed(seed, i) >> 40) % 1000 < copies;
}

static void add_article(const lexicon *lex, uint64_t seed, uint64_t i, uint32_t copies, ns_buffer *to)
{
    random_state own = { article_seed(seed, i) };
    uint64_t original = i;
    if (is_copy(seed, i, copies)) {
        uint64_t reach = i < COPY_REACH ? i : COPY_REACH;
        original = i - 1 - below(&own, (uint32_t)reach);
        while (is_copy(seed, original, copies))
            original--;
    }
    bool copy = original != i;
    random_state when = { article_seed(seed, original) ^ 0x5bd1e995 };
    int32_t day = FIRST_DAY + (int32_t)below(&when, DAYS) + (copy ? (int32_t)below(&own, 4) : 0);
    uint32_t outlet = below(&own, OUTLETS);
    char date[11];
    ns_day_format(day, date);

    story s;
    begin_story(&s, lex, article_seed(seed, original));
    uint32_t section = below(&s.r, sizeof sections / sizeof *sections);
    char place[40];
    snprintf(place, sizeof place, "%s", s.places[0]->text);
    for (char *p = place; *p; p++)
        *p = (char)(*p >= 'a' && *p <= 'z' ? *p - 32 : *p);

    ns_buffer_printf(to, "{\"id\": \"m%llu\", \"date\": \"%s\", \"source\": \"%s\", \"title\": \"",
                     (unsigned long long)i, date, outlets[outlet]);
    random_state telling = s.r;
    if (copy && below(&own, 3)) /* another headline over the same story */
        s.r = own;
    add_headline(&s, to);
    s.r = telling;
    s.known = 0;
    for (uint32_t k = 0; k < 40; k++) /* the body begins at the same place whatever the headline took */
        draw(&s.r);
    ns_buffer_add_string(to, "\", \"byline\": \"");
    if (below(&own, 3))
        ns_buffer_add_string(to, lex->people[skewed(&own, PEOPLE)].text);
    ns_buffer_printf(
        to,
        "\", \"dateline\": \"%s\", \"section\": \"%s\", \"url\": \"https://%s.example/%.4s/%.2s/%.2s/m%llu\","
        " \"language\": \"en\", \"text\": \"",
        place, sections[section], hosts[outlet], date, date + 5, date + 8, (unsigned long long)i);
    add_body(&s, copy ? &own : NULL, outlet % 2 == 0, outlet % 3 ? place : NULL, to);
    ns_buffer_add_string(to, "\"}\n");
}

static bool number(const char *s, uint64_t *value)
{
    char *end;
    errno = 0;
    unsigned long long v = strtoull(s, &end, 10);
    if (errno || end == s || *end || *s == '-')
        return false;
    *value = v;
    return true;
}

int main(int argc, char **argv)
{
    uint64_t seed = 1, articles = 1000;
    double copies = 0.2;
    for (int i = 1; i < argc; i += 2) { /* --help alone has no value */
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        char *end = NULL;
        bool good = false;
        if (!strcmp(argv[i], "--help")) {
            puts("Usage: make_corpus [--seed S] [--articles N] [--copies F] > out.jsonl\n"
                 "Writes N invented articles (1000) as JSON lines; a fraction F (0.2) are edited copies.");
            return 0;
        }
        if (!strcmp(argv[i], "--seed"))
            good = number(value, &seed);
        else if (!strcmp(argv[i], "--articles"))
            good = number(value, &articles);
        else if (!strcmp(argv[i], "--copies")) {
            copies = strtod(value, &end);
            good = end != value && !*end && copies >= 0 && copies <= 0.9;
        }
        if (!good) {
            fprintf(stderr, "make_corpus: bad or unknown option '%s' (see --help)\n", argv[i]);
            return 2;
        }
    }
    lexicon *lex = make_lexicon(seed);
    ns_buffer out = NS_BUFFER_INIT;
    int status = lex ? 0 : 2;
    for (uint64_t i = 0; i < articles && !status; i++) {
        add_article(lex, ns_mix64(seed + 7), i, (uint32_t)(copies * 1000 + 0.5), &out);
        if (out.failed)
            status = 2;
        else if (out.size > 1 << 18 || i + 1 == articles) {
            if (fwrite(out.data, 1, out.size, stdout) != out.size)
                status = 2;
            ns_buffer_clear(&out);
        }
    }
    if (fflush(stdout))
        status = 2;
    if (status)
        fprintf(stderr, "make_corpus: cannot write: %s\n", strerror(errno));
    ns_buffer_release(&out);
    free(lex);
    return status;
}
