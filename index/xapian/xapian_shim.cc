/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_shim.cc - the only C++ of the library: calls xapian-core and turns its exceptions into statuses (xapian_errors.h).
 * What is done with it is in the C files beside it.
 */
#include "index/xapian/xapian_shim.h"

#include "index/xapian/xapian_errors.h"

#include <algorithm>
#include <new>
#include <string>
#include <vector>

#include <xapian.h>

#include "index/xapian/xapian_program.h"

struct ns_xapian_db {
    Xapian::Database db;
    Xapian::WritableDatabase writable; /* the same, where it was opened to write */
    bool remote, to_write;
};

struct ns_xapian_list {
    Xapian::PostingIterator at, end;
};

struct ns_xapian_query {
    Xapian::Query query;
};

struct ns_xapian_joined {
    Xapian::Database db;
    size_t parts;
};

using ns_xapian::guarded;

namespace
{

std::string text_of(const void *bytes, size_t n)
{
    return std::string(static_cast<const char *>(bytes), n);
}

template <typename Make> ns_xapian_query *made(nsearch_error *err, Make make) noexcept
{
    ns_xapian_query *out = nullptr;
    guarded(err, "cannot build query", [&] { out = new ns_xapian_query{make()}; });
    return out;
}

std::string arguments_of(const ns_shard &shard)
{
    return std::string(NS_XAPIAN_STARTER_ARGUMENTS) + shard.where + " " + (shard.arguments ? shard.arguments : "");
}

Xapian::WritableDatabase open_to_write(const ns_shard &shard, unsigned timeout_ms)
{
    switch (shard.kind) {
    case NS_SHARD_DIRECTORY:
        return Xapian::WritableDatabase(shard.where, Xapian::DB_CREATE_OR_OPEN | Xapian::DB_BACKEND_GLASS);
    case NS_SHARD_TCP:
        return Xapian::Remote::open_writable(shard.where, shard.port, timeout_ms, timeout_ms);
    case NS_SHARD_PROGRAM:
        return Xapian::Remote::open_writable(NS_XAPIAN_STARTER, arguments_of(shard), timeout_ms);
    }
    throw Xapian::InvalidArgumentError("unknown kind of shard");
}

Xapian::Database open_to_read(const ns_shard &shard, unsigned timeout_ms)
{
    switch (shard.kind) {
    case NS_SHARD_DIRECTORY:
        return Xapian::Database(shard.where);
    case NS_SHARD_TCP:
        return Xapian::Remote::open(shard.where, shard.port, timeout_ms, timeout_ms);
    case NS_SHARD_PROGRAM:
        return Xapian::Remote::open(NS_XAPIAN_STARTER, arguments_of(shard), timeout_ms);
    }
    throw Xapian::InvalidArgumentError("unknown kind of shard");
}

} // namespace

/* ---- one database */

nsearch_status ns_xapian_open(const ns_shard *shard, unsigned timeout_ms, bool to_write, ns_xapian_db **db,
                              nsearch_error *err) noexcept
{
    ns_xapian_children before;
    if (shard->kind == NS_SHARD_PROGRAM)
        ns_xapian_children_note(&before);
    const nsearch_status status = guarded(err, "cannot open database", [&] {
        const bool remote = shard->kind != NS_SHARD_DIRECTORY;
        if (!to_write) {
            *db = new ns_xapian_db{open_to_read(*shard, timeout_ms), Xapian::WritableDatabase(), remote, false};
            return;
        }
        Xapian::WritableDatabase writable = open_to_write(*shard, timeout_ms);
        /* Without a transaction glass would commit by itself, after so many documents. */
        if (!remote)
            writable.begin_transaction();
        *db = new ns_xapian_db{writable, writable, remote, true};
    });
    if (status && shard->kind == NS_SHARD_PROGRAM)
        ns_xapian_children_reap(&before);
    return status;
}

void ns_xapian_close(ns_xapian_db *db) noexcept
{
    if (!db)
        return;
    /* By hand first, so that a failure at the end is caught here. What was not committed is dropped. */
    guarded(nullptr, "cannot close database", [&] {
        if (db->to_write && !db->remote)
            db->writable.cancel_transaction();
    });
    guarded(nullptr, "cannot close database", [&] { db->db.close(); });
    delete db;
}

nsearch_status ns_xapian_totals(ns_xapian_db *db, uint64_t *documents, uint64_t *length, nsearch_error *err) noexcept
{
    return guarded(err, "cannot read database", [&] {
        const uint64_t n = db->db.get_doccount(), sum = db->db.get_total_length();
        *documents = n;
        *length = sum;
    });
}

nsearch_status ns_xapian_metadata(ns_xapian_db *db, const char *key, ns_buffer *out, nsearch_error *err) noexcept
{
    return guarded(err, "cannot read state", [&] {
        const std::string bytes = db->db.get_metadata(key);
        ns_buffer_add(out, bytes.data(), bytes.size());
        if (out->failed)
            throw std::bad_alloc();
    });
}

