/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * confined.c - the parent of a confined process: starts it, hands it files, takes its answers, watches how long it
 * takes, and says why it ended.
 */
#include "corpus/confined.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "corpus/answer.h"
#include "corpus/sandbox.h"
#include "src/base/bytes.h"

enum { IN_SIZE = 1 << 16, LOOK_MS = 200, START_SECONDS = 60, IDLE_TIMES = 10 };

struct ns_confined {
    char *program;
    pid_t pid; /* 0: none */
    int socket;
    unsigned megabytes, seconds;
    uint8_t *in; /* answers not yet taken: [at, end) */
    size_t at, end;
    ns_buffer request;
    char *path; /* of the file in hand, for messages */
    int fd;     /* -1: none */
    ns_content_news news;
    ns_buffer where; /* NUL behind */
    /* when it last did something: answered, or read on */
    double cpu;
    off_t offset;
    unsigned looks, patience; /* since then, and how many at most while it does not wait for its file */
};

typedef enum outcome { THERE, ENDED, LATE, STRANGE, NO_ROOM, NO_ROOM_HERE } outcome;

/* ---- the process */

/* Sanitizers are told by the environment what to do, and the loader where libraries are. Nothing else of it is the
 * process's business. */
static size_t choose_environment(char **chosen, size_t most)
{
    static const char *const names[] = { "LD_LIBRARY_PATH=", "ASAN_OPTIONS=", "UBSAN_OPTIONS=", "TSAN_OPTIONS=" };
    size_t n = 0;
    for (char **e = environ; e && *e; e++)
        for (size_t i = 0; i < sizeof names / sizeof *names && n < most; i++)
            if (!strncmp(*e, names[i], strlen(names[i])))
                chosen[n++] = *e;
    chosen[n] = NULL;
    return n;
}

static int spawn(const ns_confined *c, int socket, pid_t *pid)
{
    char megabytes[16], *chosen[9];
    char *const arguments[] = { c->program, (char[]){ NS_CONFINED_WORD }, megabytes, NULL };
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t set;
    snprintf(megabytes, sizeof megabytes, "%u", c->megabytes);
    choose_environment(chosen, sizeof chosen / sizeof *chosen - 1);
    if (posix_spawn_file_actions_init(&actions))
        return ENOMEM;
    if (posix_spawnattr_init(&attributes)) {
        posix_spawn_file_actions_destroy(&actions);
        return ENOMEM;
    }
    int bad = posix_spawn_file_actions_adddup2(&actions, socket, STDIN_FILENO);
    if (!bad)
        bad = posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
#ifndef NS_SANITIZED
    if (!bad)
        bad = posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
#endif
    sigfillset(&set);
    posix_spawnattr_setsigdefault(&attributes, &set);
    /* a person or a service that stops the run stops its parent, who ends this process in his own time */
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGQUIT);
    posix_spawnattr_setsigmask(&attributes, &set);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    if (!bad)
        bad = posix_spawn(pid, c->program, &actions, &attributes, arguments, chosen);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return bad;
}

/* Ends the process. Its wait status, -1 where another part of the program took it. */
static int stop(ns_confined *c, bool gently)
{
    int status = -1;
    if (!c->pid)
        return status;
    if (!gently)
        kill(c->pid, SIGKILL);
    close(c->socket);
    /* one that let go of its socket is about to end, or is up to something */
    pid_t got;
    for (unsigned round = gently ? 0 : 100; (got = waitpid(c->pid, &status, round < 100 ? WNOHANG : 0)) <= 0; round++) {
        if (got < 0 && errno != EINTR)
            break; /* another part of the program waited for it */
        if (round == 99)
            kill(c->pid, SIGKILL);
        if (got == 0)
            nanosleep(&(struct timespec){ 0, 10000000 }, NULL);
    }
    if (got < 0)
        status = -1;
    c->pid = 0;
    c->fd = -1;
    c->at = c->end = 0;
    return status;
}

/* ---- what comes from it */

