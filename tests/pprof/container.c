/* What live profiles need and containers refuse: `make test-container` runs all tests there. */
#include <criterion/criterion.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "common/pprof/stack_copy.h"

static void refuse_to_read_a_process(void)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_process_vm_readv, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof filter / sizeof *filter, filter};

    cr_assert_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
    cr_assert_eq(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0, "%s", strerror(errno));
}

Test(container, copies_a_stack_where_process_vm_readv_is_refused)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *end = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char copy[100] = "", byte;
    struct iovec here = {&byte, 1};

    cr_assert_neq(end, MAP_FAILED);
    end += page;
    cr_assert_eq(munmap(end, page), 0); /* so nothing can be read from there on */
    memcpy(end - 50, "the top of a stack", 19);
    refuse_to_read_a_process();
    cr_assert_eq(process_vm_readv(getpid(), &here, 1, &here, 1, 0), -1);

    errno = E2BIG;
    cr_expect_eq(stack_copy_bytes(copy, (uintptr_t)end - 50, sizeof copy), 50);
    cr_expect_str_eq(copy, "the top of a stack");
    cr_expect_eq(stack_copy_bytes(copy, (uintptr_t)end, sizeof copy), 0);
    cr_expect_eq(errno, E2BIG);
}
