// SPDX-License-Identifier: GPL-2.0-or-later
//
// compared_xapian.cc - Xapian by itself, as its guide has it: stems, positions, the article as the document's
// data.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <xapian.h>

#include "tests/faults/compared.h"

static const char *const queries[COMPARED_QUERIES] = {
    "minister talks",
    "\"talks would go\"",
    "kim",
    "title:harbour OR title:storm",
    "w1* NOT w12",
    "w3 w7 w11",
    "source:wire AND w5",
    "ministers harbours",
};

static std::string path_of(const char *dir)
{
    return std::string(dir) + "/db";
}

static void make(const char *dir)
{
    try {
        Xapian::WritableDatabase db(path_of(dir), Xapian::DB_CREATE_OR_OPEN);
        Xapian::TermGenerator terms;
        terms.set_stemmer(Xapian::Stem("english"));
        static compared_article a;
        for (uint32_t i = 0; i < COMPARED_ARTICLES; i++) {
            compared_article_make(i, &a);
            Xapian::Document document;
            terms.set_document(document);
            terms.set_termpos(0);
            terms.index_text(a.title, 1, "S");
            terms.index_text(a.source, 1, "A");
            terms.index_text(a.title);
            terms.increase_termpos();
            terms.index_text(a.text);
            document.set_data(std::string(a.id) + "\n" + a.title + "\n" + a.text);
            db.add_document(document);
        }
        db.commit();
        db.close();
        Xapian::Database(path_of(dir)).compact(std::string(dir) + "/compact");
    } catch (const Xapian::Error &e) {
        std::fprintf(stderr, "xapian: %s\n", e.get_msg().c_str());
        std::exit(2);
    }
}

static void ask_one(const Xapian::Database &db, const char *text, compared_answer *answer)
{
    Xapian::QueryParser parser;
    parser.set_stemmer(Xapian::Stem("english"));
    parser.set_database(db);
    parser.add_prefix("title", "S");
    parser.add_prefix("source", "A");
    Xapian::Enquire enquire(db);
    enquire.set_query(
        parser.parse_query(text, Xapian::QueryParser::FLAG_DEFAULT | Xapian::QueryParser::FLAG_WILDCARD));
    Xapian::MSet hits = enquire.get_mset(0, COMPARED_HITS);
    for (Xapian::MSetIterator i = hits.begin(); i != hits.end(); ++i) {
        std::string data = i.get_document().get_data();
        double score = i.get_weight();
        answer->hash = compared_mix(answer->hash, data.data(), data.size());
        answer->hash = compared_mix(answer->hash, &score, sizeof score);
    }
}

static void ask(const char *dir, compared_answer answers[COMPARED_QUERIES])
{
    for (int q = 0; q < COMPARED_QUERIES; q++)
        answers[q] = compared_answer{true, 1};
    try {
        Xapian::Database db(std::string(dir) + "/compact");
        for (int q = 0; q < COMPARED_QUERIES; q++)
            try {
                ask_one(db, queries[q], &answers[q]);
                answers[q].told = false;
            } catch (const Xapian::Error &) {
            } catch (const std::exception &) { // std::bad_alloc: it says something
            }
    } catch (const Xapian::Error &) {
    } catch (const std::exception &) {
    }
}

const compared compared_xapian = {"Xapian", make, ask};
