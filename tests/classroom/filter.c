/* filter.c - what a text and an object are refused for, and what is nobody's business. */
#include "bench/classroom/filter.h"

#include <criterion/criterion.h>
#include <string.h>

static void expect_refused(const char *text, const char *words)
{
    char reason[200] = "";
    cr_expect_neq(
        filter_check_source(lesson_from_id("key"), text, strlen(text), reason, sizeof reason), 0,
        "%s", text);
    cr_expect_not_null(strstr(reason, words), "%s: %s", text, reason);
}

static void expect_let_in(const char *text)
{
    char reason[200] = "";
    cr_expect_eq(
        filter_check_source(lesson_from_id("key"), text, strlen(text), reason, sizeof reason), 0,
        "%s: %s", text, reason);
}

Test(filter, lets_in_what_is_only_talked_about)
{
    expect_let_in("/* asm, __attribute__, #include \"../x\" */ int i;\n");
    expect_let_in("// asm and ## and [[ \nint i; const char *s = \"asm ## [[ __x\\\" /*\";\n");
    expect_let_in("int c = '\"'; int d = '\\''; /* \" */ int asmara;\n");
    expect_let_in(
        "#include \"key.h\"\n# include <string.h>\n#define LONG \\\n  1\n#if 0\n#endif\n");
    expect_let_in("int a = b[c[0]] / d; a %= 3; a <<= 1;\n#\n");
    expect_let_in("int i;"); /* no newline at the end */
}

Test(filter, refuses_what_steps_around_the_language)
{
    expect_refused("int i;\nasm(\"nop\");\n", "line 2: asm");
    expect_refused("__asm__(\"nop\");", "__asm__");
    expect_refused("as\\\nm(\"nop\");", "asm");
    expect_refused("as\\ \t\nm(\"nop\");", "asm");
    expect_refused("int f(void) __attribute__((alias(\"g\")));", "__attribute__");
    expect_refused("[[gnu::constructor]] void f(void);", "[[");
    expect_refused("_Pragma(\"weak x\")", "_Pragma");
    expect_refused("#pragma weak x\n", "#pragma");
    expect_refused("#line 3 \"key.h\"\n", "#line");
    expect_refused("# 3 \"key.h\"\n", "directive");
    expect_refused("%:include \"../x\"\n", "digraph");
    expect_refused("#define J(a,b) a##b\n", "##");
    expect_refused("const char *s = R\"(\")\" ; asm(\"nop\"); //\";", "raw texts");
    expect_refused("void *p = __builtin_thread_pointer();", "__builtin_thread_pointer");
    expect_refused("/* not closed **/ asm", "asm");
    expect_refused("const char *s = \"open\nasm", "quotes");
    expect_refused("\\u005f_asm", "backslash");
}

Test(filter, refuses_other_files)
{
    expect_refused("#include \"../fixed/key.c\"\n", "../fixed/key.c");
    expect_refused("#include \"worker.h\"\n", "worker.h");
    expect_refused("#include </etc/passwd>\n", "/etc/passwd");
    expect_refused("#include <valgrind/callgrind.h>\n", "valgrind/callgrind.h");
    expect_refused("#define F \"../x\"\n#include F\n", "name of a header");
    expect_refused("#include_next <string.h>\n", "include_next");
    expect_refused("#/**/include \"../x\"\n", "directive");
}

static void expect_symbols(int lesson, const char *symbols, const char *words)
{
    char reason[300] = "";
    int status = filter_check_symbols(lesson, symbols, reason, sizeof reason);
    cr_expect_eq(status == 0, words == NULL, "%s: %s", symbols, reason);
    if (words != NULL)
        cr_expect_not_null(strstr(reason, words), "%s", reason);
}

Test(filter, holds_symbols_against_the_contract)
{
    expect_symbols(lesson_from_id("key"), "key_build T 0 10\nhelp t 0 10\nmalloc U \n", NULL);
    expect_symbols(lesson_from_id("key"), "malloc U \n", "0 of the 1");
    expect_symbols(lesson_from_id("key"), "key_build T 0 1\nsystem U \n", "uses system");
    expect_symbols(lesson_from_id("key"), "key_build T 0 1\nhelp T 0 1\n", "make it static");
    expect_symbols(lesson_from_id("key"), "key_build W 0 1\n", "key_build");
    expect_symbols(lesson_from_id("key"), "key_build T 0 1\nthread_counts B 0 1\n",
                   "defines thread_counts");
    expect_symbols(lesson_from_id("key"), "key_build T 0 1\nlock_acquire i 0 1\n", "lock_acquire");
    expect_symbols(lesson_from_id("key"), "key_build T 0 1\nshield_counts U \n", "thread_counts");
    expect_symbols(lesson_from_id("sort"),
                   "sort_tags T 0 1\nsort_release T 0 1\nshield_counts U \n", NULL);
    expect_symbols(lesson_from_id("sort"), "sort_tags T 0 1\nsort_release T 0 1\nqsort U \n",
                   "tag_sort");
    expect_symbols(lesson_from_id("workers"), "pthread_create U \n", "thread_start");
}
