/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * cluster_probe.c - whether a server that was given up is worth asking again. A process that hangs has its connections taken by the
 * kernel: only the first byte of its greeting tells that it lives.
 */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "src/view.h"

static int milliseconds_left(const struct timespec *begin, unsigned ms)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    long spent = (now.tv_sec - begin->tv_sec) * 1000 + (now.tv_nsec - begin->tv_nsec) / 1000000;
    return spent >= (long)ms ? 0 : (int)((long)ms - spent);
}

static bool wait_for(int fd, short event, const struct timespec *begin, unsigned ms)
{
    struct pollfd p = {.fd = fd, .events = event};
    int n;
    do {
        n = poll(&p, 1, milliseconds_left(begin, ms));
    } while (n < 0 && errno == EINTR);
    return n == 1 && (p.revents & event);
}

static bool greets(const struct addrinfo *address, const struct timespec *begin, unsigned ms)
{
    char first;
    int fd = socket(address->ai_family, address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, address->ai_protocol);
    if (fd < 0)
        return false;
    bool fine = (connect(fd, address->ai_addr, address->ai_addrlen) == 0 || errno == EINPROGRESS) &&
                wait_for(fd, POLLOUT, begin, ms) && wait_for(fd, POLLIN, begin, ms) && recv(fd, &first, 1, 0) == 1;
    close(fd);
    return fine;
}

bool ns_shard_probe(const ns_shard *shard, ns_program_probe *probe, unsigned ms)
{
    char port[16];
    struct addrinfo *all = NULL, hints = {.ai_socktype = SOCK_STREAM};
    struct timespec begin;
    bool fine = false;
    switch (shard->kind) {
    case NS_SHARD_DIRECTORY:
        return access(shard->where, R_OK | X_OK) == 0;
    case NS_SHARD_PROGRAM:
        return ns_program_probe_look(probe, shard);
    case NS_SHARD_TCP:
        break;
    }
    snprintf(port, sizeof port, "%u", shard->port);
    clock_gettime(CLOCK_MONOTONIC, &begin);
    if (getaddrinfo(shard->where, port, &hints, &all))
        return false;
    for (const struct addrinfo *a = all; a && !fine; a = a->ai_next)
        fine = greets(a, &begin, ms);
    freeaddrinfo(all);
    return fine;
}
