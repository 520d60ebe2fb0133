/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * grow.c - a passage file of any size that reads like a given one: the same words about as often, words of a topic
 * together, and runs of words that come again. Seeded, integers only: the same bytes everywhere.
 *
 * The source is walked word by word. Before one word in six the walk goes over to another place where the last word
 * stands: mostly one near the passage that is being retold, so that it keeps its topic, sometimes any. So a text is made
 * of runs of about six words that were written, joined where any two words stood together. The source is told anew as
 * often as it takes ("rounds"), its documents in their order. A word that the source has once is mostly another word in
 * each round, because a larger corpus has more words.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/buffer.h"
#include "src/base/map.h"
#include "tests/bench/bench.h"
#include "tests/bench/passages.h"
#include "tests/support/random.h"

enum {
    RUN = 6,      /* words on average before the walk goes elsewhere */
    ANYWHERE = 10, /* one such step in so many leaves the topic */
    NEAR = 400,   /* words before and after that are near */
    REACH = 4,    /* passages before and after that a retelling may begin in */
    RENAMED = 60  /* per cent of the words met once that are new in each round */
};

typedef struct source_passage {
    uint32_t title, text, end; /* the first words of both, and the end, in the stream */
    bool starts;               /* a document */
} source_passage;

typedef struct source {
    ns_map forms;          /* words as written, to their number */
    ns_map folded;         /* letters and digits of a form in lower case, to how often they come */
    uint32_t *words;       /* the stream: numbers of forms */
    uint32_t *occurrences; /* places in the stream, form by form */
    uint32_t *begins;      /* of each form's occurrences; one more at the end */
    bool *once;            /* of each form: the source has its word once */
    size_t count, room;
    source_passage *passages;
    size_t passage_count, passage_room;
} source;

static void release(source *s)
{
    ns_map_release(&s->forms);
    ns_map_release(&s->folded);
    free(s->words);
    free(s->occurrences);
    free(s->begins);
    free(s->once);
    free(s->passages);
}

/* ---------------------------------------------------------------- reading */

static size_t fold_form(const char *form, size_t n, char *out, size_t room)
{
    size_t used = 0;
    for (size_t i = 0; i < n && used < room; i++) {
        char c = form[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c + 32);
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 128)
            out[used++] = c;
    }
    return used;
}

static bool add_form(source *s, const char *form, size_t n)
{
    bool is_new;
    if (s->count == s->room) {
        size_t room = s->room ? s->room * 2 : 1 << 16;
        uint32_t *words = room <= UINT32_MAX ? realloc(s->words, room * sizeof *words) : NULL;
        if (!words)
            return false;
        s->words = words;
        s->room = room;
    }
    uint64_t *number = ns_map_put(&s->forms, form, n, &is_new);
    if (!number)
        return false;
    if (is_new)
        *number = s->forms.count - 1;
    s->words[s->count++] = (uint32_t)*number;
    return true;
}

static bool add_text(source *s, const char *text, size_t n)
{
    const char *end = text + n;
    while (text < end) {
        const char *stop = memchr(text, ' ', (size_t)(end - text));
        stop = stop ? stop : end;
        if (stop > text && !add_form(s, text, (size_t)(stop - text)))
            return false;
        text = stop + 1;
    }
    return true;
}

/* Passages of one document differ in what stands behind # in their ids. */
static bool add_line(source *s, const bench_passage *line, ns_buffer *last_id)
{
    size_t n = strcspn(line->id, "#");
    bool same = s->passage_count && last_id->size == n && !memcmp(last_id->data, line->id, n);
    if (s->passage_count == s->passage_room) {
        size_t room = s->passage_room ? s->passage_room * 2 : 1024;
        source_passage *passages = realloc(s->passages, room * sizeof *passages);
        if (!passages)
            return false;
        s->passages = passages;
        s->passage_room = room;
    }
    source_passage *p = &s->passages[s->passage_count++];
    ns_buffer_clear(last_id);
    ns_buffer_add(last_id, line->id, n);
    p->starts = !same;
    p->title = (uint32_t)s->count;
    if (last_id->failed || !add_text(s, line->title, line->title_length))
        return false;
    p->text = (uint32_t)s->count;
    bool good = add_text(s, line->text, line->text_length);
    s->passages[s->passage_count - 1].end = (uint32_t)s->count;
    return good;
}

