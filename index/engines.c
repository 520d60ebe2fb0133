/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * engines.c - which engines this build has, and which one an index needs.
 */
#include <fcntl.h>
#include <string.h>

#include "index/backend.h"
#include "index/manifest.h"
#include "src/base/fs.h"

static const ns_backend *const engines[] = {
    &ns_native_backend,
#ifdef NS_WITH_XAPIAN
    &ns_xapian_backend,
#endif
};

const ns_backend *ns_backend_named(const char *name)
{
    for (size_t i = 0; i < sizeof engines / sizeof *engines; i++)
        if (!strcmp(engines[i]->name, name))
            return engines[i];
    return NULL;
}

nsearch_status ns_backend_of(const char *dir, const ns_backend **backend, nsearch_error *err)
{
    int fd = ns_fs_current->openat(AT_FDCWD, dir, O_RDONLY | O_DIRECTORY, 0);
    if (fd < 0)
        return ns_error_system(err, "cannot open index '%s'", dir);
    ns_manifest manifest;
    ns_manifest_init(&manifest);
    nsearch_status status = ns_manifest_read(fd, &manifest, err);
    ns_fs_current->close(fd);
    if (status == NSEARCH_OK) {
        const ns_backend *found = ns_backend_named(manifest.engine);
        if (found)
            *backend = found;
        else
            status = ns_error_set(err, NSEARCH_UNSUPPORTED, "no engine '%s' in this build, needed by index '%s'",
                                  manifest.engine, dir);
    }
    ns_manifest_release(&manifest);
    return status;
}

typedef struct guess {
    bool segments, database;
} guess;

static void note_name(const char *name, void *user)
{
    guess *g = user;
    g->segments |= !strncmp(name, "seg-", 4);
    g->database |= !strcmp(name, "xapian");
}

const ns_backend *ns_backend_of_damaged(const char *dir)
{
    size_t bad_lines;
    ns_manifest manifest;
    guess g = {false, false};
    int fd = ns_fs_current->openat(AT_FDCWD, dir, O_RDONLY | O_DIRECTORY, 0);
    ns_manifest_init(&manifest);
    if (fd >= 0) {
        ns_manifest_read_damaged(fd, &manifest, &bad_lines, NULL);
        ns_fs_current->list(fd, note_name, &g);
        ns_fs_current->close(fd);
    }
    const ns_backend *told = ns_backend_named(manifest.engine);
    ns_manifest_release(&manifest);
    if (!told && g.database && !g.segments)
        told = ns_backend_named("xapian");
    return told ? told : &ns_native_backend; /* which takes no other's files for its own */
}
