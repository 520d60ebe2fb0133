/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * compared_sqlite.c - SQLite's FTS5, as its manual has it: one table, Porter stems, ranked by bm25.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/faults/compared.h"

static const char *const queries[COMPARED_QUERIES] = {
    "minister OR talks",
    "\"talks would go\"",
    "kim",
    "title:harbour OR title:storm",
    "w1* NOT w12",
    "w3 OR w7 OR w11",
    "source:wire AND w5",
    "ministers OR harbours",
};

static void path_of(const char *dir, char path[600])
{
    snprintf(path, 600, "%s/index.db", dir);
}

static void must(int code, sqlite3 *db)
{
    if (code != SQLITE_OK && code != SQLITE_DONE) {
        fprintf(stderr, "sqlite: %s\n", sqlite3_errmsg(db));
        exit(2);
    }
}

static void make(const char *dir)
{
    char path[600];
    sqlite3 *db;
    sqlite3_stmt *insert;
    static compared_article a;
    path_of(dir, path);
    must(sqlite3_open(path, &db), db);
    must(sqlite3_exec(db,
                      "CREATE VIRTUAL TABLE articles USING fts5(id UNINDEXED, title, text, source, tokenize "
                      "= 'porter unicode61'); BEGIN",
                      NULL, NULL, NULL),
         db);
    must(sqlite3_prepare_v2(db, "INSERT INTO articles VALUES (?, ?, ?, ?)", -1, &insert, NULL), db);
    for (uint32_t i = 0; i < COMPARED_ARTICLES; i++) {
        compared_article_make(i, &a);
        const char *const values[] = {a.id, a.title, a.text, a.source};
        for (int k = 0; k < 4; k++)
            must(sqlite3_bind_text(insert, k + 1, values[k], -1, SQLITE_STATIC), db);
        must(sqlite3_step(insert), db);
        must(sqlite3_reset(insert), db);
    }
    must(sqlite3_finalize(insert), db);
    must(sqlite3_exec(db, "COMMIT; INSERT INTO articles(articles) VALUES ('optimize'); VACUUM", NULL, NULL,
                      NULL),
         db);
    must(sqlite3_close(db), db);
}

static void ask_one(sqlite3 *db, const char *query, compared_answer *answer)
{
    sqlite3_stmt *select = NULL;
    int code = sqlite3_prepare_v2(
        db, "SELECT id, title, text, rank FROM articles WHERE articles MATCH ? ORDER BY rank, rowid LIMIT 8",
        -1, &select, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_bind_text(select, 1, query, -1, SQLITE_STATIC);
    while (code == SQLITE_OK && (code = sqlite3_step(select)) == SQLITE_ROW) {
        for (int k = 0; k < 3; k++) {
            const void *text = sqlite3_column_text(select, k);
            if (text)
                answer->hash =
                    compared_mix(answer->hash, text, (unsigned long)sqlite3_column_bytes(select, k));
        }
        double score = sqlite3_column_double(select, 3);
        answer->hash = compared_mix(answer->hash, &score, sizeof score);
        code = SQLITE_OK;
    }
    answer->told = code != SQLITE_OK && code != SQLITE_DONE;
    sqlite3_finalize(select);
}

static void ask(const char *dir, compared_answer answers[COMPARED_QUERIES])
{
    char path[600];
    sqlite3 *db = NULL;
    path_of(dir, path);
    int code = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL);
    for (int q = 0; q < COMPARED_QUERIES; q++) {
        answers[q] = (compared_answer){code != SQLITE_OK, 1};
        if (code == SQLITE_OK)
            ask_one(db, queries[q], &answers[q]);
    }
    sqlite3_close(db);
}

const compared compared_sqlite = {"SQLite FTS5", make, ask};
