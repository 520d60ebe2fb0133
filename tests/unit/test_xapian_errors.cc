// SPDX-License-Identifier: GPL-2.0-or-later
//
// test_xapian_errors.cc - each of xapian-core's exceptions, thrown through the shim's guard, becomes the status it means
// and a text that says what and where; so do memory's end and what nobody foresees. No function of the shim lets one out.
#include <cstdio>
#include <cstring>
#include <stdexcept>

#include "index/xapian/xapian_errors.h"
#include "index/xapian/xapian_shim.h"

static int failed, checks;

template <typename Work> static void check(const char *what, nsearch_status wanted, const char *text, Work work)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    const nsearch_status status = ns_xapian::guarded(&err, "cannot do it", work);
    const bool good = status == wanted && err.status == wanted && std::strstr(err.text, text);
    checks++;
    failed += !good;
    if (!good)
        std::printf("%s: status %d and '%s' instead of %d\n", what, int(status), err.text, int(wanted));
    if (ns_xapian::guarded(nullptr, "nobody listens", work) != wanted) { // a caller that wants no text
        std::printf("%s: another status without a record\n", what);
        failed++;
    }
}

#define CLASS(type, wanted) check(#type, wanted, "cannot do it: why (where)", [] { throw Xapian::type("why", "where"); })

// Whether the call may throw is known without making it.
static_assert(noexcept(ns_xapian_open(nullptr, 0, false, nullptr, nullptr)) && noexcept(ns_xapian_close(nullptr)) &&
                  noexcept(ns_xapian_totals(nullptr, nullptr, nullptr, nullptr)) &&
                  noexcept(ns_xapian_metadata(nullptr, nullptr, nullptr, nullptr)) &&
                  noexcept(ns_xapian_frequency(nullptr, nullptr, 0, nullptr, nullptr)) &&
                  noexcept(ns_xapian_walk(nullptr, nullptr, 0, nullptr, nullptr, nullptr)) &&
                  noexcept(ns_xapian_get(nullptr, 0, 0, nullptr, nullptr)) &&
                  noexcept(ns_xapian_terms_of(nullptr, 0, nullptr, nullptr, nullptr)) &&
                  noexcept(ns_xapian_length(nullptr, 0, nullptr, nullptr)),
              "reading");
static_assert(noexcept(ns_xapian_list_open(nullptr, nullptr, 0, nullptr, nullptr, nullptr)) &&
                  noexcept(ns_xapian_list_close(nullptr)) &&
                  noexcept(ns_xapian_list_read(nullptr, 0, 0, nullptr, nullptr, nullptr, nullptr)) &&
                  noexcept(ns_xapian_positions(nullptr, 0, nullptr, 0, nullptr, nullptr)),
              "postings");
static_assert(noexcept(ns_xapian_put(nullptr, 0, nullptr, nullptr)) && noexcept(ns_xapian_delete(nullptr, 0, nullptr)) &&
                  noexcept(ns_xapian_set_metadata(nullptr, nullptr, ns_xapian_bytes{}, nullptr)) &&
                  noexcept(ns_xapian_spill(nullptr, nullptr)) && noexcept(ns_xapian_commit(nullptr, nullptr)),
              "writing");
static_assert(noexcept(ns_xapian_query_term(nullptr, 0, 0, nullptr)) &&
                  noexcept(ns_xapian_query_join(NS_XAPIAN_AND, nullptr, 0, nullptr)) &&
                  noexcept(ns_xapian_query_free(nullptr)) &&
                  noexcept(ns_xapian_join_all(nullptr, 0, nullptr, nullptr)) && noexcept(ns_xapian_unjoin(nullptr)) &&
                  noexcept(ns_xapian_answer(nullptr, nullptr, nullptr, nullptr, nullptr, nullptr)),
              "matching");

int main()
{
    // all classes of <xapian/error.h>
    CLASS(DocNotFoundError, NSEARCH_NOT_FOUND);
    CLASS(DatabaseNotFoundError, NSEARCH_NOT_FOUND);
    CLASS(DatabaseModifiedError, NSEARCH_CHANGED);
    CLASS(DatabaseLockError, NSEARCH_LOCKED);
    CLASS(NetworkError, NSEARCH_UNREACHABLE);
    CLASS(NetworkTimeoutError, NSEARCH_UNREACHABLE);
    CLASS(DatabaseClosedError, NSEARCH_UNREACHABLE);
    CLASS(DatabaseCorruptError, NSEARCH_DAMAGED);
    CLASS(DatabaseOpeningError, NSEARCH_DAMAGED);
    CLASS(SerialisationError, NSEARCH_DAMAGED);
    CLASS(RangeError, NSEARCH_DAMAGED);
    CLASS(DatabaseVersionError, NSEARCH_UNSUPPORTED);
    CLASS(FeatureUnavailableError, NSEARCH_UNSUPPORTED);
    CLASS(UnimplementedError, NSEARCH_UNSUPPORTED);
    CLASS(InvalidArgumentError, NSEARCH_INVALID);
    CLASS(InvalidOperationError, NSEARCH_INVALID);
    CLASS(QueryParserError, NSEARCH_INVALID);
    CLASS(WildcardError, NSEARCH_INVALID);
    CLASS(DatabaseError, NSEARCH_IO);
    CLASS(DatabaseCreateError, NSEARCH_IO);
    CLASS(AssertionError, NSEARCH_IO);
    CLASS(InternalError, NSEARCH_IO);

    check("no memory", NSEARCH_NO_MEMORY, "", [] { throw std::bad_alloc(); });
    check("standard", NSEARCH_IO, "cannot do it: too long", [] { throw std::length_error("too long"); });
    check("unknown", NSEARCH_IO, "cannot do it: unknown", [] { throw 42; });
    check("system", NSEARCH_IO, "No space left", [] { throw Xapian::DatabaseError("why", 28); });
    check("cut short", NSEARCH_DAMAGED, "EOF", [] { throw Xapian::DatabaseError("EOF reading block 7"); });
    check("nothing", NSEARCH_OK, "", [] {});

    // a text of any length ends within the record
    const std::string endless(5000, 'x');
    check("endless", NSEARCH_IO, "xxx", [&] { throw Xapian::InternalError(endless, endless); });
    std::printf("%d exceptions, %d wrong\n", checks, failed);
    return failed || checks < 29;
}
