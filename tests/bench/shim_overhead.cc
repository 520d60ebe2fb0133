// SPDX-License-Identifier: GPL-2.0-or-later
//
// shim_overhead.cc - what the C shim adds to Xapian: the same random queries, asked of one database by a program that calls
// Xapian directly, and through the shim. The hits must be the same; processor time is taken in turns, the least of each query
// summed. For information also as a plan of the engine: it weighs terms otherwise, so Xapian prunes otherwise, and besides
// it looks up frequencies and groups passages by their article.
//
//     shim_overhead DATABASE [QUERIES] [ROUNDS]               the comparison
//     shim_overhead DATABASE QUERIES direct|shim|engine|none  one of them alone, to count instructions of (test_shim.sh)
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <random>
#include <string>
#include <vector>

#include <xapian.h>

#include "index/xapian/xapian_shim.h"
extern "C" {
#include "index/backend.h"
}

namespace
{

constexpr double K1 = 0.9, B = 0.4;
constexpr size_t ARTICLES = 10, PASSAGES = ARTICLES * 4 + 16; // what the engine asks for first

struct query_term {
    std::string key;
    double factor;
};
using query = std::vector<query_term>;
using hits = std::vector<ns_xapian_hit>;

nsearch_error err = NSEARCH_ERROR_INIT;

void must(nsearch_status status)
{
    if (status) {
        std::fprintf(stderr, "%s\n", err.text);
        std::exit(2);
    }
}

/* Words that stand together in some passage: frequent ones are drawn more often, as in real queries. */
std::vector<query> make_queries(const Xapian::Database &db, size_t count)
{
    std::mt19937 draw(7);
    std::vector<query> queries;
    while (queries.size() < count) {
        std::vector<std::string> words;
        const Xapian::docid docid = 1 + draw() % db.get_lastdocid();
        try {
            for (auto t = db.termlist_begin(docid); t != db.termlist_end(docid); ++t)
                if ((*t)[0] == 'w')
                    words.push_back(*t);
        } catch (const Xapian::DocNotFoundError &) {
            continue;
        }
        if (words.empty())
            continue;
        query q;
        for (size_t n = 1 + draw() % 6; q.size() < n && !words.empty();) {
            const size_t i = draw() % words.size();
            q.push_back({words[i], 0.5 + draw() % 1000 / 250.0});
            words.erase(words.begin() + long(i));
        }
        queries.push_back(q);
    }
    return queries;
}

/* ---- three ways */

void ask_direct(const Xapian::Database &db, const query &q, hits &out)
{
    std::vector<Xapian::Query> terms;
    for (const auto &t : q)
        terms.push_back(Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT, Xapian::Query(t.key), t.factor));
    Xapian::Enquire enquire(db);
    enquire.set_weighting_scheme(Xapian::BM25Weight(K1, 0, 0, B, 0));
    enquire.set_query(Xapian::Query(Xapian::Query::OP_OR, terms.begin(), terms.end()));
    enquire.set_docid_order(Xapian::Enquire::ASCENDING);
    const Xapian::MSet set = enquire.get_mset(0, PASSAGES, db.get_doccount()); /* every match, as the engine asks */
    out.clear();
    for (auto it = set.begin(); it != set.end(); ++it)
        out.push_back({it.get_weight(), *it - 1, 0});
}

void ask_shim(ns_xapian_joined *joined, const query &q, hits &out)
{
    ns_xapian_query *terms[8];
    size_t n = 0;
    for (const auto &t : q)
        terms[n++] = ns_xapian_query_term(t.key.data(), t.key.size(), t.factor, &err);
    ns_xapian_match match = {};
    ns_xapian_query *whole = ns_xapian_query_join(NS_XAPIAN_OR, terms, n, &err);
    match.query = whole;
    match.k1 = K1;
    match.b = B;
    match.limit = PASSAGES;
    match.slot = -1;
    out.resize(PASSAGES);
    if (!whole)
        must(err.status);
    must(ns_xapian_answer(joined, &match, out.data(), &n, nullptr, &err));
    out.resize(n);
    ns_xapian_query_free(whole);
}

