/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * manifest.c - reads, writes and locks the manifest.
 */
#include "index/manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/base/buffer.h"
#include "src/base/bytes.h"
#include "src/base/fs.h"

#define MAGIC "nsearch-index"
#define VERSION 2

void ns_manifest_init(ns_manifest *m)
{
    memset(m, 0, sizeof *m);
}

void ns_manifest_release(ns_manifest *m)
{
    free(m->files);
    ns_manifest_init(m);
}

bool ns_manifest_names(const ns_manifest *m, const char *name)
{
    for (size_t i = 0; m && i < m->file_count; i++)
        if (!strcmp(m->files[i].name, name))
            return true;
    return false;
}

nsearch_status ns_manifest_add(ns_manifest *m, const ns_manifest_file *file, nsearch_error *err)
{
    if (m->file_count == m->file_capacity) {
        size_t capacity = m->file_capacity ? m->file_capacity * 2 : 8;
        ns_manifest_file *files = realloc(m->files, capacity * sizeof *files);
        if (!files)
            return ns_error_memory(err);
        m->files = files;
        m->file_capacity = capacity;
    }
    m->files[m->file_count++] = *file;
    return NSEARCH_OK;
}

nsearch_status ns_manifest_copy(const ns_manifest *from, ns_manifest *to, nsearch_error *err)
{
    ns_manifest copy = *from;
    copy.files = NULL;
    copy.file_count = copy.file_capacity = 0;
    for (size_t i = 0; i < from->file_count; i++) {
        nsearch_status status = ns_manifest_add(&copy, &from->files[i], err);
        if (status) {
            free(copy.files);
            return status;
        }
    }
    *to = copy;
    return NSEARCH_OK;
}

/* ---- text form */

