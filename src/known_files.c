/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * known_files.c - the table of known files in memory and on disk.
 */
#include "src/known_files.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/buffer.h"
#include "src/base/bytes.h"
#include "src/base/fs.h"

/* magic, generation, fingerprint, count | entries | lines of sites | CRC32C of all before it */
static const char magic[16] = "nsearch-files 2\n";
enum { HEAD = 40, ENTRY = 36, SUM = 4, SETTLED_SECONDS = 2 };
static const char temporary[] = NS_KNOWN_FILES_NAME ".tmp";

void ns_known_files_init(ns_known_files *files)
{
    memset(files, 0, sizeof *files);
    ns_map_init(&files->places);
}

void ns_known_files_release(ns_known_files *files)
{
    free(files->list);
    ns_map_release(&files->places);
    ns_site_lines_release(&files->lines);
    memset(files, 0, sizeof *files);
}

static uint32_t put(ns_known_files *files, const uint64_t key[2])
{
    bool is_new;
    if (files->count == files->capacity) { /* before the map holds a place that is none */
        size_t capacity = files->capacity ? files->capacity * 2 : 64;
        ns_known_file *list = capacity < NS_NO_FILE ? realloc(files->list, capacity * sizeof *list) : NULL;
        if (!list)
            return NS_NO_FILE;
        files->list = list;
        files->capacity = capacity;
    }
    uint64_t *place = ns_map_put(&files->places, key, 2 * sizeof *key, &is_new);
    if (!place)
        return NS_NO_FILE;
    if (!is_new)
        return (uint32_t)*place;
    *place = files->count;
    files->list[files->count] = (ns_known_file){.key = {key[0], key[1]}};
    return (uint32_t)files->count++;
}

static void key_of(const char *path, uint64_t key[2])
{
    size_t n = strlen(path);
    key[0] = ns_hash64(path, n, UINT64_C(0x66696c65));
    key[1] = ns_hash64(path, n, key[0]);
}

uint32_t ns_known_files_find(const ns_known_files *files, const char *path)
{
    uint64_t key[2];
    key_of(path, key);
    const uint64_t *place = ns_map_find(&files->places, key, sizeof key);
    return place ? (uint32_t)*place : NS_NO_FILE;
}

uint32_t ns_known_files_put(ns_known_files *files, const char *path)
{
    uint64_t key[2];
    key_of(path, key);
    return put(files, key);
}

/* ---- how a file looks */

uint64_t ns_file_stamp(const struct stat *st, uint64_t reading)
{
    const int64_t looks[] = {(int64_t)st->st_size,        (int64_t)st->st_ino,         (int64_t)st->st_mtim.tv_sec,
                             (int64_t)st->st_mtim.tv_nsec, (int64_t)st->st_ctim.tv_sec, (int64_t)st->st_ctim.tv_nsec};
    uint64_t stamp = ns_hash64(looks, sizeof looks, reading);
    return stamp ? stamp : 1;
}

static bool is_before(const struct timespec *a, int64_t seconds, long nanoseconds)
{
    return a->tv_sec < seconds || (a->tv_sec == seconds && a->tv_nsec <= nanoseconds);
}

bool ns_file_is_settled(const struct stat *st, const struct timespec *now)
{
    int64_t limit = (int64_t)now->tv_sec - SETTLED_SECONDS;
    return is_before(&st->st_mtim, limit, now->tv_nsec) && is_before(&st->st_ctim, limit, now->tv_nsec);
}

/* ---- on disk */

static bool decode(ns_known_files *files, const uint8_t *bytes, size_t n)
{
    uint64_t count = ns_get_u64(bytes + 32);
    if (memcmp(bytes, magic, sizeof magic) || ns_get_u64(bytes + 16) != files->generation ||
        ns_get_u64(bytes + 24) != files->fingerprint || count > (n - HEAD - SUM) / ENTRY ||
        ns_crc32c(0, bytes, n - SUM) != ns_get_u32(bytes + n - SUM))
        return false;
    const uint8_t *lines = bytes + HEAD + count * ENTRY;
    if (!ns_site_lines_decode(&files->lines, lines, (size_t)(bytes + n - SUM - lines)))
        return false;
    for (const uint8_t *p = bytes + HEAD; p < lines; p += ENTRY) {
        const uint64_t key[2] = {ns_get_u64(p), ns_get_u64(p + 8)};
        uint32_t place = put(files, key);
        if (place == NS_NO_FILE)
            return false;
        ns_known_file *f = &files->list[place];
        f->stamp = ns_get_u64(p + 16);
        f->articles = ns_get_u32(p + 24);
        f->skipped = ns_get_u32(p + 28);
        f->flags = (uint8_t)(ns_get_u32(p + 32) & NS_FILE_SAVED);
    }
    return true;
}

