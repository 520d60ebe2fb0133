/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * sandbox.c - limits, Landlock by its raw system calls, and a seccomp filter made by libseccomp, in this order.
 */
#include "corpus/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef NS_WITH_SECCOMP
#include <seccomp.h>
#endif

static nsearch_status set_limits(size_t memory, unsigned descriptors, nsearch_error *err)
{
    const struct {
        __rlimit_resource_t what;
        rlim_t most;
    } limits[] = { { RLIMIT_CORE, 0 },
                   { RLIMIT_FSIZE, 0 },
                   { RLIMIT_NOFILE, descriptors },
                   { RLIMIT_AS, memory && NS_SANDBOX_FILTERS ? memory : RLIM_INFINITY } };
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        struct rlimit now;
        if (getrlimit(limits[i].what, &now))
            return ns_error_system(err, "cannot ask for a limit of this process");
        now.rlim_max = now.rlim_max < limits[i].most ? now.rlim_max : limits[i].most;
        now.rlim_cur = now.rlim_max;
        if (limits[i].most != RLIM_INFINITY && setrlimit(limits[i].what, &now))
            return ns_error_system(err, "cannot limit this process");
    }
    return NSEARCH_OK;
}

/* ---- Landlock */

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444 /* the same on every machine */
#define SYS_landlock_restrict_self 446
#endif

/* A set of rules that forbids all it knows of and allows nothing. A kernel without it, or one where it is turned
 * off, is no error: the filter stands by itself. */
static void forbid_files(void)
{
    struct {
        uint64_t files, ports, scopes;
    } handled = { 0, 0, 0 };
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, 1);
    if (version < 1)
        return;
    /* from <linux/landlock.h> of Linux 6.12: rights came with versions 1, 2, 3 and 5, ports with 4, scopes with 6 */
    unsigned rights = version >= 5 ? 16 : version >= 3 ? 15 : version == 2 ? 14 : 13;
    handled.files = (UINT64_C(1) << rights) - 1;
    handled.ports = version >= 4 ? 3 : 0;
    handled.scopes = version >= 6 ? 3 : 0;
    size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
    int rules = (int)syscall(SYS_landlock_create_ruleset, &handled, size, 0);
    if (rules < 0)
        return;
    (void)syscall(SYS_landlock_restrict_self, rules, 0);
    close(rules);
}

/* ---- the filter */

#if NS_SANDBOX_FILTERS
static int allow(scmp_filter_ctx filter, int out)
{
    static const int any[] = {
        SCMP_SYS(read),       SCMP_SYS(lseek),         SCMP_SYS(_llseek),      SCMP_SYS(close),  SCMP_SYS(munmap),
        SCMP_SYS(mremap),     SCMP_SYS(brk),           SCMP_SYS(madvise),      SCMP_SYS(futex),  SCMP_SYS(exit),
        SCMP_SYS(exit_group), SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(time),   SCMP_SYS(getrandom),
        SCMP_SYS(getpid),     SCMP_SYS(gettid),        SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask),
        SCMP_SYS(restart_syscall), SCMP_SYS(clock_gettime64), SCMP_SYS(futex_time64)
    };
    static const int fatal[] = {
        SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork),    SCMP_SYS(vfork),            SCMP_SYS(clone),
        SCMP_SYS(clone3), SCMP_SYS(socket),   SCMP_SYS(connect), SCMP_SYS(bind),             SCMP_SYS(listen),
        SCMP_SYS(ptrace), SCMP_SYS(kill),     SCMP_SYS(tkill),   SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev),
        SCMP_SYS(bpf),    SCMP_SYS(mount),    SCMP_SYS(unshare), SCMP_SYS(io_uring_setup),   SCMP_SYS(memfd_create)
    };
    static const int sending[] = { SCMP_SYS(write), SCMP_SYS(recvmsg) };
    const struct scmp_arg_cmp to_out = SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)out, 0);
    const struct scmp_arg_cmp never_code = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    const struct scmp_arg_cmp of_no_file = SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS);
    const struct scmp_arg_cmp itself = SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0);
    int bad = 0;
    /* a call that this machine does not have is no failure */
    for (size_t i = 0; i < sizeof any / sizeof *any && !bad; i++)
        bad = any[i] < 0 ? 0 : seccomp_rule_add(filter, SCMP_ACT_ALLOW, any[i], 0);
    for (size_t i = 0; i < sizeof fatal / sizeof *fatal && !bad; i++)
        bad = fatal[i] < 0 ? 0 : seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, fatal[i], 0);
    for (size_t i = 0; i < sizeof sending / sizeof *sending && !bad; i++)
        bad = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, sending[i], 1, &to_out);
    if (!bad)
        bad = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2, never_code, of_no_file);
    if (!bad)
        bad = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, never_code);
    if (!bad) /* by abort */
        bad = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, itself);
    return bad;
}

static nsearch_status filter_calls(int out, nsearch_error *err)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (!filter)
        return ns_error_set(err, NSEARCH_UNCONFINED, "no filter of system calls: the kernel is too old");
    int bad = allow(filter, out);
    if (!bad)
        bad = seccomp_load(filter);
    seccomp_release(filter);
    if (!bad)
        return NSEARCH_OK;
    errno = -bad;
    ns_error_system(err, "no filter of system calls");
    return err->status = NSEARCH_UNCONFINED;
}
#else
static nsearch_status filter_calls(int out, nsearch_error *err)
{
    (void)out;
    (void)err;
    return NSEARCH_OK;
}
#endif

nsearch_status ns_sandbox_enter(int out, size_t memory, unsigned descriptors, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)) {
        ns_error_system(err, "cannot give up rights");
        status = err->status = NSEARCH_UNCONFINED;
    }
    if (!status)
        forbid_files(); /* before descriptors are few */
    if (!status)
        status = set_limits(memory, descriptors, err);
    return status ? status : filter_calls(out, err);
}
