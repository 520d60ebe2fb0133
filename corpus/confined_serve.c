/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * confined_serve.c - the confined process: makes ready what libraries would open later, enters the sandbox, says how
 * that went, and then gives the articles of one descriptor after another.
 */
#include <errno.h>
#include <jansson.h>
#include <libxml/parser.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "corpus/answer.h"
#include "corpus/charset_names.h"
#include "corpus/confined.h"
#include "corpus/sandbox.h"

/* Answers wait for one another up to this size: few system calls, and what the parent does meanwhile is not late. */
enum { PARENT = STDIN_FILENO, FLUSH_BYTES = 32 << 10, DESCRIPTORS = 4 };

static bool flush(ns_buffer *out)
{
    for (size_t at = 0; at < out->size;) {
        ssize_t n = write(PARENT, out->data + at, out->size - at);
        if (n < 0 && errno != EINTR)
            return false;
        at += n < 0 ? 0 : (size_t)n;
    }
    if (out->capacity > 4 << 20)
        ns_buffer_release(out);
    ns_buffer_clear(out);
    return true;
}

static bool tell(ns_buffer *out, ns_read read, nsearch_status status, const char *text)
{
    const ns_answer answer = { .read = read, .news.where = "", .status = status, .reason = text };
    ns_buffer_clear(out);
    ns_answer_add(out, &answer);
    return !out->failed && flush(out);
}

/* What it inherited is none of its business; the lock of the index, above all, must not live as long as it does. */
static void close_inherited(void)
{
    if (syscall(SYS_close_range, 3, ~0U, 0) == 0)
        return;
    long most = sysconf(_SC_OPEN_MAX);
    for (int fd = 3; fd < most; fd++)
        close(fd);
}

/* Answers of one file. False: it must not go on. */
static bool read_file(ns_content *content, ns_arena *arena, ns_buffer *out)
{
    ns_answer answer;
    do {
        nsearch_error why = NSEARCH_ERROR_INIT;
        memset(&answer, 0, sizeof answer);
        ns_arena_reset(arena);
        answer.read = ns_content_next(content, arena, &answer.article, &why);
        ns_content_state(content, &answer.news);
        answer.status = why.status;
        answer.reason = why.text;
        size_t before = out->size;
        ns_answer_add(out, &answer);
        if (out->failed) {
            out->size = before;
            out->failed = false;
            return flush(out) && tell(out, NS_READ_FAILED, NSEARCH_NO_MEMORY, "out of memory") && false;
        }
        if (answer.status == NSEARCH_NO_MEMORY)
            return flush(out) && false;
        if ((out->size >= FLUSH_BYTES || !answer.news.open) && !flush(out))
            return false;
    } while (answer.news.open);
    return true;
}

static int serve(ns_content *content)
{
    ns_arena arena = NS_ARENA_INIT;
    ns_buffer request = NS_BUFFER_INIT, out = NS_BUFFER_INIT;
    ns_content_file file;
    nsearch_error err = NSEARCH_ERROR_INIT;
    const char *fields;
    int fd;
    bool well = true;
    while (well && ns_request_receive(PARENT, &request, &file, &fields, &fd)) {
        if (ns_content_set_fields(content, fields, &err) || ns_content_open(content, &file, fd, &err))
            well = tell(&out, NS_READ_FAILED, NSEARCH_NO_MEMORY, err.text) && false;
        else
            well = read_file(content, &arena, &out);
        close(fd);
    }
    ns_arena_release(&arena);
    ns_buffer_release(&request);
    ns_buffer_release(&out);
    return !well;
}

int ns_confined_serve(int argc, char **argv)
{
    if (argc != 3 || strcmp(argv[1], NS_CONFINED_WORD) != 0)
        return -1;
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* should the parent have ended before, the socket ends */
    close_inherited();
    ns_content *content = NULL;
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_buffer out = NS_BUFFER_INIT;
    ns_charsets_open();
    json_object_seed(0);
    xmlInitParser();
    tzset();
    nsearch_status status = ns_content_new(&content, &err);
    if (!status)
        status = ns_sandbox_enter(PARENT, (size_t)strtoul(argv[2], NULL, 10) << 20, DESCRIPTORS, &err);
    bool well = tell(&out, status ? NS_READ_FAILED : NS_READ_END, status, status ? err.text : NS_VERSION);
    ns_buffer_release(&out);
    int code = status || !well ? 1 : serve(content);
    ns_content_free(content);
    return code;
}
