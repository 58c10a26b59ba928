/* What addresses mean, also of what was unloaded, moved, or never there. */
#include <criterion/criterion.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/pprof/legacy.h"
#include "common/pprof/profile_text.h"
#include "common/pprof/symbols.h"
#include "tests/pprof/callers.h"
#include "tests/pprof/clients.h"

static char output[CLIENTS_OUTPUT_SIZE];

static struct symbols *fresh_symbols(void)
{
    struct symbols *symbols = symbols_new();

    cr_assert_not_null(symbols);
    cr_assert_eq(symbols_refresh(symbols), 0);
    return symbols;
}

/* A library, compiled here. */
static const char *make_library_of(const char *name, const char *options, const char *source)
{
    char file[64];

    snprintf(file, sizeof file, "%s.so", name);
    const char *path = clients_path(file);
    clients_save("library.c", source, strlen(source));
    cr_assert_eq(clients_run(output, "$CC %s -O1 -shared -fPIC -Wl,--build-id -o %s library.c",
                             options, path),
                 0, "%s", output);
    return path;
}

/* Of one function, with another number of bytes in front of it. */
static const char *make_library(const char *name, const char *function)
{
    char source[256];

    snprintf(source, sizeof source, "int %s(int a) { return a * 3 + 1; }\n", function);
    return make_library_of(name, "-g", source);
}

Test(symbols, finds_functions_lines_and_inlined_frames)
{
    struct symbols *symbols = fresh_symbols();
    struct symbol_place place;
    uintptr_t stack[64];
    bool is_seen = false;
    unsigned depth = callers_take(stack, 64);

    for (unsigned i = 0; i < depth; i++) {
        symbols_find(symbols, stack[i] - 1, &place);
        if (place.frame_count != 2 || strcmp(place.frames[0].function, "callers_leaf") != 0)
            continue;
        is_seen = true;
        cr_assert_str_eq(place.frames[1].function, "callers_middle");
        cr_assert_eq(place.frames[1].file[0], '/');
        cr_assert_gt(place.frames[1].line, place.frames[1].function_line);
        const struct symbol_object *object = symbols_object(symbols, (unsigned)place.object);
        cr_assert_not_null(strstr(object->path, "pprof-parts"));
        cr_assert_geq(strlen(object->build_id), 8);
    }
    cr_assert(is_seen);
    symbols_delete(symbols);
}

Test(symbols, knows_libraries_by_their_names_alone_and_nothing_of_wild_addresses)
{
    struct symbols *symbols = fresh_symbols();
    struct symbol_place place;

    /* a function that no sanitizer stands in front of */
    symbols_find(symbols, (uintptr_t)dlsym(RTLD_DEFAULT, "tdelete") + 2, &place);
    cr_assert_eq(place.frame_count, 1);
    cr_assert_not_null(strstr(place.frames[0].function, "tdelete"));
    static const uintptr_t wild[] = {0, 1, 0x1000, UINTPTR_MAX};
    for (size_t i = 0; i < sizeof wild / sizeof wild[0]; i++) {
        symbols_find(symbols, wild[i], &place);
        cr_assert_eq(place.object, -1);
        cr_assert_eq(place.frame_count, 0);
    }
    symbols_delete(symbols);
}

Test(symbols, outlive_a_library_that_was_unloaded)
{
    const char *path = make_library("first", "first_function");
    void *library = dlopen(path, RTLD_NOW);
    cr_assert_not_null(library);
    uintptr_t address = (uintptr_t)dlsym(library, "first_function") + 1;
    struct symbols *symbols = fresh_symbols();
    struct symbol_place place;

    cr_assert_eq(dlclose(library), 0);
    cr_assert_eq(symbols_refresh(symbols), 0);
    symbols_find(symbols, address, &place);
    cr_assert_eq(place.frame_count, 1);
    cr_assert_str_eq(place.frames[0].function, "first_function");
    cr_assert_not(symbols_object(symbols, (unsigned)place.object)->is_loaded);
    symbols_release(symbols);
    symbols_find(symbols, address, &place);
    cr_assert_str_eq(place.frames[0].function, "first_function");

    /* where another one has its place now, its names count */
    void *other = dlopen(make_library("other", "other_function"), RTLD_NOW);
    cr_assert_not_null(other);
    cr_assert_eq(symbols_refresh(symbols), 0);
    symbols_find(symbols, (uintptr_t)dlsym(other, "other_function") + 1, &place);
    cr_assert_str_eq(place.frames[0].function, "other_function");
    dlclose(other);
    symbols_delete(symbols);
}

Test(symbols, do_not_take_another_file_of_that_name)
{
    const char *path = make_library("moved", "honest_function");
    void *library = dlopen(path, RTLD_NOW);
    uintptr_t address = (uintptr_t)dlsym(library, "honest_function") + 1;
    struct symbols *symbols = fresh_symbols();
    struct symbol_place place;

    cr_assert_eq(unlink(path), 0); /* the mapped one stays as it is */
    make_library("moved", "false_function");
    symbols_find(symbols, address, &place);
    cr_assert_eq(place.frame_count, 0);
    cr_assert_str_eq(symbols_object(symbols, (unsigned)place.object)->path, path);
    symbols_delete(symbols);
}

/* Of "0x1234 TAB name", asked as a client does, the name; the caller's to free. */
static char *remote_name(struct symbols *symbols, uintptr_t address)
{
    char request[32], *text;
    size_t size;

    snprintf(request, sizeof request, "0x%lx", (unsigned long)address);
    FILE *file = open_memstream(&text, &size);
    legacy_write_symbols(file, symbols, request);
    fclose(file);
    const char *tab = strchr(text, '\t');
    cr_assert_not_null(tab, "%s", text);
    char *name = strdup(tab + 1);
    free(text);
    return name;
}