bool ns_known_files_load(ns_known_files *files, const char *dir, uint64_t generation, uint64_t fingerprint)
{
    const ns_fs *fs = ns_fs_current;
    bool loaded = false;
    int dirfd = fs->openat(AT_FDCWD, dir, O_RDONLY | O_DIRECTORY, 0);
    int fd = dirfd < 0 ? -1 : fs->openat(dirfd, NS_KNOWN_FILES_NAME, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);
    if (dirfd >= 0)
        fs->unlinkat(dirfd, temporary, 0); /* a dead writer's */
    files->generation = generation;
    files->fingerprint = fingerprint;
    int64_t size = fd < 0 ? -1 : fs->size(fd);
    if (size >= HEAD + SUM) {
        uint8_t *bytes = malloc((size_t)size);
        loaded = bytes && ns_fs_read_at(fd, bytes, (size_t)size, 0) == (ssize_t)size && decode(files, bytes, (size_t)size);
        free(bytes);
    }
    if (fd >= 0)
        fs->close(fd);
    if (dirfd >= 0)
        fs->close(dirfd);
    if (!loaded) { /* half of it is none of it */
        ns_known_files_release(files);
        ns_known_files_init(files);
    }
    return loaded;
}

/* Entries that say nothing are left out: a file that gave nothing and is there no more, as far as is known. */
static bool is_worth(const ns_known_file *f)
{
    return f->articles || (f->flags & NS_FILE_LEFTOVERS) || (f->visit && f->stamp);
}

static void encode(const ns_known_files *files, ns_buffer *out)
{
    uint64_t count = 0;
    for (size_t i = 0; i < files->count; i++)
        count += is_worth(&files->list[i]);
    ns_buffer_add(out, magic, sizeof magic);
    ns_buffer_add_u64(out, files->generation);
    ns_buffer_add_u64(out, files->fingerprint);
    ns_buffer_add_u64(out, count);
    for (size_t i = 0; i < files->count; i++) {
        const ns_known_file *f = &files->list[i];
        if (!is_worth(f))
            continue;
        ns_buffer_add_u64(out, f->key[0]);
        ns_buffer_add_u64(out, f->key[1]);
        ns_buffer_add_u64(out, f->stamp);
        ns_buffer_add_u32(out, f->articles);
        ns_buffer_add_u32(out, f->skipped);
        ns_buffer_add_u32(out, f->flags & NS_FILE_SAVED);
    }
    ns_site_lines_encode(&files->lines, out);
    ns_buffer_add_u32(out, ns_crc32c(0, out->data, out->size));
}

void ns_known_files_save(ns_known_files *files, const char *dir, uint64_t generation, uint64_t fingerprint)
{
    const ns_fs *fs = ns_fs_current;
    ns_buffer bytes = NS_BUFFER_INIT;
    bool same = files->generation == generation && files->fingerprint == fingerprint;
    if ((same && !files->changed) || !files->count)
        return;
    files->generation = generation;
    files->fingerprint = fingerprint;
    encode(files, &bytes);
    int dirfd = bytes.failed ? -1 : fs->openat(AT_FDCWD, dir, O_RDONLY | O_DIRECTORY, 0);
    int fd = dirfd < 0 ? -1 : fs->openat(dirfd, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0666);
    if (fd >= 0) {
        bool written = ns_fs_write_all(fd, bytes.data, bytes.size) && fs->fsync(fd) == 0;
        written = fs->close(fd) == 0 && written;
        if (!written || fs->renameat(dirfd, temporary, dirfd, NS_KNOWN_FILES_NAME))
            fs->unlinkat(dirfd, temporary, 0);
        else
            files->changed = false;
    }
    if (dirfd >= 0)
        fs->close(dirfd);
    ns_buffer_release(&bytes);
}
