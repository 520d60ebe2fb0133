/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_shim.cc - the only C++ file of the tree: calls xapian-core and turns its exceptions into statuses.
 * What is done with it is in the C files beside it.
 */
#include "index/xapian/xapian_shim.h"

#include <unistd.h>

#include <algorithm>
#include <new>
#include <string>
#include <vector>

#include <xapian.h>

#include "index/cursor.h"

struct ns_xapian_work {
    Xapian::WritableDatabase db;
};

struct ns_xapian_reader {
    std::vector<Xapian::Database> parts;
    std::vector<uint32_t> firsts;
    Xapian::Database db; /* all parts */

    Xapian::Database &part_of(uint32_t docid)
    {
        auto after = std::upper_bound(firsts.begin(), firsts.end(), docid);
        if (after == firsts.begin())
            throw Xapian::DocNotFoundError("no such document");
        return parts[size_t(after - firsts.begin()) - 1];
    }
    uint32_t ours(Xapian::docid joined) const
    {
        return uint32_t((joined - 1) / parts.size());
    }
};

struct ns_xapian_list {
    Xapian::PostingIterator at, end;
    const ns_xapian_reader *reader;
    std::vector<uint32_t> positions;
};

struct ns_xapian_query {
    Xapian::Query query;
};

namespace
{

std::string text_of(const void *bytes, size_t n)
{
    return std::string(static_cast<const char *>(bytes), n);
}

nsearch_status meaning(const Xapian::Error &e)
{
    const std::string type = e.get_type();
    if (type == "DocNotFoundError" || type == "DatabaseNotFoundError")
        return NSEARCH_NOT_FOUND;
    if (type == "DatabaseCorruptError" || type == "DatabaseOpeningError" || type == "SerialisationError" ||
        type == "RangeError")
        return NSEARCH_DAMAGED;
    if (type == "DatabaseVersionError" || type == "FeatureUnavailableError" || type == "UnimplementedError")
        return NSEARCH_UNSUPPORTED;
    if (type == "InvalidArgumentError" || type == "InvalidOperationError")
        return NSEARCH_INVALID;
    return NSEARCH_IO;
}

/* Runs 'work'; whatever it throws becomes a status. */
template <typename Work> nsearch_status guarded(nsearch_error *err, const char *doing, Work work) noexcept
{
    try {
        work();
        return NSEARCH_OK;
    } catch (const Xapian::Error &e) {
        const char *reason = e.get_error_string();
        nsearch_status status = meaning(e);
        ns_error_set(err, status, "%s: %.300s%s%s", doing, e.get_msg().c_str(), reason ? ": " : "",
                     reason ? reason : "");
        return status;
    } catch (const std::bad_alloc &) {
        ns_error_memory(err);
        return NSEARCH_NO_MEMORY;
    } catch (const std::exception &e) {
        ns_error_set(err, NSEARCH_IO, "%s: %.300s", doing, e.what());
        return NSEARCH_IO;
    } catch (...) {
        ns_error_set(err, NSEARCH_IO, "%s: unknown failure in the search library", doing);
        return NSEARCH_IO;
    }
}

template <typename Make> ns_xapian_query *made(nsearch_error *err, Make make) noexcept
{
    ns_xapian_query *out = nullptr;
    guarded(err, "cannot build query", [&] { out = new ns_xapian_query{make()}; });
    return out;
}

class Accept : public Xapian::MatchDecider
{
  public:
    explicit Accept(const ns_xapian_match &match) : match_(match)
    {
    }
    /* A document knows its docid within its own database: ours + 1. */
    bool operator()(const Xapian::Document &document) const override
    {
        return match_.accept(document.get_docid() - 1, match_.user);
    }

  private:
    const ns_xapian_match &match_;
};

} // namespace

/* ---- writing */

nsearch_status ns_xapian_work_open(const char *path, ns_xapian_work **work, nsearch_error *err)
{
    return guarded(err, "cannot open work database", [&] {
        *work = new ns_xapian_work{
            Xapian::WritableDatabase(path, Xapian::DB_CREATE_OR_OPEN | Xapian::DB_NO_SYNC | Xapian::DB_BACKEND_GLASS)};
    });
}