Test(symbols, names_functions_without_a_name_each_after_its_place)
{
    const char *path =
        make_library_of("stripped", "-s",
                        "typedef int f(int);\n"
                        "static __attribute__((noinline)) int one(int a) { return a * a + 41; }\n"
                        "static __attribute__((noinline)) int two(int a) { return a * a - 17; }\n"
                        "f *get(int i) { return i == 1 ? one : two; }\n");
    void *library = dlopen(path, RTLD_NOW);
    uintptr_t (*get)(int) = (uintptr_t(*)(int))dlsym(library, "get");
    uintptr_t one = get(1), two = get(2);
    struct symbols *symbols = fresh_symbols();
    struct symbol_place place;
    char *names[] = {remote_name(symbols, one + 1), remote_name(symbols, one + 3),
                     remote_name(symbols, two + 1), remote_name(symbols, 0x1001),
                     remote_name(symbols, 0x2001)};

    cr_assert_eq(strncmp(names[0], "[stripped.so]+0x", 16), 0, "%s", names[0]);
    cr_assert_str_eq(names[0], names[1], "two places in one function");
    cr_assert_str_neq(names[0], names[2], "two functions");
    cr_assert_eq(strncmp(names[2], "[stripped.so]+0x", 16), 0, "%s", names[2]);
    cr_assert_str_eq(names[3], "0x1001\n");
    cr_assert_str_eq(names[4], "0x2001\n");
    symbols_find(symbols, two + 3, &place);
    cr_assert_eq(place.frame_count, 1, "profiles have the name, too");
    cr_assert_eq(place.frames[0].entry, two);
    cr_assert_eq(strncmp(place.frames[0].function, names[2], strlen(place.frames[0].function)), 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        free(names[i]);
    symbols_delete(symbols);
}

Test(symbols, finds_the_kernels_own_code)
{
    struct symbols *symbols = fresh_symbols();
    bool is_seen = false;

    for (unsigned i = 0; i < symbols_object_count(symbols); i++)
        if (strcmp(symbols_object(symbols, i)->path, "[vdso]") == 0) {
            struct symbol_place place;
            void *vdso = dlopen("linux-vdso.so.1", RTLD_NOW | RTLD_NOLOAD);
            void *clock = vdso != NULL ? dlsym(vdso, "__vdso_clock_gettime") : NULL;
            is_seen = true;
            if (clock == NULL)
                break;
            symbols_find(symbols, (uintptr_t)clock + 1, &place);
            cr_assert_eq(place.frame_count, 1);
            cr_assert_not_null(strstr(place.frames[0].function, "clock_gettime"));
        }
    cr_assert(is_seen);
    symbols_delete(symbols);
}

Test(text, leads_with_the_top_and_shows_each_stack)
{
    static const struct profile_type type = {"delay", "nanoseconds"};
    struct profile *profile = profile_new(&type, 1);
    struct symbols *symbols = fresh_symbols();
    uintptr_t stack[64];
    unsigned depth = callers_take(stack, 64);
    struct profile_label label = {"state", "never woken", NULL, 0, false};
    char *text;
    size_t size;

    profile_add(profile, stack, depth, false, (int64_t[]){1500000}, &label, 1);
    profile_add(profile, stack + 1, depth - 1, false, (int64_t[]){500000}, NULL, 0);
    FILE *file = open_memstream(&text, &size);
    cr_assert_eq(profile_text_write(file, profile, symbols, "block", NULL, 1), 0);
    fclose(file);
    cr_assert_not_null(strstr(text, "# block: 2 stacks; delay 2ms"), "%s", text);
    cr_assert_not_null(strstr(text, "2ms 100.00%  callers_root"), "%s", text);
    cr_assert_not_null(strstr(text, "\n1500000 @ 0x"), "%s", text);
    cr_assert_not_null(strstr(text, "# labels: state=never woken\n"), "%s", text);
    free(text);
    file = open_memstream(&text, &size);
    cr_assert_eq(profile_text_write(file, profile, symbols, "block", NULL, 2), 0);
    fclose(file);
    cr_assert_not_null(strstr(text, "delay 1.5ms; state=never woken:\n    "), "%s", text);
    cr_assert_not_null(strstr(text, "    callers_middle\n        /"), "%s", text);
    free(text);
    symbols_delete(symbols);
    profile_delete(profile);
}

Test(legacy, has_no_bytes_of_no_objects)
{
    static const struct profile_type types[] = {{"alloc_objects", "count"},
                                                {"alloc_space", "bytes"},
                                                {"inuse_objects", "count"},
                                                {"inuse_space", "bytes"}};
    struct profile *profile = profile_new(types, 4);
    const uintptr_t grown = 0x10, shrunk = 0x20;
    char *text;
    size_t size;

    /* one object went and a larger one came, or the other way round */
    profile_add(profile, &grown, 1, true, (int64_t[]){1, 30, 0, 20}, NULL, 0);
    profile_add(profile, &shrunk, 1, true, (int64_t[]){0, 10, 0, -50}, NULL, 0);
    FILE *file = open_memstream(&text, &size);
    legacy_write_heap(file, profile);
    fclose(file);
    cr_assert_eq(strncmp(text, "heap profile: 0: 0 [1: 40] @ heapprofile\n", 41), 0, "%.99s", text);
    cr_assert_not_null(strstr(text, "\n1: 20 [1: 30] @ 0x10\n"), "%.300s", text);
    cr_assert_not_null(strstr(text, "\n-1: -50 [1: 10] @ 0x20\n"), "%.300s", text);
    const char *path = clients_save("legacy.heap", text, size);
    cr_assert_eq(clients_run(output, "go tool pprof -raw %s", path), 0, "%s", output);
    free(text);
    profile_delete(profile);
}