static bool sort_occurrences(source *s)
{
    s->begins = calloc(s->forms.count + 2, sizeof *s->begins);
    s->occurrences = malloc((s->count + 1) * sizeof *s->occurrences);
    if (!s->begins || !s->occurrences)
        return false;
    for (size_t i = 0; i < s->count; i++)
        s->begins[s->words[i] + 2]++;
    for (size_t i = 2; i < s->forms.count + 2; i++)
        s->begins[i] += s->begins[i - 1];
    for (size_t i = 0; i < s->count; i++) /* begins[w + 1] moves on to where w ends, which is where w + 1 begins */
        s->occurrences[s->begins[s->words[i] + 1]++] = (uint32_t)i;
    return true;
}

static bool find_rare(source *s)
{
    char folded[256];
    s->once = calloc(s->forms.count + 1, sizeof *s->once);
    for (int pass = 0; pass < 2 && s->once; pass++)
        for (size_t i = 0; i < s->forms.count; i++) {
            const ns_map_entry *e = &s->forms.entries[i];
            uint64_t *times = ns_map_put(&s->folded, folded, fold_form(e->key, e->length, folded, sizeof folded), NULL);
            if (!times)
                return false;
            if (pass == 0)
                *times += s->begins[i + 1] - s->begins[i];
            else
                s->once[i] = *times == 1;
        }
    return s->once != NULL;
}

static bool read_source(source *s, const char *path)
{
    bench_passages in;
    bench_passage line;
    ns_buffer last_id = NS_BUFFER_INIT;
    if (!bench_passages_open(&in, path))
        return false;
    bool good = true;
    while (good && bench_passages_next(&in, &line))
        good = add_line(s, &line, &last_id);
    bench_passages_close(&in);
    ns_buffer_release(&last_id);
    errno = good ? 0 : ENOMEM;
    return good && s->count && sort_occurrences(s) && find_rare(s);
}

/* ---------------------------------------------------------------- telling anew */

