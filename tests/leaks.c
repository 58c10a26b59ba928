/*
 * Linked into the test programs under ASan: whose leaks count.
 *
 * Each test runs in a process of its own, started by boxfort, and is checked for leaks as it ends. The
 * process that starts them holds nothing of ours: Criterion 2.4.1 leaks there itself (96 bytes in
 * criterion_run_all_tests()), and a suppression of that would match the tests' stacks too.
 */
#include <sanitizer/lsan_interface.h>
#include <stdlib.h>

int __lsan_is_turned_off(void)
{
    return getenv("BXFI_MAP") == NULL; /* set by boxfort for those that it starts */
}
