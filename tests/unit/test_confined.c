/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_confined.c - what a confined process cannot do; that one which crashes, hangs, grows or lies costs the file in its
 * hand and no more; that it gives what the readers of this process give; and that none outlives its parent. This program
 * is its own reader, in which files whose names say so misbehave.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#ifdef NS_WITH_SECCOMP
#include <seccomp.h>
#endif

#include "corpus/answer.h"
#include "corpus/confined.h"
#include "corpus/sandbox.h"
#include "tests/fuzz/promises.h"
#include "tests/support/random.h"
#include "tests/unit/reading.h"

static const char self[] = "/proc/self/exe";
static bool is_confined; /* this is the process that reads */
static pid_t started;    /* last */
static unsigned points;

/* ---- what the linker sends here */

int __real_posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
                       const posix_spawnattr_t *attributes, char *const arguments[], char *const environment[]);
int __wrap_posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
                       const posix_spawnattr_t *attributes, char *const arguments[], char *const environment[]);
ns_read __real_ns_content_next(ns_content *content, ns_arena *arena, ns_article *article, nsearch_error *err);
ns_read __wrap_ns_content_next(ns_content *content, ns_arena *arena, ns_article *article, nsearch_error *err);

int __wrap_posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
                       const posix_spawnattr_t *attributes, char *const arguments[], char *const environment[])
{
    int bad = __real_posix_spawn(pid, path, actions, attributes, arguments, environment);
    started = bad ? 0 : *pid;
    return bad;
}

static void misbehave(const char *title)
{
    static const char lie[] = "\x10\0\0\0 no answer at all";
    if (!strcmp(title, "crash"))
        raise(SIGSEGV);
    if (!strcmp(title, "abort"))
        abort();
    if (!strcmp(title, "loop"))
        for (volatile int forever = 1; forever;)
            ;
    if (!strcmp(title, "leave"))
        (void)!socket(AF_UNIX, SOCK_STREAM, 0);
    if (!strcmp(title, "lie"))
        (void)!write(STDIN_FILENO, lie, sizeof lie);
    if (!strcmp(title, "boast"))
        (void)!write(STDIN_FILENO, "\xff\xff\xff\x7f", 4);
    if (!strcmp(title, "exit"))
        _exit(0);
}

ns_read __wrap_ns_content_next(ns_content *content, ns_arena *arena, ns_article *article, nsearch_error *err)
{
    ns_read read = __real_ns_content_next(content, arena, article, err);
    if (!is_confined || read != NS_READ_ARTICLE)
        return read;
    misbehave(article->title);
    if (!strcmp(article->title, "grow"))
        while (ns_arena_take(arena, 1 << 20))
            ;
    if (!strcmp(article->title, "grow")) {
        ns_error_memory(err);
        return NS_READ_FAILED;
    }
    return read;
}

/* ---- the sandbox itself: each attempt in a process of its own */

static char secret[512]; /* a file that is there */

static long try_read(void) { return open(secret, O_RDONLY); }
static long try_write(void) { return open(secret, O_WRONLY | O_CREAT | O_TRUNC, 0600); }
static long try_list(void) { return open("/", O_RDONLY | O_DIRECTORY); }
static long try_look(void) { struct stat st; return stat(secret, &st); }
static long try_unlink(void) { return unlink(secret); }
static long try_rename(void) { return rename(secret, "/tmp/elsewhere"); }
static long try_link(void) { return symlink(secret, "/tmp/elsewhere"); }
static long try_mkdir(void) { return mkdir("/tmp/elsewhere", 0700); }
static long try_chdir(void) { return chdir("/"); }
static long try_socket(void) { return socket(AF_INET, SOCK_STREAM, 0); }
static long try_local(void) { return socket(AF_UNIX, SOCK_STREAM, 0); }
static long try_pair(void) { int pair[2]; return socketpair(AF_UNIX, SOCK_STREAM, 0, pair); }
static long try_connect(void)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(80), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    return connect(STDIN_FILENO, (struct sockaddr *)&to, sizeof to);
}
static long try_exec(void) { return execl("/bin/true", "true", (char *)NULL); }
static long try_fork(void) { return fork(); }
static long try_spawn(void)
{
    char *arguments[] = { NULL };
    pid_t pid;
    errno = __real_posix_spawn(&pid, "/bin/true", NULL, NULL, arguments, environ);
    return errno ? -1 : 0;
}
static long try_trace(void) { return ptrace(PTRACE_ATTACH, getppid(), 0, 0); }
static long try_kill(void) { return kill(getppid(), 0); }
static long try_code(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0;
}
static long try_map(void) { return mmap(NULL, 4096, PROT_READ, MAP_SHARED, STDIN_FILENO, 0) == MAP_FAILED ? -1 : 0; }
static long try_other_end(void) { return write(STDERR_FILENO, "x", 1); }
static long try_limits(void)
{
    return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}