static double processor_time(const ns_confined *c)
{
    clockid_t clock;
    struct timespec t;
    if (clock_getcpuclockid(c->pid, &clock) || clock_gettime(clock, &t))
        return 0;
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Looked at now and then while nothing comes. A process that waits for its file does not count as one that works,
 * but where a file never keeps anybody waiting for long, not for ever either. */
static bool is_late(ns_confined *c)
{
    off_t offset = c->fd < 0 ? -1 : lseek(c->fd, 0, SEEK_CUR);
    double cpu = processor_time(c);
    if (offset != c->offset) {
        c->offset = offset;
        c->cpu = cpu;
        c->looks = 0;
    }
    c->looks++;
    return cpu - c->cpu > c->seconds || ((offset >= 0 || c->fd < 0) && c->looks > c->patience);
}

/* Up to n bytes, one at least. */
static outcome receive_some(ns_confined *c, uint8_t *to, size_t n, size_t *got)
{
    for (;;) {
        ssize_t answer = recv(c->socket, to, n, MSG_DONTWAIT);
        if (answer > 0) {
            *got = (size_t)answer;
            return THERE;
        }
        if (answer == 0 || (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK))
            return ENDED;
        struct pollfd one = { c->socket, POLLIN, 0 };
        if (poll(&one, 1, LOOK_MS) == 0 && is_late(c))
            return LATE;
    }
}

static outcome receive(ns_confined *c, uint8_t *to, size_t n)
{
    while (n) {
        outcome answer = THERE;
        size_t got = c->end - c->at;
        if (!got && n >= IN_SIZE) {
            answer = receive_some(c, to, n, &got);
        } else if (!got) {
            c->at = 0;
            answer = receive_some(c, c->in, IN_SIZE, &c->end);
            if (answer)
                c->end = 0;
            got = 0;
        } else {
            got = got < n ? got : n;
            memcpy(to, c->in + c->at, got);
            c->at += got;
        }
        if (answer)
            return answer;
        to += got;
        n -= got;
    }
    return THERE;
}

static outcome take_answer(ns_confined *c, ns_arena *arena, ns_answer *answer)
{
    uint8_t head[NS_ANSWER_HEAD];
    outcome got = receive(c, head, sizeof head);
    if (got)
        return got;
    size_t n = ns_get_u32(head);
    if (n > NS_ANSWER_MAX)
        return STRANGE;
    uint8_t *bytes = ns_arena_take(arena, n);
    if (!bytes)
        return NO_ROOM_HERE;
    got = receive(c, bytes, n);
    if (got)
        return got;
    nsearch_status status = ns_answer_decode(bytes, n, arena, answer);
    c->looks = 0;
    c->offset = -2; /* whatever it is: it was just at work */
    return status == NSEARCH_NO_MEMORY ? NO_ROOM_HERE : status ? STRANGE : THERE;
}

/* ---- starting */

static nsearch_status greet(ns_confined *c, nsearch_error *err)
{
    ns_arena arena = NS_ARENA_INIT;
    ns_answer answer;
    c->cpu = 0;
    c->looks = 0;
    c->patience = START_SECONDS * (1000 / LOOK_MS);
    outcome got = take_answer(c, &arena, &answer);
    nsearch_status status = NSEARCH_OK;
    if (got != THERE || (answer.read != NS_READ_END && answer.read != NS_READ_FAILED))
        status = ns_error_set(err, NSEARCH_UNCONFINED, "'%s' is no reader of this version", c->program);
    else if (answer.read == NS_READ_FAILED)
        status = ns_error_set(err, NSEARCH_UNCONFINED, "the readers cannot be confined: %s", answer.reason);
    ns_arena_release(&arena);
    return status;
}

static nsearch_status start(ns_confined *c, nsearch_error *err)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair)) {
        ns_error_system(err, "the readers cannot be confined: no socket");
        return err->status = NSEARCH_UNCONFINED;
    }
    int bad = spawn(c, pair[1], &c->pid);
    close(pair[1]);
    if (bad) {
        close(pair[0]);
        c->pid = 0;
        errno = bad;
        ns_error_system(err, "the readers cannot be confined: cannot start '%s'", c->program);
        return err->status = NSEARCH_UNCONFINED;
    }
    c->socket = pair[0];
    c->at = c->end = 0;
    nsearch_status status = greet(c, err);
    if (status)
        stop(c, false);
    return status;
}

nsearch_status ns_confined_new(const char *program, ns_confined **confined, nsearch_error *err)
{
    ns_confined *c = calloc(1, sizeof *c);
    if (!c)
        return ns_error_memory(err);
    c->fd = -1;
    c->megabytes = NS_CONFINED_MEGABYTES;
    c->seconds = NS_CONFINED_SECONDS;
    c->program = strdup(program);
    c->in = malloc(IN_SIZE);
    nsearch_status status = c->program && c->in ? start(c, err) : ns_error_memory(err);
    if (status)
        ns_confined_free(c);
    else
        *confined = c;
    return status;
}

