/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * request.c - how a file goes to the confined process: its descriptor beside 'u32 size | u8 alone | path | id | fields',
 * three strings that end in NUL.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "corpus/confined.h"
#include "src/base/bytes.h"

typedef union passed {
    struct cmsghdr head;
    char room[CMSG_SPACE(sizeof(int))];
} passed;

bool ns_request_send(int to, const ns_content_file *file, const char *fields, int fd, ns_buffer *b)
{
    const char *const strings[] = { file->path, file->id, fields };
    ns_buffer_clear(b);
    ns_buffer_add_u32(b, 0);
    ns_buffer_add_byte(b, file->alone);
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        ns_buffer_add(b, strings[i], strlen(strings[i]) + 1);
    if (b->failed)
        return false;
    ns_put_u32(b->data, (uint32_t)(b->size - 4));
    passed control;
    memset(&control, 0, sizeof control);
    control.head.cmsg_len = CMSG_LEN(sizeof fd);
    control.head.cmsg_level = SOL_SOCKET;
    control.head.cmsg_type = SCM_RIGHTS;
    memcpy(CMSG_DATA(&control.head), &fd, sizeof fd);
    for (size_t at = 0; at < b->size;) {
        struct iovec part = { b->data + at, b->size - at };
        struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
        if (!at) {
            message.msg_control = &control;
            message.msg_controllen = sizeof control;
        }
        ssize_t sent = sendmsg(to, &message, MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR)
            return false;
        at += sent < 0 ? 0 : (size_t)sent;
    }
    return true;
}

/* Exactly n bytes behind what is there; a descriptor that comes with them goes to *fd. */
static bool receive(int from, ns_buffer *b, size_t n, int *fd)
{
    if (!ns_buffer_reserve(b, n))
        return false;
    while (n) {
        passed control;
        struct iovec part = { b->data + b->size, n };
        struct msghdr message = {
            .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control
        };
        ssize_t got = recvmsg(from, &message, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        const struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        if (head && head->cmsg_type == SCM_RIGHTS && head->cmsg_len == CMSG_LEN(sizeof *fd) && *fd < 0)
            memcpy(fd, CMSG_DATA(head), sizeof *fd);
        b->size += (size_t)got;
        n -= (size_t)got;
    }
    return true;
}

bool ns_request_receive(int from, ns_buffer *b, ns_content_file *file, const char **fields, int *fd)
{
    ns_buffer_clear(b);
    *fd = -1;
    if (!receive(from, b, 4, fd) || *fd < 0 || !receive(from, b, ns_get_u32(b->data), fd))
        return false;
    const char *p = (const char *)b->data + 5, *end = (const char *)b->data + b->size;
    const char *strings[3];
    for (size_t i = 0; i < 3; i++) {
        const char *nul = p < end ? memchr(p, 0, (size_t)(end - p)) : NULL;
        if (!nul)
            return false;
        strings[i] = p;
        p = nul + 1;
    }
    file->alone = b->data[4];
    file->path = strings[0];
    file->id = strings[1];
    *fields = strings[2];
    return true;
}
