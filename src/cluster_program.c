/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * cluster_program.c - whether a shard behind a program, such as ssh, is worth asking again. To start one takes longer than a
 * search may lose, so it is started by one look, and a later one hears its greeting.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "src/cluster.h"

extern char **environ;

void ns_program_probe_end(ns_program_probe *probe)
{
    if (!probe->running)
        return;
    probe->running = false;
    close(probe->socket);
    kill(probe->process, SIGKILL);
    while (waitpid(probe->process, NULL, 0) < 0 && errno == EINTR)
        ;
}

static bool spawn(const ns_shard *shard, int theirs, pid_t *process)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    char *text = strdup(shard->arguments ? shard->arguments : ""), *program = strdup(shard->where), *rest = NULL;
    char **words = text ? calloc(strlen(text) + 3, sizeof *words) : NULL; /* more than there can be */
    bool fine = program && words;
    size_t n = 0;
    if (fine)
        words[n++] = program;
    for (char *word = fine ? strtok_r(text, " ", &rest) : NULL; word; word = strtok_r(NULL, " ", &rest))
        words[n++] = word;
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    fine = fine && !posix_spawn_file_actions_adddup2(&files, theirs, 0) &&
           !posix_spawn_file_actions_adddup2(&files, theirs, 1) &&
           !posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0) &&
           !posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID) && /* no terminal to ask for a password on */
           !posix_spawnp(process, program, &files, &attributes, words, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    free(words);
    free(program);
    free(text);
    return fine;
}

bool ns_program_probe_look(ns_program_probe *probe, const ns_shard *shard)
{
    char first;
    if (!probe->running) {
        int ends[2];
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
            return false;
        probe->running = spawn(shard, ends[1], &probe->process);
        probe->socket = ends[0];
        close(ends[1]);
        if (!probe->running)
            close(ends[0]);
        return false;
    }
    ssize_t n = recv(probe->socket, &first, 1, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    ns_program_probe_end(probe); /* it greets, or has ended and is tried once more */
    return n == 1;
}