void ns_confined_limit(ns_confined *c, unsigned megabytes, unsigned seconds)
{
    c->megabytes = megabytes ? megabytes : c->megabytes;
    c->seconds = seconds ? seconds : c->seconds;
    stop(c, false);
}

/* ---- files */

nsearch_status ns_confined_open(ns_confined *c, const ns_content_file *file, const char *fields, int fd,
                                nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    if (c->news.open)
        stop(c, false); /* it is in the middle of another one, that nobody wants any more */
    memset(&c->news, 0, sizeof c->news);
    free(c->path);
    c->path = strdup(file->path);
    if (!c->path)
        return ns_error_memory(err);
    c->news.where = c->path;
    /* one that ended while it had nothing to do is no loss */
    for (int round = 0; round < 2; round++) {
        if (!c->pid)
            status = start(c, err);
        if (status)
            return status;
        if (ns_request_send(c->socket, file, fields, fd, &c->request)) {
            c->fd = fd;
            c->offset = -2;
            c->cpu = processor_time(c);
            c->looks = 0;
            c->patience = c->seconds * IDLE_TIMES * (1000 / LOOK_MS);
            c->news.open = true;
            return NSEARCH_OK;
        }
        if (c->request.failed)
            return ns_error_memory(err);
        stop(c, false);
    }
    return ns_error_set(err, NSEARCH_UNCONFINED, "'%s' takes no files", c->program);
}

/* The file in hand is over, and so is its process. */
static ns_read give_up(ns_confined *c, outcome got, nsearch_error *err)
{
    char why[96] = "its reader ended early";
    int status = stop(c, got == ENDED);
    if (got == LATE)
        snprintf(why, sizeof why, "its reader was stopped after %u s", c->seconds);
    else if (got == NO_ROOM)
        snprintf(why, sizeof why, "its reader needs more than %u MB of addresses", c->megabytes);
    else if (got == STRANGE)
        snprintf(why, sizeof why, "its reader gave bytes that are no answer");
    else if (status >= 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
        snprintf(why, sizeof why, "its reader was stopped when it left its confinement");
    else if (status >= 0 && WIFSIGNALED(status))
        snprintf(why, sizeof why, "its reader crashed by signal %d", WTERMSIG(status));
    ns_error_set(err, NSEARCH_SKIPPED, "%s: '%s'", why, c->path);
    c->news.open = false;
    c->news.unreadable = true;
    c->news.where = c->path;
    return NS_READ_SKIPPED;
}

ns_read ns_confined_next(ns_confined *c, ns_arena *arena, ns_article *article, nsearch_error *err)
{
    ns_answer answer;
    if (!c->news.open)
        return NS_READ_END;
    outcome got = take_answer(c, arena, &answer);
    if (got == THERE && answer.read == NS_READ_FAILED && answer.status == NSEARCH_NO_MEMORY)
        got = NO_ROOM;
    if (got == THERE && answer.status == NSEARCH_UNCONFINED) /* would end the run; that was to be said when it started */
        got = STRANGE;
    if (got == NO_ROOM_HERE) {
        stop(c, false);
        ns_error_memory(err);
        return NS_READ_FAILED;
    }
    if (got != THERE)
        return give_up(c, got, err);
    if (answer.news.bytes < c->news.bytes)
        answer.news.bytes = c->news.bytes;
    ns_buffer_clear(&c->where);
    ns_buffer_add(&c->where, answer.news.where, strlen(answer.news.where) + 1);
    c->news = answer.news;
    c->news.where = c->where.failed ? c->path : (const char *)c->where.data;
    switch (answer.read) {
    case NS_READ_ARTICLE:
        *article = answer.article;
        break;
    case NS_READ_SKIPPED:
    case NS_READ_FAILED:
        ns_error_set(err, answer.status, "%s", answer.reason);
        break;
    case NS_READ_END:
        break;
    }
    return answer.read;
}

void ns_confined_state(const ns_confined *c, ns_content_news *news)
{
    *news = c->news;
}

void ns_confined_free(ns_confined *c)
{
    if (!c)
        return;
    stop(c, false);
    ns_buffer_release(&c->request);
    ns_buffer_release(&c->where);
    free(c->program);
    free(c->path);
    free(c->in);
    free(c);
}