static long try_memfd(void) { return memfd_create("x", 0); }
static long try_pipe(void) { int pair[2]; return pipe(pair); }

typedef struct attempt {
    const char *name;
    long (*try)(void);
} attempt;

/* The first LANDLOCKED are kept back by Landlock too, all by the filter. */
static const attempt attempts[] = {
    { "reading a file", try_read },         { "writing one", try_write },        { "listing a folder", try_list },
    { "unlinking", try_unlink },            { "renaming", try_rename },          { "linking", try_link },
    { "making a folder", try_mkdir },       { "looking at a file", try_look },   { "changing the folder", try_chdir },
    { "an internet socket", try_socket },   { "a local socket", try_local },     { "a pair of sockets", try_pair },
    { "connecting", try_connect },          { "running a program", try_exec },   { "forking", try_fork },
    { "spawning", try_spawn },              { "tracing its parent", try_trace }, { "a signal to its parent", try_kill },
    { "memory that can be run", try_code }, { "mapping a file", try_map },       { "writing elsewhere", try_other_end },
    { "becoming dumpable", try_limits },    { "a file in memory", try_memfd },   { "a pipe", try_pipe },
};
enum { ATTEMPTS = sizeof attempts / sizeof *attempts, LANDLOCKED = 7 };

static bool has_landlock(void)
{
#ifdef SYS_landlock_create_ruleset
    return syscall(SYS_landlock_create_ruleset, NULL, 0, 1) >= 1;
#else
    return false;
#endif
}

/* What an attempt came to: 0 it was kept from it, 1 it succeeded, 2 it failed for another reason. */
static int outcome_of(const attempt *a, bool confined)
{
    pid_t pid = fork();
    if (!pid) {
        nsearch_error err = NSEARCH_ERROR_INIT;
        if (confined && ns_sandbox_enter(STDOUT_FILENO, 0, 64, &err))
            _exit(3);
        errno = 0;
        long answer = a->try();
        _exit(answer >= 0 ? 1 : errno == EPERM || errno == EACCES ? 0 : 2);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (WIFSIGNALED(status))
        return WTERMSIG(status) == SIGSYS ? 0 : 2;
    return WEXITSTATUS(status);
}

static void test_nothing_goes_out(void **unused)
{
    (void)unused;
    const size_t count = NS_SANDBOX_FILTERS ? ATTEMPTS : has_landlock() ? LANDLOCKED : 0;
    if (!count) {
        print_message("a build without a filter of system calls, on a kernel without Landlock\n");
        skip();
    }
    scratch_make();
    scratch_write("secret", "x", 1);
    snprintf(secret, sizeof secret, "%s", scratch_path("secret"));
    assert_int_equal(outcome_of(&attempts[0], false), 1); /* it could, without */
    for (size_t i = 0; i < count; i++) {
        int outcome = outcome_of(&attempts[i], true);
        if (outcome)
            fail_msg("%s: outcome %d", attempts[i].name, outcome);
        points++;
    }
    struct stat st;
    assert_int_equal(stat(secret, &st), 0);
    assert_int_equal(st.st_size, 1);
    scratch_remove();
    print_message("%zu attempts%s, none came through\n", count, NS_SANDBOX_FILTERS ? "" : " with Landlock alone");
}

/* ---- processes that misbehave */

static ns_confined *new_confined(unsigned megabytes, unsigned seconds)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_confined *c = NULL;
    if (ns_confined_new(self, &c, &err))
        fail_msg("%s", err.text);
    ns_confined_limit(c, megabytes, seconds);
    return c;
}

static void write_article(const char *name, const char *title)
{
    char text[200];
    int n = snprintf(text, sizeof text, "{\"id\": \"%s 0\", \"title\": \"before\"}\n{\"id\": \"%s\", \"title\": \"%s\"}\n", title,
                     title, title);
    scratch_write(name, text, (size_t)n);
}