void ask_engine(ns_snapshot *snapshot, const query &q)
{
    std::vector<ns_weight> weights;
    ns_candidate candidates[ARTICLES];
    ns_snapshot_stats stats;
    size_t n;
    uint64_t found;
    bool at_least;
    must(snapshot->backend->stats(snapshot, &stats, &err));
    for (const auto &t : q) {
        ns_weight w = {};
        w.key = t.key.data();
        w.key_length = uint32_t(t.key.size());
        w.weight = t.factor;
        weights.push_back(w);
    }
    ns_plan plan = {};
    plan.weights = weights.data();
    plan.weight_count = weights.size();
    plan.k1 = K1;
    plan.b = B;
    plan.average_length = double(stats.total_length) / double(stats.passages);
    must(snapshot->backend->answer(snapshot, &plan, ARTICLES, candidates, &n, &found, &at_least, &err));
}

/* ---- comparing */

double now()
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return double(t.tv_sec) + 1e-9 * double(t.tv_nsec);
}

template <typename Work> void timed(double &least, Work work)
{
    const double begin = now();
    work();
    const double taken = now() - begin;
    least = std::min(least, taken);
}

bool same(const hits &a, const hits &b)
{
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](const auto &x, const auto &y) {
               return x.docid == y.docid && x.score == y.score;
           });
}

int compare(const Xapian::Database &db, ns_xapian_joined *joined, ns_snapshot *engine, const std::vector<query> &queries,
            int rounds)
{
    double sums[3] = {0, 0, 0};
    size_t found = 0;
    for (const query &q : queries) {
        double least[3] = {1e9, 1e9, 1e9};
        hits a, b;
        for (int round = 0; round < rounds; round++) {
            if (round % 2)
                timed(least[1], [&] { ask_shim(joined, q, b); });
            timed(least[0], [&] { ask_direct(db, q, a); });
            if (round % 2 == 0)
                timed(least[1], [&] { ask_shim(joined, q, b); });
            timed(least[2], [&] { ask_engine(engine, q); });
            if (!same(a, b)) {
                std::printf("FAIL: other hits through the shim for '%s' ...\n", q[0].key.c_str());
                return 1;
            }
        }
        found += a.size();
        for (int i = 0; i < 3; i++)
            sums[i] += least[i];
    }
    const double each = 1e6 / double(queries.size());
    std::printf("%zu queries, %zu hits, all the same; direct %.1f us, through the shim %.1f us: %.3f times; as a plan of the "
                "engine %.1f us\n", queries.size(), found, sums[0] * each, sums[1] * each, sums[1] / sums[0], sums[2] * each);
    return found == 0;
}

int one_way(const Xapian::Database &db, ns_xapian_joined *joined, ns_snapshot *engine, const std::vector<query> &queries,
            const char *way)
{
    hits out;
    for (const query &q : queries) {
        if (!std::strcmp(way, "direct"))
            ask_direct(db, q, out);
        else if (!std::strcmp(way, "shim"))
            ask_shim(joined, q, out);
        else if (!std::strcmp(way, "engine"))
            ask_engine(engine, q);
        else if (std::strcmp(way, "none") != 0)
            return 2;
    }
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "usage: shim_overhead DATABASE [QUERIES] [ROUNDS|direct|shim|engine|none]\n");
        return 2;
    }
    const size_t count = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 500;
    const char *way = argc > 3 ? argv[3] : "20";
    const int rounds = std::atoi(way);
    ns_shard shard = {};
    shard.name = "database";
    shard.kind = NS_SHARD_DIRECTORY;
    shard.where = argv[1];
    ns_xapian_db *db;
    ns_xapian_joined *joined;
    ns_snapshot *engine;
    const Xapian::Database direct(argv[1]);
    must(ns_xapian_open(&shard, 0, false, &db, &err));
    must(ns_xapian_join_all(&db, 1, &joined, &err));
    must(ns_shards_open(&shard, 1, 0, &engine, &err));
    const std::vector<query> queries = make_queries(direct, count);
    const int code = rounds > 0 ? compare(direct, joined, engine, queries, rounds) : one_way(direct, joined, engine, queries, way);
    engine->backend->close(engine);
    ns_xapian_unjoin(joined);
    ns_xapian_close(db);
    return code;
}
