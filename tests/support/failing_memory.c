/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * failing_memory.c - where the linker sends the calls.
 */
#include "tests/support/failing_memory.h"

#include <stddef.h>

static struct {
    long calls, at;
    bool counting, on;
} memory;

void *__real_malloc(size_t n);
void *__real_calloc(size_t count, size_t n);
void *__real_realloc(void *p, size_t n);
char *__real_strdup(const char *s);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t count, size_t n);
void *__wrap_realloc(void *p, size_t n);
char *__wrap_strdup(const char *s);

void failing_memory_begin(long n, bool on)
{
    memory.calls = 0;
    memory.at = n;
    memory.on = on;
    memory.counting = true;
}

void failing_memory_pause(bool pause)
{
    memory.counting = !pause;
}

long failing_memory_end(void)
{
    memory.counting = false;
    return memory.calls;
}

static bool fails(void)
{
    if (!memory.counting)
        return false;
    memory.calls++;
    return memory.at && (memory.on ? memory.calls >= memory.at : memory.calls == memory.at);
}

void *__wrap_malloc(size_t n)
{
    return fails() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t count, size_t n)
{
    return fails() ? NULL : __real_calloc(count, n);
}

void *__wrap_realloc(void *p, size_t n)
{
    return fails() ? NULL : __real_realloc(p, n);
}

char *__wrap_strdup(const char *s)
{
    return fails() ? NULL : __real_strdup(s);
}
