/*
 * refuse.c - runs a command to which the kernel refuses what it refuses in a container of Docker's:
 *     build/tests/refuse COMMAND [ARGUMENT...]
 *
 * After Docker's default profile, which lists what it allows; here is what it does not, as far as a
 * program of this project, or one that it runs, may come to ask for it. ptrace() and
 * process_vm_readv() are allowed on newer kernels only: they are refused here. As root, before any
 * capabilities are dropped.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define SKIP_UNLESS(value, count) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, (count))
#define REFUSE(error) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (error))
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define NO(name) SKIP_UNLESS(SYS_##name, 1), REFUSE(EPERM)

static const unsigned NEW_NAMESPACES = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |
                                       CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWCGROUP;

int main(int argc, char **argv)
{
    /* Arguments are compared by their lower halves: what is asked for has no higher bits. */
    struct sock_filter filter[] = {
        LOAD(nr),
        NO(add_key),
        NO(bpf),
        NO(fanotify_init),
        NO(io_uring_setup),
        NO(kcmp),
        NO(keyctl),
        NO(mbind),
        NO(mount),
        NO(name_to_handle_at),
        NO(open_by_handle_at),
        NO(perf_event_open),
        NO(pivot_root),
        NO(process_vm_readv),
        NO(process_vm_writev),
        NO(ptrace),
        NO(request_key),
        NO(set_mempolicy),
        NO(setns),
        NO(syslog),
        NO(umount2),
        NO(unshare),
        NO(userfaultfd),
        /* the C library then takes clone(), whose flags can be looked at */
        SKIP_UNLESS(SYS_clone3, 1),
        REFUSE(ENOSYS),
        SKIP_UNLESS(SYS_clone, 4),
        LOAD(args[0]),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, NEW_NAMESPACES, 0, 1),
        REFUSE(EPERM),
        ALLOW,
        SKIP_UNLESS(SYS_personality, 6),
        LOAD(args[0]),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PER_LINUX, 3, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PER_LINUX32, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xffffffff, 1, 0),
        REFUSE(EPERM),
        ALLOW,
        ALLOW,
    };
    struct sock_fprog program = {sizeof filter / sizeof *filter, filter};

    if (argc < 2) {
        fprintf(stderr, "refuse: takes a command, as in: refuse make test\n");
        return 2;
    }
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        fprintf(stderr, "refuse: no filter can be set: %s\n", strerror(errno));
        return 2;
    }
    execvp(argv[1], argv + 1);
    fprintf(stderr, "refuse: %s could not be run: %s\n", argv[1], strerror(errno));
    return 127;
}