static bool name_is_safe(const char *name)
{
    if (!*name || *name == '.')
        return false;
    for (const char *p = name; *p; p++)
        if (!((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') || *p == '-' || *p == '.'))
            return false;
    return true;
}

static bool field(char **line, char *out, size_t size)
{
    char *end = strpbrk(*line, "\t");
    size_t n = end ? (size_t)(end - *line) : strlen(*line);
    if (!n || n >= size)
        return false;
    memcpy(out, *line, n);
    out[n] = '\0';
    *line += end ? n + 1 : n;
    return true;
}

static bool number(char **line, int base, uint64_t *out)
{
    char text[24], *end;
    if (!field(line, text, sizeof text) || text[0] == '-' || text[0] == '+' || text[0] == ' ')
        return false;
    errno = 0;
    *out = strtoull(text, &end, base);
    return !errno && !*end;
}

static bool parse_file(char *line, ns_manifest_file *f)
{
    uint64_t sum;
    memset(f, 0, sizeof *f);
    if (!field(&line, f->name, sizeof f->name) || !field(&line, f->role, sizeof f->role) ||
        !number(&line, 16, &f->id) || !number(&line, 10, &f->size) || !number(&line, 16, &sum) ||
        sum > UINT32_MAX)
        return false;
    for (int i = 0; i < NS_MANIFEST_NUMBERS; i++)
        if (!number(&line, 10, &f->numbers[i]))
            return false;
    f->sum = (uint32_t)sum;
    return !*line && name_is_safe(f->name);
}

/* One line without its newline; false when it does not belong here. */
static bool parse_line(ns_manifest *m, char *line, nsearch_error *err)
{
    char key[16];
    if (!field(&line, key, sizeof key))
        return false;
    if (!strcmp(key, "engine"))
        return field(&line, m->engine, sizeof m->engine) && !*line;
    if (!strcmp(key, "generation"))
        return number(&line, 10, &m->generation) && !*line;
    if (!strcmp(key, "counter"))
        return number(&line, 10, &m->counter) && !*line;
    if (!strcmp(key, "file")) {
        ns_manifest_file file;
        if (m->file_count >= NS_MANIFEST_FILES_MAX || !parse_file(line, &file))
            return false;
        for (size_t i = 0; i < m->file_count; i++)
            if (!strcmp(m->files[i].name, file.name))
                return false;
        return ns_manifest_add(m, &file, err) == NSEARCH_OK;
    }
    return false;
}

static nsearch_status parse(ns_manifest *m, char *text, size_t n, nsearch_error *err)
{
    unsigned long version;
    if (strncmp(text, MAGIC "\t", strlen(MAGIC) + 1) != 0)
        return ns_error_set(err, NSEARCH_DAMAGED, "no index manifest in '" NS_MANIFEST_NAME "'");
    version = strtoul(text + strlen(MAGIC) + 1, NULL, 10);
    if (version > VERSION)
        return ns_error_set(err, NSEARCH_UNSUPPORTED, "index format version %lu is newer than this program's %d",
                            version, VERSION);
    if (version && version < VERSION)
        return ns_error_set(err, NSEARCH_UNSUPPORTED, "index format version %lu is older than this program's %d: index "
                            "the articles anew in an empty folder", version, VERSION);
    char *sum = n >= 14 && text[n - 1] == '\n' ? text + n - 13 : NULL; /* "sum\t12345678\n" */
    uint64_t stated;
    if (!sum || sum[-1] != '\n' || strncmp(sum, "sum\t", 4) != 0)
        return ns_error_set(err, NSEARCH_DAMAGED, "manifest '" NS_MANIFEST_NAME "' is cut short");
    uint32_t actual = ns_crc32c(0, text, (size_t)(sum - text));
    sum[12] = '\0';
    char *digits = sum + 4;
    if (strspn(digits, "0123456789abcdef") != 8 || !number(&digits, 16, &stated) || stated != actual)
        return ns_error_set(err, NSEARCH_DAMAGED, "bad checksum in '" NS_MANIFEST_NAME "'");
    *sum = '\0';
    char *line = strchr(text, '\n') + 1;
    while (*line) {
        char *end = strchr(line, '\n');
        if (!end)
            break;
        *end = '\0';
        if (!parse_line(m, line, err))
            return ns_error_set(err, NSEARCH_DAMAGED, "bad line in '" NS_MANIFEST_NAME "' at %zu",
                                (size_t)(line - text));
        line = end + 1;
    }
    if (!m->engine[0] || version != VERSION)
        return ns_error_set(err, NSEARCH_DAMAGED, "no engine named in '" NS_MANIFEST_NAME "'");
    return NSEARCH_OK;
}

/* The bytes of the file, with a NUL behind them. Its size is checked. */
static nsearch_status read_text(int dirfd, char **out, size_t *length, nsearch_error *err)
{
    const ns_fs *fs = ns_fs_current;
    char *text = NULL;
    nsearch_status status = NSEARCH_OK;
    int fd = fs->openat(dirfd, NS_MANIFEST_NAME, O_RDONLY, 0);
    if (fd < 0)
        return ns_error_system(err, "cannot open '" NS_MANIFEST_NAME "'");
    int64_t size = fs->size(fd);
    if (size < 0)
        status = ns_error_system(err, "cannot read '" NS_MANIFEST_NAME "'");
    else if (size < 14 || size > NS_MANIFEST_BYTES_MAX)
        status = ns_error_set(err, NSEARCH_DAMAGED, "bad size of '" NS_MANIFEST_NAME "'");
    else if (!(text = malloc((size_t)size + 1)))
        status = ns_error_memory(err);
    ssize_t n = status ? 0 : ns_fs_read_at(fd, text, (size_t)size, 0);
    if (n < 0)
        status = ns_error_system(err, "cannot read '" NS_MANIFEST_NAME "'");
    fs->close(fd);
    if (status) {
        free(text);
        return status;
    }
    text[n] = '\0';
    *out = text;
    *length = (size_t)n;
    return NSEARCH_OK;
}

static void note_segment(const char *name, void *user)
{
    bool *found = user;
    *found |= !strncmp(name, "seg-", 4);
}

/* The first file that a new index gets is its manifest; so where there is none and segments are, it was lost. */
static nsearch_status read_present(int dirfd, char **text, size_t *n, nsearch_error *err)
{
    bool segments = false;
    nsearch_status status = read_text(dirfd, text, n, err);
    if (status != NSEARCH_NOT_FOUND || ns_fs_current->list(dirfd, note_segment, &segments) || !segments)
        return status;
    nsearch_error again = NSEARCH_ERROR_INIT; /* or it came just now */
    status = read_text(dirfd, text, n, &again);
    if (status == NSEARCH_NOT_FOUND)
        again.status = status = NSEARCH_DAMAGED;
    ns_error_clear(err);
    return status ? ns_error_set(err, status, "%s", again.text) : NSEARCH_OK;
}

nsearch_status ns_manifest_read(int dirfd, ns_manifest *m, nsearch_error *err)
{
    char *text;
    size_t n;
    ns_manifest read;
    ns_manifest_init(&read);
    nsearch_status status = read_present(dirfd, &text, &n, err);
    if (status)
        return status;
    if (strlen(text) != n)
        status = ns_error_set(err, NSEARCH_DAMAGED, "bad byte in '" NS_MANIFEST_NAME "'");
    else
        status = parse(&read, text, n, err);
    free(text);
    if (status)
        ns_manifest_release(&read);
    else
        *m = read;
    return status;
}

nsearch_status ns_manifest_read_damaged(int dirfd, ns_manifest *m, size_t *bad_lines, nsearch_error *err)
{
    char *text;
    size_t n, bad = 0;
    ns_manifest read;
    ns_manifest_init(&read);
    nsearch_status status = read_present(dirfd, &text, &n, err);
    if (status)
        return status;
    for (char *line = text, *end; line < text + n && !status; line = end + 1) {
        nsearch_error local = NSEARCH_ERROR_INIT;
        end = memchr(line, '\n', (size_t)(text + n - line));
        if (!end)
            end = text + n;
        *end = '\0';
        static const char *const others[] = {"sum\t", "engine\t", "generation\t", "counter\t"};
        bool other = line == text; /* the magic */
        for (size_t i = 0; i < sizeof others / sizeof *others; i++)
            other |= !strncmp(line, others[i], strlen(others[i]));
        if (strlen(line) != (size_t)(end - line) || (!parse_line(&read, line, &local) && !other))
            bad++; /* it may have named a file */
        else if (end - line > 40 && strncmp(line, "file\t", 5) != 0)
            bad++; /* two lines whose newline was damaged */
        if (local.status)
            status = ns_error_set(err, local.status, "%s", local.text);
    }
    free(text);
    if (!status && !read.file_count)
        status = ns_error_set(err, NSEARCH_DAMAGED, "nothing can be read of '" NS_MANIFEST_NAME "'");
    if (status) {
        ns_manifest_release(&read);
        return status;
    }
    *m = read;
    *bad_lines = bad;
    return NSEARCH_OK;
}

nsearch_status ns_manifest_write(int dirfd, const ns_manifest *m, nsearch_error *err)
{
    static const char temporary[] = NS_MANIFEST_NAME ".tmp";
    const ns_fs *fs = ns_fs_current;
    nsearch_status status = NSEARCH_OK;
    ns_buffer b = NS_BUFFER_INIT;
    if (m->file_count > NS_MANIFEST_FILES_MAX)
        return ns_error_set(err, NSEARCH_INVALID, "too many files in one index (%zu)", m->file_count);
    ns_buffer_printf(&b, MAGIC "\t%d\nengine\t%s\ngeneration\t%" PRIu64 "\ncounter\t%" PRIu64 "\n", VERSION,
                     m->engine, m->generation, m->counter);
    for (size_t i = 0; i < m->file_count; i++) {
        const ns_manifest_file *f = &m->files[i];
        ns_buffer_printf(&b, "file\t%s\t%s\t%" PRIx64 "\t%" PRIu64 "\t%08x", f->name, f->role, f->id, f->size,
                         f->sum);
        for (int k = 0; k < NS_MANIFEST_NUMBERS; k++)
            ns_buffer_printf(&b, "\t%" PRIu64, f->numbers[k]);
        ns_buffer_printf(&b, "\n");
    }
    ns_buffer_printf(&b, "sum\t%08x\n", ns_crc32c(0, b.data, b.size));
    if (b.failed) {
        ns_buffer_release(&b);
        return ns_error_memory(err);
    }
    int fd = fs->openat(dirfd, temporary, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (fd < 0) {
        status = ns_error_system(err, "cannot write '%s'", temporary);
        goto out;
    }
    bool written = ns_fs_write_all(fd, b.data, b.size) && fs->fsync(fd) == 0;
    if (!written)
        status = ns_error_system(err, "cannot write '%s'", temporary);
    if (fs->close(fd) && written)
        status = ns_error_system(err, "cannot write '%s'", temporary);
    if (!status && fs->renameat(dirfd, temporary, dirfd, NS_MANIFEST_NAME))
        status = ns_error_system(err, "cannot replace '" NS_MANIFEST_NAME "'");
    if (!status && fs->fsync(dirfd))
        status = ns_error_system(err, "cannot sync the index directory");
    if (status)
        fs->unlinkat(dirfd, temporary, 0);
out:
    ns_buffer_release(&b);
    return status == NSEARCH_NOT_FOUND ? NSEARCH_IO : status;
}

nsearch_status ns_manifest_lock(int dirfd, const char *dir, int *fd, nsearch_error *err)
{
    int lock = ns_fs_current->openat(dirfd, NS_LOCK_NAME, O_RDWR | O_CREAT, 0666);
    if (lock < 0)
        return ns_error_system(err, "cannot open lock of index '%s'", dir);
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    char text[24] = "";
    if (fcntl(lock, F_OFD_SETLK, &whole) == 0) {
        /* Who holds it, for the other's message only: the lock itself is the kernel's. */
        int n = snprintf(text, sizeof text, "%ld\n", (long)getpid());
        if (ftruncate(lock, 0) == 0 && pwrite(lock, text, (size_t)n, 0) == n) {
            *fd = lock;
            return NSEARCH_OK;
        }
        *fd = lock; /* a full disk must not stop a writer here: the commit will say so */
        return NSEARCH_OK;
    }
    nsearch_status status;
    if (errno == EAGAIN || errno == EACCES) {
        ssize_t n = pread(lock, text, sizeof text - 1, 0);
        long holder = n > 0 ? strtol(text, NULL, 10) : 0;
        status = holder > 0
                     ? ns_error_set(err, NSEARCH_LOCKED, "index '%s' is being written by process %ld", dir, holder)
                     : ns_error_set(err, NSEARCH_LOCKED, "index '%s' is being written by another process", dir);
    } else
        status = ns_error_system(err, "cannot lock index '%s'", dir);
    ns_fs_current->close(lock);
    return status;
}
