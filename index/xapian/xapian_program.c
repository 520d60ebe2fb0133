/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_program.c - finds and reaps what Xapian started and forgot.
 */
#include "index/xapian/xapian_program.h"

#include <stdbool.h>
#include <stdio.h>
#include <sys/wait.h>

void ns_xapian_children_note(ns_xapian_children *children)
{
    int pid;
    children->count = -1;
    FILE *list = fopen("/proc/thread-self/children", "re");
    if (!list)
        return;
    int count = 0;
    while (count >= 0 && fscanf(list, "%d", &pid) == 1) {
        if (count < NS_XAPIAN_CHILDREN)
            children->list[count++] = pid;
        else
            count = -1;
    }
    children->count = count;
    fclose(list);
}

void ns_xapian_children_reap(const ns_xapian_children *before)
{
    ns_xapian_children now;
    ns_xapian_children_note(&now);
    if (before->count < 0) /* then they stay, as the table of processes may hold */
        return;
    for (int i = 0; i < now.count; i++) {
        bool known = false;
        for (int k = 0; k < before->count && !known; k++)
            known = before->list[k] == now.list[i];
        if (!known)
            waitpid(now.list[i], NULL, WNOHANG);
    }
}