void ns_xapian_work_close(ns_xapian_work *work)
{
    if (!work)
        return;
    /* Closed by hand first, so that a failure of the last write is caught here. */
    nsearch_error ignored = NSEARCH_ERROR_INIT;
    guarded(&ignored, "cannot close work database", [&] { work->db.close(); });
    delete work;
}

nsearch_status ns_xapian_work_add(ns_xapian_work *work, uint32_t docid, const ns_xapian_document *document,
                                  nsearch_error *err)
{
    return guarded(err, "cannot add to work database", [&] {
        Xapian::Document d;
        for (size_t i = 0; i < document->term_count; i++) {
            const ns_term &term = document->terms[i];
            const std::string key(term.key, term.length);
            for (uint32_t p = 0; p < term.position_count; p++)
                d.add_posting(key, term.positions[p] + 1, 0);
            if (term.tf || !term.position_count)
                d.add_term(key, term.tf);
        }
        for (size_t i = 0; i < document->flag_count; i++)
            d.add_boolean_term(text_of(document->flags[i].bytes, document->flags[i].n));
        for (unsigned slot = 0; slot < NS_XAPIAN_SLOTS; slot++)
            if (document->values[slot].n)
                d.add_value(slot, text_of(document->values[slot].bytes, document->values[slot].n));
        if (document->data.n)
            d.set_data(text_of(document->data.bytes, document->data.n));
        work->db.replace_document(docid + 1, d);
    });
}

nsearch_status ns_xapian_work_remove(ns_xapian_work *work, uint32_t docid, nsearch_error *err)
{
    return guarded(err, "cannot remove from work database", [&] { work->db.delete_document(docid + 1); });
}

nsearch_status ns_xapian_work_flush(ns_xapian_work *work, nsearch_error *err)
{
    return guarded(err, "cannot write work database", [&] { work->db.commit(); });
}

/* ---- files */

nsearch_status ns_xapian_compact(const char *const *paths, size_t count, const char *to, bool single_file,
                                 nsearch_error *err)
{
    return guarded(err, "cannot write database", [&] {
        Xapian::Database all;
        for (size_t i = 0; i < count; i++)
            all.add_database(Xapian::Database(paths[i]));
        all.compact(to, unsigned(Xapian::DBCOMPACT_NO_RENUMBER | (single_file ? Xapian::DBCOMPACT_SINGLE_FILE : 0)));
    });
}

nsearch_status ns_xapian_check(int fd, const char *name, nsearch_error *err)
{
    size_t faults = 0;
    nsearch_status status = guarded(err, "cannot check database", [&] { faults = Xapian::Database::check(fd); });
    if (!status && faults)
        status = ns_error_set(err, NSEARCH_DAMAGED, "%zu faults in tables of '%s'", faults, name);
    return status;
}

/* ---- reading */

nsearch_status ns_xapian_reader_open(const int *fds, const uint32_t *firsts, size_t count, ns_xapian_reader **reader,
                                     nsearch_error *err)
{
    size_t taken = 0;
    ns_xapian_reader *r = nullptr;
    nsearch_status status = guarded(err, "cannot open database", [&] {
        r = new ns_xapian_reader;
        r->firsts.assign(firsts, firsts + count);
        r->parts.reserve(count);
        while (taken < count) {
            int fd = fds[taken++]; /* Xapian closes it, whatever happens */
            r->parts.push_back(Xapian::Database(fd));
            r->db.add_database(r->parts.back());
        }
    });
    for (; taken < count; taken++)
        close(fds[taken]);
    if (status)
        delete r;
    else
        *reader = r;
    return status;
}

void ns_xapian_reader_close(ns_xapian_reader *reader)
{
    delete reader;
}

nsearch_status ns_xapian_totals(ns_xapian_reader *reader, uint64_t *documents, uint64_t *length, nsearch_error *err)
{
    return guarded(err, "cannot read database", [&] {
        uint64_t n = reader->db.get_doccount(), sum = reader->db.get_total_length();
        *documents = n;
        *length = sum;
    });
}