static void test_a_fault_costs_one_file(void **unused)
{
    static const struct {
        const char *title, *why;
        bool filters; /* only where there is a filter and limits */
    } faults[] = {
        { "crash", "crashed by signal 11", true },  { "abort", "crashed by signal 6", true },
        { "loop", "stopped after 1 s", false },     { "leave", "left its confinement", true },
        { "lie", "no answer", false },              { "boast", "no answer", false },
        { "exit", "ended early", false },           { "grow", "more than 300 MB", true },
    };
    (void)unused;
    ns_confined *c = new_confined(300, 1);
    scratch_make();
    mkdir(scratch_path("in"), 0700);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        if (faults[i].filters && !NS_SANDBOX_FILTERS)
            continue;
        write_article("in/1.jsonl", "good");
        write_article("in/2.jsonl", faults[i].title);
        write_article("in/3.jsonl", "as good");
        reading r;
        reading_open_path(&r, scratch_path("in"));
        ns_reader_confine(r.reader, c);
        assert_int_equal(reading_next(&r), NS_READ_ARTICLE);
        assert_int_equal(reading_next(&r), NS_READ_ARTICLE);
        assert_string_equal(r.article.title, "good");
        ns_read read;
        while ((read = reading_next(&r)) == NS_READ_ARTICLE)
            assert_string_equal(r.article.title, "before"); /* may have come through, or not */
        assert_int_equal(read, NS_READ_SKIPPED);
        if (!strstr(r.err.text, faults[i].why) || !strstr(r.err.text, "in/2.jsonl'"))
            fail_msg("%s: %s", faults[i].title, r.err.text);
        assert_non_null(strstr(ns_reader_origin(r.reader), "in/2.jsonl"));
        assert_int_equal(reading_next(&r), NS_READ_ARTICLE);
        assert_int_equal(reading_next(&r), NS_READ_ARTICLE);
        assert_string_equal(r.article.title, "as good");
        assert_int_equal(reading_next(&r), NS_READ_END);
        reading_close(&r);
        points++;
    }
    scratch_remove();
    ns_confined_free(c);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* none is left */
    assert_int_equal(errno, ECHILD);
}

static void test_who_ends_with_nothing_to_do_is_no_loss(void **unused)
{
    (void)unused;
    ns_confined *c = new_confined(0, 0);
    scratch_make();
    write_article("1.jsonl", "good");
    for (int round = 0; round < 3; round++) {
        reading r;
        pid_t before = started;
        if (round == 1) {
            kill(started, SIGKILL);
            siginfo_t info;
            waitid(P_PID, (id_t)started, &info, WEXITED | WNOWAIT);
        }
        reading_open_path(&r, scratch_path("1.jsonl"));
        ns_reader_confine(r.reader, c);
        assert_int_equal(reading_next(&r), NS_READ_ARTICLE);
        if (round == 0) { /* left in the middle: what is to come is nobody's */
            reading_close(&r);
            continue;
        }
        assert_int_equal(reading_next(&r), NS_READ_ARTICLE);
        assert_int_equal(reading_next(&r), NS_READ_END);
        assert_int_not_equal(started, round == 2 ? 0 : before);
        reading_close(&r);
    }
    scratch_remove();
    ns_confined_free(c);
}

static void test_who_cannot_read_is_refused(void **unused)
{
    static const char *const programs[] = { "/nonexistent", "/bin/true", "/" };
    (void)unused;
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        nsearch_error err = NSEARCH_ERROR_INIT;
        ns_confined *c = NULL;
        assert_int_equal(ns_confined_new(programs[i], &c, &err), NSEARCH_UNCONFINED);
        assert_non_null(strstr(err.text, programs[i]));
        assert_null(c);
    }
}

/* A kernel, or a container, that refuses filters: nothing is read, and it is said why. */
static void test_a_kernel_that_cannot(void **unused)
{
    (void)unused;
#if NS_SANDBOX_FILTERS
    pid_t pid = fork();
    if (!pid) {
        nsearch_error err = NSEARCH_ERROR_INIT;
        ns_confined *c = NULL;
        scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
        if (!filter || seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(seccomp), 0) ||
            seccomp_rule_add(filter, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(prctl), 1, SCMP_A0(SCMP_CMP_EQ, PR_SET_SECCOMP, 0)) ||
            seccomp_load(filter))
            _exit(2);
        bool refused = ns_confined_new(self, &c, &err) == NSEARCH_UNCONFINED && strstr(err.text, "cannot be confined: no filter");
        if (!refused)
            fprintf(stderr, "%d: %s\n", err.status, err.text);
        _exit(!refused);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
#else
    skip();
#endif
}