/* The first of a form's occurrences, [from, to), that is not before 'place'. */
static uint32_t first_from(const source *s, uint32_t from, uint32_t to, uint64_t place)
{
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (s->occurrences[middle] < place)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* Another place where the word at 'place' stands. */
static uint32_t elsewhere(const source *s, test_random *r, uint32_t place, uint32_t home)
{
    uint32_t form = s->words[place], from = s->begins[form], to = s->begins[form + 1];
    if (test_random_below(r, ANYWHERE)) {
        uint32_t first = first_from(s, from, to, home > NEAR ? home - NEAR : 0);
        uint32_t last = first_from(s, first, to, (uint64_t)home + NEAR);
        if (last > first)
            return s->occurrences[first + test_random_below(r, last - first)];
    }
    return s->occurrences[from + test_random_below(r, to - from)];
}

static void add_word(const source *s, uint32_t form, uint32_t round, ns_buffer *out)
{
    const ns_map_entry *e = &s->forms.entries[form];
    size_t cut = e->length;
    if (!s->once[form] || !round || ns_mix64((uint64_t)form << 32 | round) % 100 >= RENAMED) {
        ns_buffer_add(out, e->key, e->length);
        return;
    }
    while (cut && !((e->key[cut - 1] >= '0' && e->key[cut - 1] <= '9') ||
                    (e->key[cut - 1] >= 'a' && e->key[cut - 1] <= 'z') ||
                    (e->key[cut - 1] >= 'A' && e->key[cut - 1] <= 'Z')))
        cut--;
    ns_buffer_add(out, e->key, cut);
    if (cut && e->key[cut - 1] >= '0' && e->key[cut - 1] <= '9')
        ns_buffer_printf(out, "%u", round);
    else
        for (uint32_t left = round; cut && left; left /= 20)
            ns_buffer_add_byte(out, (uint8_t)"bdfgklmnprtvaouiehjz"[left % 20]);
    ns_buffer_add(out, e->key + cut, e->length - cut);
}

static void add_walk(const source *s, test_random *r, uint32_t home, uint32_t count, uint32_t round, ns_buffer *out)
{
    uint32_t place = home;
    for (uint32_t i = 0; i < count; i++) {
        if (i) {
            ns_buffer_add_byte(out, ' ');
            if (!test_random_below(r, RUN))
                place = elsewhere(s, r, place, home);
            place = place + 1 < s->count ? place + 1 : home;
        }
        add_word(s, s->words[place], round, out);
    }
}

/* The passage that a retelling of 'p' begins in: itself or one near. */
static const source_passage *neighbour(const source *s, test_random *r, size_t p, bool title)
{
    for (int tries = 0; tries < 20; tries++) {
        size_t at = p + test_random_below(r, 2 * REACH + 1);
        if (at < REACH || at - REACH >= s->passage_count)
            continue;
        const source_passage *found = &s->passages[at - REACH];
        if (title ? found->text > found->title : found->end > found->text)
            return found;
    }
    return &s->passages[p];
}

static void add_passage(const source *s, test_random *r, size_t p, uint32_t round, size_t document, size_t number,
                        ns_buffer *out)
{
    const source_passage *own = &s->passages[p];
    ns_buffer_printf(out, "g%u.%zu#%zu\t", round, document, number);
    if (own->text > own->title)
        add_walk(s, r, neighbour(s, r, p, true)->title, own->text - own->title, round, out);
    ns_buffer_add_byte(out, '\t');
    if (own->end > own->text)
        add_walk(s, r, neighbour(s, r, p, false)->text, own->end - own->text, round, out);
    ns_buffer_add_byte(out, '\n');
}

static bool write_all(const source *s, uint64_t wanted, uint64_t seed)
{
    ns_buffer out = NS_BUFFER_INIT;
    uint64_t rounds = (wanted + s->passage_count - 1) / s->passage_count, written = 0;
    uint64_t share = rounds ? (wanted << 20) / (rounds * s->passage_count) : 0; /* of the documents, in a round */
    bool good = true;
    for (uint32_t round = 0; good && written < wanted; round++) {
        size_t document = 0, number = 0;
        bool told = false;
        for (size_t p = 0; good && p < s->passage_count && written < wanted; p++) {
            if (s->passages[p].starts) {
                document++;
                number = 0;
                told = (ns_mix64(seed ^ ns_mix64((uint64_t)round << 40 | document)) & 0xfffff) <= share;
            }
            if (!told)
                continue;
            test_random r = {ns_mix64(seed + ns_mix64((uint64_t)round << 32 | p))};
            add_passage(s, &r, p, round, document, number++, &out);
            written++;
            if (out.size > 1 << 18 || written == wanted) {
                good = !out.failed && fwrite(out.data, 1, out.size, stdout) == out.size;
                ns_buffer_clear(&out);
            }
        }
        good = good && !out.failed && fwrite(out.data, 1, out.size, stdout) == out.size;
        ns_buffer_clear(&out);
    }
    good = good && !fflush(stdout);
    ns_buffer_release(&out);
    return good;
}

int bench_grow(const char *passages, uint64_t wanted, uint64_t seed)
{
    source s = {0};
    ns_map_init(&s.forms);
    ns_map_init(&s.folded);
    bool good = read_source(&s, passages);
    if (!good)
        fprintf(stderr, "nsearch-bench: cannot read '%s': %s\n", passages, errno ? strerror(errno) : "no words");
    else if (!(good = write_all(&s, wanted, seed)))
        fprintf(stderr, "nsearch-bench: cannot write: %s\n", strerror(errno));
    release(&s);
    return good ? 0 : 1;
}
