/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_errors.h - what each of xapian-core's exceptions means, as a status. C++, for the shim and its test.
 */
#ifndef NS_INDEX_XAPIAN_ERRORS_H
#define NS_INDEX_XAPIAN_ERRORS_H

#include <exception>
#include <new>
#include <string>

#include <xapian.h>

extern "C" {
#include "src/base/error.h"
}

namespace ns_xapian
{

inline nsearch_status meaning(const Xapian::Error &e)
{
    static const struct {
        const char *type;
        nsearch_status status;
    } meanings[] = {
        {"DocNotFoundError", NSEARCH_NOT_FOUND},
        {"DatabaseNotFoundError", NSEARCH_NOT_FOUND},
        {"DatabaseModifiedError", NSEARCH_CHANGED},
        {"DatabaseLockError", NSEARCH_LOCKED},
        {"NetworkError", NSEARCH_UNREACHABLE},
        {"NetworkTimeoutError", NSEARCH_UNREACHABLE},
        {"DatabaseClosedError", NSEARCH_UNREACHABLE},
        {"DatabaseCorruptError", NSEARCH_DAMAGED},
        {"DatabaseOpeningError", NSEARCH_DAMAGED},
        {"SerialisationError", NSEARCH_DAMAGED},
        {"RangeError", NSEARCH_DAMAGED},
        {"DatabaseVersionError", NSEARCH_UNSUPPORTED},
        {"FeatureUnavailableError", NSEARCH_UNSUPPORTED},
        {"UnimplementedError", NSEARCH_UNSUPPORTED},
        {"InvalidArgumentError", NSEARCH_INVALID},
        {"InvalidOperationError", NSEARCH_INVALID},
        {"QueryParserError", NSEARCH_INVALID},
        {"WildcardError", NSEARCH_INVALID},
        {"DatabaseError", NSEARCH_IO},       /* "no space left", "input/output error" */
        {"DatabaseCreateError", NSEARCH_IO},
        {"AssertionError", NSEARCH_IO},      /* faults of the library's own */
        {"InternalError", NSEARCH_IO},
    };
    const std::string type = e.get_type();
    if (e.get_msg().compare(0, 11, "EOF reading") == 0) /* a table that was cut short */
        return NSEARCH_DAMAGED;
    for (const auto &m : meanings)
        if (type == m.type)
            return m.status;
    return NSEARCH_IO; /* a class that later versions have */
}

/* Runs 'work'; whatever it throws becomes a status. */
template <typename Work> nsearch_status guarded(nsearch_error *err, const char *doing, Work work) noexcept
{
    try {
        try {
            work();
            return NSEARCH_OK;
        } catch (const Xapian::Error &e) {
            const char *reason = e.get_error_string();
            const nsearch_status status = meaning(e);
            const std::string &where = e.get_context();
            return ns_error_set(err, status, "%s: %.250s%s%s%s%.150s%s", doing, e.get_msg().c_str(),
                                reason ? ": " : "", reason ? reason : "", where.empty() ? "" : " (", where.c_str(),
                                where.empty() ? "" : ")");
        }
    } catch (const std::bad_alloc &) {
        return ns_error_memory(err);
    } catch (const std::exception &e) {
        return ns_error_set(err, NSEARCH_IO, "%s: %.300s", doing, e.what());
    } catch (...) {
        return ns_error_set(err, NSEARCH_IO, "%s: unknown failure in the search library", doing);
    }
}

} // namespace ns_xapian

#endif