/* ---- no process outlives its parent, whatever it is at */

static void test_no_orphans(void **unused)
{
    static const char *const titles[] = { "good", "loop" };
    (void)unused;
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
    scratch_make();
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        int ready[2];
        assert_int_equal(pipe(ready), 0);
        write_article("1.jsonl", titles[i]);
        pid_t parent = fork();
        if (!parent) {
            reading r;
            ns_confined *c = new_confined(0, 0);
            reading_open_path(&r, scratch_path("1.jsonl"));
            ns_reader_confine(r.reader, c);
            if (i == 0)
                reading_next(&r);
            else
                alarm(1); /* in the middle of it */
            (void)!write(ready[1], "x", 1);
            reading_next(&r);
            for (;;)
                pause();
        }
        char byte;
        assert_int_equal(read(ready[0], &byte, 1), 1);
        if (i == 0)
            kill(parent, SIGKILL);
        assert_int_equal(waitpid(parent, NULL, 0), parent);
        int status = 0;
        pid_t orphan = 0;
        for (int round = 0; round < 500 && orphan == 0; round++) {
            orphan = waitpid(-1, &status, WNOHANG);
            nanosleep(&(struct timespec){ 0, 10000000 }, NULL);
        }
        assert_true(orphan > 0);
        close(ready[0]);
        close(ready[1]);
        points++;
    }
    scratch_remove();
    prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
}

/* ---- the same articles */

static void expect_same(const char *path, ns_confined *c, size_t *articles)
{
    reading here, there;
    reading_open_path(&here, path);
    reading_open_path(&there, path);
    ns_reader_confine(there.reader, c);
    for (;;) {
        ns_read expected = reading_next(&here), got = reading_next(&there);
        if (got != expected)
            fail_msg("%s: %d, not %d: %s", ns_reader_where(here.reader), got, expected, there.err.text);
        assert_string_equal(ns_reader_where(there.reader), ns_reader_where(here.reader));
        assert_int_equal(there.err.status, here.err.status);
        assert_string_equal(there.err.text, here.err.text);
        if (ns_reader_bytes(there.reader) != ns_reader_bytes(here.reader))
            fail_msg("%s: %llu bytes, not %llu", ns_reader_where(here.reader),
                     (unsigned long long)ns_reader_bytes(there.reader), (unsigned long long)ns_reader_bytes(here.reader));
        if (got == NS_READ_END || got == NS_READ_FAILED)
            break;
        if (got != NS_READ_ARTICLE)
            continue;
        ++*articles;
        promise_article(&there.article);
        assert_true(ns_article_hash(&there.article) == ns_article_hash(&here.article));
    }
    reading_close(&here);
    reading_close(&there);
}

static void test_it_gives_the_same(void **unused)
{
    static const char *const folders[] = { "corpus/sample", "tests/fuzz/seeds" };
    size_t articles = 0;
    (void)unused;
    ns_confined *c = new_confined(0, 0);
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char path[600];
        const char *top = getenv("srcdir");
        snprintf(path, sizeof path, "%s/%s", top ? top : ".", folders[i]);
        expect_same(path, c, &articles);
    }
    assert_true(articles > 100);
    ns_confined_free(c);
    print_message("%zu articles are the same\n", articles);
}

/* Charsets are loaded by iconv when they are first met: here, all of them by then. */
static void test_charsets(void **unused)
{
    static const char *const charsets[] = {
        "windows-1251", "koi8-r",    "iso-8859-2", "iso-8859-5",  "iso-8859-7", "iso-8859-8", "iso-8859-9", "windows-1250",
        "windows-1253", "windows-1255", "windows-1256", "windows-1257", "windows-1258", "x-mac-cyrillic", "macintosh",
        "ibm866",       "cp437",     "cp850",      "tis-620",     "gb2312",     "gbk",        "gb18030",    "big5",
        "euc-tw",       "shift_jis", "euc-jp",     "euc-kr",      "viscii",     "utf-7",      "no-such",    "ISO-IR-100",
    };
    (void)unused;
    ns_confined *c = new_confined(0, 0);
    size_t articles = 0;
    scratch_make();
    mkdir(scratch_path("in"), 0700);
    for (size_t i = 0; i < sizeof charsets / sizeof *charsets; i++) {
        char page[2000], name[40];
        int n = snprintf(page, sizeof page, "<html><head><meta charset=%s><title>One \xc4\xe0 two</title></head><body><p>",
                         charsets[i]);
        for (int k = 0; k < 400; k++) /* pairs that are characters in most */
            page[n++] = k % 9 == 8 ? ' ' : (char)(0xb0 + k * 7 % 0x40);
        n += snprintf(page + n, sizeof page - (size_t)n, ". It was a sentence of some words.</p></body></html>");
        snprintf(name, sizeof name, "in/%zu.html", i);
        scratch_write(name, page, (size_t)n);
    }
    expect_same(scratch_path("in"), c, &articles);
    assert_int_equal(articles, sizeof charsets / sizeof *charsets);
    scratch_remove();
    ns_confined_free(c);
}

