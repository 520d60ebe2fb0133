/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * error.c - the caller's error record.
 */
#include "src/base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Text may quote file names and article ids: control bytes must not reach a terminal. */
static void blunt(char *s)
{
    for (unsigned char *p = (unsigned char *)s; *p; p++) {
        if (*p < 0x20 || *p == 0x7f)
            *p = '?';
        else if (*p == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0) /* C1 in UTF-8 */
            *p = '?', p[1] = '?';
        else if (*p == 0xe2 && p[1] == 0x80 && p[2] >= 0xaa && p[2] <= 0xae) /* bidi overrides */
            p[0] = p[1] = p[2] = '?';
        else if (*p == 0xe2 && p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9) /* bidi isolates */
            p[0] = p[1] = p[2] = '?';
    }
}

__attribute__((format(printf, 4, 0)))
static nsearch_status set(nsearch_error *err, nsearch_status status, int number, const char *format,
                          va_list arguments)
{
    if (!err)
        return status;
    if (err->status != NSEARCH_OK)
        return err->status;
    err->status = status;
    int n = vsnprintf(err->text, sizeof err->text, format, arguments);
    if (number && n >= 0 && (size_t)n < sizeof err->text) {
        char text[128];
        const char *reason = strerror_r(number, text, sizeof text);
        snprintf(err->text + n, sizeof err->text - (size_t)n, ": %s", reason);
    }
    blunt(err->text);
    return status;
}

nsearch_status ns_error_set(nsearch_error *err, nsearch_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    status = set(err, status, 0, format, arguments);
    va_end(arguments);
    return status;
}

nsearch_status ns_error_system(nsearch_error *err, const char *format, ...)
{
    int number = errno;
    nsearch_status status = number == ENOENT   ? NSEARCH_NOT_FOUND
                            : number == ENOMEM ? NSEARCH_NO_MEMORY
                                               : NSEARCH_IO;
    va_list arguments;
    va_start(arguments, format);
    status = set(err, status, number, format, arguments);
    va_end(arguments);
    return status;
}

nsearch_status ns_error_memory(nsearch_error *err)
{
    return ns_error_set(err, NSEARCH_NO_MEMORY, "out of memory");
}

void ns_error_clear(nsearch_error *err)
{
    if (err) {
        err->status = NSEARCH_OK;
        err->text[0] = '\0';
    }
}

const char *nsearch_status_name(nsearch_status status)
{
    switch (status) {
    case NSEARCH_OK:
        return "success";
    case NSEARCH_SKIPPED:
        return "article skipped";
    case NSEARCH_INVALID:
        return "invalid argument";
    case NSEARCH_NOT_FOUND:
        return "not found";
    case NSEARCH_LOCKED:
        return "locked by another writer";
    case NSEARCH_NO_MEMORY:
        return "out of memory";
    case NSEARCH_IO:
        return "input or output failed";
    case NSEARCH_UNSUPPORTED:
        return "not supported by this build";
    case NSEARCH_CANCELLED:
        return "cancelled";
    case NSEARCH_UNREACHABLE:
        return "another machine does not answer";
    case NSEARCH_CHANGED:
        return "overtaken by a writer";
    case NSEARCH_UNCONFINED:
        return "readers not confined";
    case NSEARCH_DAMAGED:
        return "index damaged";
    }
    return "unknown status";
}