nsearch_status ns_xapian_frequency(ns_xapian_db *db, const void *key, size_t n, uint64_t *df, nsearch_error *err) noexcept
{
    return guarded(err, "cannot read term", [&] { *df = db->db.get_termfreq(text_of(key, n)); });
}

nsearch_status ns_xapian_walk(ns_xapian_db *db, const void *prefix, size_t n,
                              bool (*each)(const char *key, size_t length, uint64_t df, void *user), void *user,
                              nsearch_error *err) noexcept
{
    return guarded(err, "cannot read terms", [&] {
        const std::string start = text_of(prefix, n);
        for (auto it = db->db.allterms_begin(start); it != db->db.allterms_end(start); ++it) {
            const std::string key = *it;
            if (!each(key.data(), key.size(), it.get_termfreq(), user))
                return;
        }
    });
}

nsearch_status ns_xapian_get(ns_xapian_db *db, uint32_t docid, int slot, ns_buffer *out, nsearch_error *err) noexcept
{
    return guarded(err, "cannot read document", [&] {
        const Xapian::Document d = db->db.get_document(docid + 1);
        const std::string bytes = slot < 0 ? d.get_data() : d.get_value(Xapian::valueno(slot));
        ns_buffer_add(out, bytes.data(), bytes.size());
        if (out->failed)
            throw std::bad_alloc();
    });
}

nsearch_status ns_xapian_terms_of(ns_xapian_db *db, uint32_t docid,
                                  void (*each)(const char *key, size_t length, uint32_t tf, void *user), void *user,
                                  nsearch_error *err) noexcept
{
    return guarded(err, "cannot read document", [&] {
        const auto end = db->db.termlist_end(docid + 1);
        for (auto it = db->db.termlist_begin(docid + 1); it != end; ++it) {
            const std::string key = *it;
            each(key.data(), key.size(), it.get_wdf(), user);
        }
    });
}

nsearch_status ns_xapian_length(ns_xapian_db *db, uint32_t docid, uint32_t *length, nsearch_error *err) noexcept
{
    return guarded(err, "cannot read length", [&] { *length = db->db.get_doclength(docid + 1); });
}

/* ---- posting lists */

nsearch_status ns_xapian_list_open(ns_xapian_db *db, const void *key, size_t n, ns_xapian_list **list, uint32_t *df,
                                   nsearch_error *err) noexcept
{
    *list = nullptr;
    return guarded(err, "cannot read postings", [&] {
        const std::string term = text_of(key, n);
        const auto at = db->db.postlist_begin(term), end = db->db.postlist_end(term);
        if (at == end)
            return;
        *df = db->db.get_termfreq(term);
        *list = new ns_xapian_list{at, end};
    });
}

void ns_xapian_list_close(ns_xapian_list *list) noexcept
{
    delete list;
}

nsearch_status ns_xapian_list_read(ns_xapian_list *list, uint32_t target, size_t room, uint32_t *docids,
                                   uint32_t *freqs, size_t *n, nsearch_error *err) noexcept
{
    *n = 0;
    return guarded(err, "cannot read postings", [&] {
        size_t count = 0;
        if (list->at != list->end && *list->at <= target)
            list->at.skip_to(target + 1);
        for (; count < room && list->at != list->end; ++list->at, ++count) {
            docids[count] = *list->at - 1;
            freqs[count] = list->at.get_wdf();
        }
        *n = count;
    });
}

nsearch_status ns_xapian_positions(ns_xapian_db *db, uint32_t docid, const void *key, size_t n, ns_buffer *positions,
                                   nsearch_error *err) noexcept
{
    return guarded(err, "cannot read positions", [&] {
        const std::string term = text_of(key, n);
        const auto end = db->db.positionlist_end(docid + 1, term);
        for (auto p = db->db.positionlist_begin(docid + 1, term); p != end; ++p) {
            const uint32_t position = *p - 1;
            ns_buffer_add(positions, &position, sizeof position);
        }
        if (positions->failed)
            throw std::bad_alloc();
    });
}

/* ---- writing */

nsearch_status ns_xapian_put(ns_xapian_db *db, uint32_t docid, const ns_xapian_document *document, nsearch_error *err) noexcept
{
    return guarded(err, "cannot add to database", [&] {
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
        db->writable.replace_document(docid + 1, d);
    });
}

nsearch_status ns_xapian_delete(ns_xapian_db *db, uint32_t docid, nsearch_error *err) noexcept
{
    return guarded(err, "cannot remove from database", [&] { db->writable.delete_document(docid + 1); });
}

nsearch_status ns_xapian_set_metadata(ns_xapian_db *db, const char *key, ns_xapian_bytes value, nsearch_error *err) noexcept
{
    return guarded(err, "cannot write state",
                   [&] { db->writable.set_metadata(key, value.n ? text_of(value.bytes, value.n) : std::string()); });
}