/* ---- answers that are not trusted */

static void test_answers_are_checked(void **unused)
{
    static ns_paragraph paragraphs[] = { { "One paragraph \xc3\xa9.", 17 }, { "Another.", 8 } };
    static ns_dropped dropped[] = { { "Menu", "menu", 0 }, { "Read also", "related", 2 } };
    ns_answer answer = { .read = NS_READ_ARTICLE, .news = { "a.html", 77, true, false } }, got;
    ns_buffer bytes = NS_BUFFER_INIT;
    ns_arena arena = NS_ARENA_INIT;
    test_random random = { 1 };
    size_t accepted = 0, refused = 0;
    (void)unused;
    ns_article_init(&answer.article);
    answer.article.id = "a.html";
    answer.article.title = "A title";
    answer.article.date = "2020-01-02";
    answer.article.date_source = "meta";
    answer.article.date_certainty = "sure";
    answer.article.url = "http://example.org/a";
    answer.article.paragraphs = paragraphs;
    answer.article.paragraph_count = 2;
    answer.article.dropped = dropped;
    answer.article.dropped_count = 2;
    ns_answer_add(&bytes, &answer);
    assert_false(bytes.failed);
    size_t n = bytes.size - NS_ANSWER_HEAD;
    uint8_t *copy = malloc(n);
    assert_non_null(copy);
    assert_int_equal(ns_answer_decode(bytes.data + NS_ANSWER_HEAD, n, &arena, &got), NSEARCH_OK);
    assert_true(ns_article_hash(&got.article) == ns_article_hash(&answer.article));
    for (size_t cut = 0; cut < n; cut++) {
        uint8_t *part = malloc(cut ? cut : 1); /* so that a sanitizer sees its end */
        assert_non_null(part);
        memcpy(part, bytes.data + NS_ANSWER_HEAD, cut);
        ns_arena_reset(&arena);
        assert_int_equal(ns_answer_decode(part, cut, &arena, &got), NSEARCH_DAMAGED);
        free(part);
    }
    for (int round = 0; round < 200000; round++) {
        memcpy(copy, bytes.data + NS_ANSWER_HEAD, n);
        for (uint32_t k = 1 + test_random_below(&random, 3); k; k--)
            copy[test_random_below(&random, (uint32_t)n)] = (uint8_t)test_random_below(&random, 256);
        ns_arena_reset(&arena);
        if (ns_answer_decode(copy, n, &arena, &got)) {
            refused++;
            continue;
        }
        accepted++;
        promise_string(got.news.where, strlen(got.news.where), "");
        if (got.read == NS_READ_ARTICLE) {
            got.article.origin = "";
            promise_article(&got.article);
        }
    }
    assert_true(accepted > 1000 && refused > 1000);
    free(copy);
    ns_arena_release(&arena);
    ns_buffer_release(&bytes);
    print_message("%zu changed answers refused, %zu are as good\n", refused, accepted);
}

int main(int argc, char **argv)
{
    is_confined = true;
    int read = ns_confined_serve(argc, argv);
    if (read >= 0)
        return read;
    is_confined = false;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_goes_out),
        cmocka_unit_test(test_a_fault_costs_one_file),
        cmocka_unit_test(test_who_ends_with_nothing_to_do_is_no_loss),
        cmocka_unit_test(test_who_cannot_read_is_refused),
        cmocka_unit_test(test_a_kernel_that_cannot),
        cmocka_unit_test(test_no_orphans),
        cmocka_unit_test(test_it_gives_the_same),
        cmocka_unit_test(test_charsets),
        cmocka_unit_test(test_answers_are_checked),
    };
    int bad = cmocka_run_group_tests(tests, NULL, NULL);
    printf("promise S1: what readers try, and what their faults cost: %u points, %d wanted, %d findings\n", points,
           NS_SANDBOX_FILTERS ? 34 : 6, bad);
    return bad;
}