nsearch_status ns_xapian_frequency(ns_xapian_reader *reader, const void *key, size_t n, uint64_t *df,
                                   nsearch_error *err)
{
    return guarded(err, "cannot read term", [&] { *df = reader->db.get_termfreq(text_of(key, n)); });
}

nsearch_status ns_xapian_coverage(ns_xapian_reader *reader, const void *key, size_t n, bool *some, bool *every,
                                  nsearch_error *err)
{
    return guarded(err, "cannot read term", [&] {
        const std::string term = text_of(key, n);
        size_t covered = 0;
        for (const Xapian::Database &part : reader->parts)
            covered += part.get_termfreq(term) == part.get_doccount();
        *some = covered > 0;
        *every = covered == reader->parts.size();
    });
}

nsearch_status ns_xapian_walk(ns_xapian_reader *reader, const void *prefix, size_t n,
                              bool (*each)(const char *key, size_t length, uint64_t df, void *user), void *user,
                              nsearch_error *err)
{
    return guarded(err, "cannot read terms", [&] {
        const std::string start = text_of(prefix, n);
        for (auto it = reader->db.allterms_begin(start); it != reader->db.allterms_end(start); ++it) {
            const std::string key = *it;
            if (!each(key.data(), key.size(), it.get_termfreq(), user))
                return;
        }
    });
}

nsearch_status ns_xapian_length(ns_xapian_reader *reader, uint32_t docid, uint32_t *length, nsearch_error *err)
{
    return guarded(err, "cannot read length",
                   [&] { *length = reader->part_of(docid).get_doclength(docid + 1); });
}

nsearch_status ns_xapian_get(ns_xapian_reader *reader, uint32_t docid, int slot, ns_buffer *out, nsearch_error *err)
{
    return guarded(err, "cannot read document", [&] {
        const Xapian::Document d = reader->part_of(docid).get_document(docid + 1);
        const std::string bytes = slot < 0 ? d.get_data() : d.get_value(Xapian::valueno(slot));
        ns_buffer_add(out, bytes.data(), bytes.size());
        if (out->failed)
            throw std::bad_alloc();
    });
}

nsearch_status ns_xapian_values(ns_xapian_reader *reader, int slot,
                                bool (*each)(uint32_t docid, const void *bytes, size_t n, void *user), void *user,
                                nsearch_error *err)
{
    return guarded(err, "cannot read values", [&] {
        const auto end = reader->db.valuestream_end(Xapian::valueno(slot));
        for (auto it = reader->db.valuestream_begin(Xapian::valueno(slot)); it != end; ++it) {
            const std::string value = *it;
            if (!each(reader->ours(it.get_docid()), value.data(), value.size(), user))
                return;
        }
    });
}

nsearch_status ns_xapian_list_open(ns_xapian_reader *reader, const void *key, size_t n, ns_xapian_list **list,
                                   uint32_t *docid, uint32_t *df, nsearch_error *err)
{
    ns_xapian_list *l = nullptr;
    nsearch_status status = guarded(err, "cannot read postings", [&] {
        const std::string term = text_of(key, n);
        const auto at = reader->db.postlist_begin(term), end = reader->db.postlist_end(term);
        if (at == end)
            return;
        const Xapian::doccount count = reader->db.get_termfreq(term);
        l = new ns_xapian_list{at, end, reader, {}};
        *docid = reader->ours(*at);
        *df = count;
    });
    if (status)
        delete l;
    else
        *list = l;
    return status;
}

void ns_xapian_list_close(ns_xapian_list *list)
{
    delete list;
}

nsearch_status ns_xapian_list_next(ns_xapian_list *list, uint32_t *docid, nsearch_error *err)
{
    return guarded(err, "cannot read postings", [&] {
        ++list->at;
        *docid = list->at == list->end ? NS_DOCID_END : list->reader->ours(*list->at);
    });
}

nsearch_status ns_xapian_list_seek(ns_xapian_list *list, uint32_t target, uint32_t *docid, nsearch_error *err)
{
    return guarded(err, "cannot read postings", [&] {
        const uint64_t joined = uint64_t(target) * list->reader->parts.size() + 1;
        if (joined > UINT32_MAX)
            list->at = list->end;
        else if (list->at != list->end)
            list->at.skip_to(Xapian::docid(joined));
        *docid = list->at == list->end ? NS_DOCID_END : list->reader->ours(*list->at);
    });
}