nsearch_status ns_xapian_spill(ns_xapian_db *db, nsearch_error *err) noexcept
{
    /* There is no call for this; but to list all terms, and to say whether there are positions, glass first puts what
     * it holds into its tables. */
    return guarded(err, "cannot write database", [&] {
        db->writable.allterms_begin();
        db->writable.has_positions();
    });
}

nsearch_status ns_xapian_commit(ns_xapian_db *db, nsearch_error *err) noexcept
{
    return guarded(err, "cannot commit", [&] {
        if (db->remote) {
            db->writable.commit();
        } else {
            db->writable.commit_transaction();
            db->writable.begin_transaction();
        }
    });
}

/* ---- matching */

ns_xapian_query *ns_xapian_query_term(const void *key, size_t n, double factor, nsearch_error *err) noexcept
{
    return made(err, [&] {
        const Xapian::Query term(text_of(key, n));
        return factor == 1.0 ? term : Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT, term, factor);
    });
}

ns_xapian_query *ns_xapian_query_join(ns_xapian_join join, ns_xapian_query *const *children, size_t count,
                                      nsearch_error *err) noexcept
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
        case NS_XAPIAN_WITHIN:
            return Query(Query::OP_FILTER, parts.at(1), parts.at(0));
        }
        return Query();
    });
    for (size_t i = 0; i < count; i++)
        ns_xapian_query_free(children[i]);
    return out;
}

void ns_xapian_query_free(ns_xapian_query *query) noexcept
{
    delete query;
}

nsearch_status ns_xapian_join_all(ns_xapian_db *const *dbs, size_t count, ns_xapian_joined **joined, nsearch_error *err) noexcept
{
    ns_xapian_joined *j = nullptr;
    nsearch_status status = guarded(err, "cannot join databases", [&] {
        j = new ns_xapian_joined{Xapian::Database(), count};
        for (size_t i = 0; i < count; i++)
            j->db.add_database(dbs[i]->db);
    });
    if (status)
        delete j;
    else
        *joined = j;
    return status;
}

void ns_xapian_unjoin(ns_xapian_joined *joined) noexcept
{
    delete joined;
}

nsearch_status ns_xapian_frequencies(ns_xapian_joined *joined, const ns_xapian_bytes *keys, size_t count, uint64_t *dfs,
                                     nsearch_error *err) noexcept
{
    return guarded(err, "cannot read terms", [&] {
        std::vector<std::string> terms;
        for (size_t i = 0; i < count; i++)
            terms.push_back(text_of(keys[i].bytes, keys[i].n));
        /* A server tells with its matches how frequent each of the query's terms is. */
        Xapian::Enquire enquire(joined->db);
        enquire.set_weighting_scheme(Xapian::BoolWeight());
        enquire.set_query(Xapian::Query(Xapian::Query::OP_OR, terms.begin(), terms.end()));
        const Xapian::MSet set = enquire.get_mset(0, 1);
        for (size_t i = 0; i < count; i++)
            dfs[i] = set.get_termfreq(terms[i]);
    });
}

nsearch_status ns_xapian_answer(ns_xapian_joined *joined, const ns_xapian_match *match, ns_xapian_hit *hits,
                                size_t *count, uint64_t *found, nsearch_error *err) noexcept
{
    return guarded(err, "cannot match", [&] {
        Xapian::Enquire enquire(joined->db);
        if (match->wdf)
            enquire.set_weighting_scheme(Xapian::TfIdfWeight("nnn"));
        else if (match->k1 < 0)
            enquire.set_weighting_scheme(Xapian::BoolWeight());
        else
            enquire.set_weighting_scheme(Xapian::BM25Weight(match->k1, 0, 0, match->b, 0));
        enquire.set_query(match->query->query);
        enquire.set_docid_order(Xapian::Enquire::ASCENDING);
        Xapian::ValueCountMatchSpy values(Xapian::valueno(std::max(match->slot, 0)));
        if (match->slot >= 0)
            enquire.add_matchspy(&values);
        const Xapian::doccount documents = joined->db.get_doccount();
        const Xapian::doccount limit = Xapian::doccount(std::min<size_t>(match->limit, documents));
        /* All matches are scored. Where 1.4.22 may skip, it leaves out one of the best in some hundred thousand queries. */
        const Xapian::MSet set = enquire.get_mset(0, limit, documents);
        size_t n = 0;
        for (auto it = set.begin(); it != set.end(); ++it, ++n)
            hits[n] = ns_xapian_hit{it.get_weight(), uint32_t((*it - 1) / joined->parts),
                                    uint32_t((*it - 1) % joined->parts)};
        if (match->slot >= 0)
            for (auto it = values.values_begin(); it != values.values_end(); ++it) {
                const std::string value = *it;
                if (!match->each(value.data(), value.size(), match->user))
                    break;
            }
        *count = n;
        if (found)
            *found = set.get_matches_estimated();
    });
}
