/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * fuzz_readers.h - one function a reader, and a part of one, that any bytes may be thrown at. It aborts where a
 * promise of the headers is broken.
 */
#ifndef NS_TESTS_FUZZ_READERS_H
#define NS_TESTS_FUZZ_READERS_H

#include <stddef.h>
#include <stdint.h>

typedef struct fuzz_reader {
    const char *name; /* also of the folder of its seeds */
    void (*run)(const uint8_t *bytes, size_t n);
} fuzz_reader;

extern const fuzz_reader fuzz_readers[]; /* name is NULL behind the last */
const fuzz_reader *fuzz_reader_named(const char *name);

#endif