nsearch_status ns_xapian_list_wdf(ns_xapian_list *list, uint32_t *wdf, nsearch_error *err)
{
    return guarded(err, "cannot read postings", [&] { *wdf = list->at.get_wdf(); });
}

nsearch_status ns_xapian_list_positions(ns_xapian_list *list, const uint32_t **positions, size_t *count,
                                        nsearch_error *err)
{
    return guarded(err, "cannot read positions", [&] {
        list->positions.clear();
        for (auto p = list->at.positionlist_begin(); p != list->at.positionlist_end(); ++p)
            list->positions.push_back(*p - 1);
        *positions = list->positions.data();
        *count = list->positions.size();
    });
}

/* ---- matching */

ns_xapian_query *ns_xapian_query_term(const void *key, size_t n, double factor, nsearch_error *err)
{
    return made(err, [&] {
        const Xapian::Query term(text_of(key, n));
        return factor == 1.0 ? term : Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT, term, factor);
    });
}

ns_xapian_query *ns_xapian_query_range(int slot, ns_xapian_bytes first, ns_xapian_bytes last, nsearch_error *err)
{
    return made(err, [&] {
        return Xapian::Query(Xapian::Query::OP_VALUE_RANGE, Xapian::valueno(slot), text_of(first.bytes, first.n),
                             text_of(last.bytes, last.n));
    });
}

ns_xapian_query *ns_xapian_query_all(nsearch_error *err)
{
    return made(err, [] { return Xapian::Query::MatchAll; });
}

ns_xapian_query *ns_xapian_query_join(ns_xapian_join join, ns_xapian_query *const *children, size_t count,
                                      nsearch_error *err)
{
    const bool whole = std::find(children, children + count, nullptr) == children + count;
    ns_xapian_query *out = !whole ? nullptr : made(err, [&] {
        std::vector<Xapian::Query> parts;
        for (size_t i = 0; i < count; i++)
            parts.push_back(children[i]->query);
        using Xapian::Query;
        switch (join) {
        case NS_XAPIAN_AND:
            return Query(Query::OP_AND, parts.begin(), parts.end());
        case NS_XAPIAN_OR:
            return Query(Query::OP_OR, parts.begin(), parts.end());
        case NS_XAPIAN_NOT:
            return Query(Query::OP_AND_NOT, parts.at(0), parts.at(1));
        case NS_XAPIAN_PHRASE:
            return Query(Query::OP_PHRASE, parts.begin(), parts.end(), Xapian::termcount(parts.size()));
        case NS_XAPIAN_RANK:
            return Query(Query::OP_AND_MAYBE, Query(Query::OP_SCALE_WEIGHT, parts.at(0), 0.0), parts.at(1));
        }
        return Query();
    });
    for (size_t i = 0; i < count; i++)
        ns_xapian_query_free(children[i]);
    return out;
}

void ns_xapian_query_free(ns_xapian_query *query)
{
    delete query;
}

nsearch_status ns_xapian_answer(ns_xapian_reader *reader, const ns_xapian_match *match, ns_xapian_hit *hits,
                                size_t *count, nsearch_error *err)
{
    return guarded(err, "cannot match", [&] {
        Xapian::Enquire enquire(reader->db);
        enquire.set_weighting_scheme(Xapian::BM25Weight(match->k1, 0, 0, match->b, 0));
        enquire.set_query(match->query->query);
        enquire.set_docid_order(Xapian::Enquire::ASCENDING);
        const Accept accept(*match);
        const Xapian::doccount documents = reader->db.get_doccount();
        const Xapian::doccount limit = Xapian::doccount(std::min<size_t>(match->limit, documents));
        const Xapian::MSet set = enquire.get_mset(0, limit, match->all ? documents : 0, nullptr, &accept);
        size_t n = 0;
        for (auto it = set.begin(); it != set.end(); ++it, ++n)
            hits[n] = ns_xapian_hit{it.get_weight(), reader->ours(*it)};
        *count = n;
    });
}
