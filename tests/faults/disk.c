/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * disk.c - what a disk holds after a loss of power: the synced state of each file and directory, and the changes
 * since, of which each may have reached the disk or not.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/faults/journal_inside.h"

typedef enum fate { KEPT, TORN, LOST } fate;

typedef struct change {
    const entry *what;
    fate fate;
} change;

typedef struct name {
    char text[NAME_BYTES];
    uint32_t object;
} name;

/* A file or a directory. */
typedef struct thing {
    uint8_t *bytes;
    size_t size;
    name *names;
    size_t name_count;
} thing;

struct disk {
    const journal *journal;
    size_t at, without;
    thing *things;
    change *changes; /* pending, in order */
    size_t change_count, change_capacity;
};

static void *check(void *p)
{
    if (!p) {
        perror("the disk is out of memory");
        abort();
    }
    return p;
}

/* ---- one thing */

static void set_name(thing *t, const char *text, uint32_t of)
{
    for (size_t i = 0; i < t->name_count; i++)
        if (!strcmp(t->names[i].text, text)) {
            if (of == NONE)
                t->names[i] = t->names[--t->name_count];
            else
                t->names[i].object = of;
            return;
        }
    if (of == NONE)
        return;
    t->names = check(realloc(t->names, (t->name_count + 1) * sizeof *t->names));
    snprintf(t->names[t->name_count].text, NAME_BYTES, "%s", text);
    t->names[t->name_count++].object = of;
}

static void apply(thing *t, const entry *e, fate f)
{
    size_t n = f == TORN ? e->size / 2 : e->size;
    switch (e->kind) {
    case ENTRY_NAME:
        set_name(t, e->name, e->other);
        break;
    case ENTRY_RENAME:
        set_name(t, e->name, NONE);
        set_name(t, e->to, e->other);
        break;
    case ENTRY_UNLINK:
        set_name(t, e->name, NONE);
        break;
    case ENTRY_WRITE:
        if (e->offset + e->size > t->size) { /* a torn write may have made the file as long as it was to be */
            t->bytes = check(realloc(t->bytes, e->offset + e->size));
            memset(t->bytes + t->size, 0, e->offset + e->size - t->size);
            t->size = e->offset + e->size;
        }
        memcpy(t->bytes + e->offset, e->bytes, n);
        break;
    case ENTRY_TRUNCATE:
        t->size = 0;
        break;
    case ENTRY_SYNC:
    case ENTRY_MARK:
        break;
    }
}

static void copy_thing(thing *to, const thing *from)
{
    *to = *from;
    to->bytes = check(malloc(from->size + 1));
    if (from->size)
        memcpy(to->bytes, from->bytes, from->size);
    to->names = check(malloc((from->name_count + 1) * sizeof *to->names));
    if (from->name_count)
        memcpy(to->names, from->names, from->name_count * sizeof *to->names);
}

static void release_thing(thing *t)
{
    free(t->bytes);
    free(t->names);
    memset(t, 0, sizeof *t);
}

/* ---- the walk */

disk *disk_new(const journal *j, size_t without)
{
    disk *d = check(calloc(1, sizeof *d));
    int mark;
    d->journal = j;
    d->without = without;
    d->things = check(calloc(j->object_count + 1, sizeof *d->things));
    while (d->at < j->first)
        disk_step(d, &mark);
    return d;
}

void disk_free(disk *d)
{
    for (uint32_t i = 0; i < d->journal->object_count; i++)
        release_thing(&d->things[i]);
    free(d->things);
    free(d->changes);
    free(d);
}

static void sync_object(disk *d, uint32_t of)
{
    size_t left = 0;
    for (size_t i = 0; i < d->change_count; i++)
        if (d->changes[i].what->object == of)
            apply(&d->things[of], d->changes[i].what, KEPT);
        else
            d->changes[left++] = d->changes[i];
    d->change_count = left;
}

bool disk_step(disk *d, int *mark)
{
    if (d->at == d->journal->count)
        return false;
    const entry *e = &d->journal->entries[d->at++];
    if (e->kind == ENTRY_MARK)
        *mark = e->value;
    else if (e->kind == ENTRY_SYNC) {
        if (d->at - 1 != d->without)
            sync_object(d, e->object);
    } else {
        if (d->change_count == d->change_capacity) {
            d->change_capacity = d->change_capacity ? d->change_capacity * 2 : 32;
            d->changes = check(realloc(d->changes, d->change_capacity * sizeof *d->changes));
        }
        d->changes[d->change_count++] = (change){e, KEPT};
    }
    return true;
}

size_t disk_pending(const disk *d)
{
    return d->change_count;
}

uint64_t disk_lose(disk *d, disk_loss loss, size_t which, test_random *r)
{
    uint64_t state = ns_mix64(d->journal->count);
    for (size_t i = 0; i < d->change_count; i++) {
        fate f = KEPT;
        switch (loss) {
        case DISK_NOTHING:
            break;
        case DISK_ALL:
            f = LOST;
            break;
        case DISK_ONE:
            f = i == which ? LOST : KEPT;
            break;
        case DISK_BUT_ONE:
            f = i == which ? KEPT : LOST;
            break;
        case DISK_TORN:
            f = i == which ? TORN : KEPT;
            break;
        case DISK_RANDOM:
            f = (fate)test_random_below(r, 3);
            break;
        }
        if (f == TORN && d->changes[i].what->kind != ENTRY_WRITE)
            f = LOST;
        d->changes[i].fate = f;
        if (f != LOST)
            state = ns_mix64(state ^ ((uint64_t)(d->changes[i].what - d->journal->entries) * 4 + (uint64_t)f + 1));
    }
    for (uint32_t i = 0; i < d->journal->object_count; i++) { /* what is synced */
        const thing *t = &d->things[i];
        state = ns_mix64(state + i) ^ ns_hash64(t->bytes ? t->bytes : (const uint8_t *)"", t->size, state);
        for (size_t k = 0; k < t->name_count; k++)
            state = ns_hash64(t->names[k].text, strlen(t->names[k].text), state) + t->names[k].object;
    }
    return state;
}

static void build(const thing *things, const journal *j, uint32_t of, const char *path, int depth)
{
    for (size_t i = 0; i < things[of].name_count && depth < 4; i++) {
        char inner[600];
        uint32_t inside = things[of].names[i].object;
        snprintf(inner, sizeof inner, "%s/%s", path, things[of].names[i].text);
        if (j->objects[inside].directory) {
            if (mkdir(inner, 0777))
                perror(inner);
            build(things, j, inside, inner, depth + 1);
            continue;
        }
        FILE *f = fopen(inner, "wb");
        if (!f || fwrite(things[inside].bytes, 1, things[inside].size, f) != things[inside].size || fclose(f)) {
            perror(inner);
            abort();
        }
    }
}

void disk_build(const disk *d, const char *to)
{
    uint32_t n = d->journal->object_count;
    thing *things = check(calloc(n + 1, sizeof *things));
    for (uint32_t i = 0; i < n; i++)
        copy_thing(&things[i], &d->things[i]);
    for (size_t i = 0; i < d->change_count; i++)
        if (d->changes[i].fate != LOST)
            apply(&things[d->changes[i].what->object], d->changes[i].what, d->changes[i].fate);
    build(things, d->journal, 0, to, 0);
    for (uint32_t i = 0; i < n; i++)
        release_thing(&things[i]);
    free(things);
}
