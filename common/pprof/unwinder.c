/*
 * All modules are reported to one Dwfl. When the loader's list changes a new one is made: a Dwfl
 * does not take a module at addresses that another one had before.
 */
#define _GNU_SOURCE
#include "unwinder.h"

#include <elfutils/libdwfl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "loader.h"

struct unwinder {
    Dwfl *dwfl;                    /* NULL: nothing is known of any module */
    struct loader_version version; /* when the Dwfl was made */
    const struct stack_copy *copy; /* the one that is being walked */
};

/* Files are given with the modules, and unwind tables are in them: there is nothing to look for. */
static int find_no_file(Dwfl_Module *module, void **data, const char *name, Dwarf_Addr base,
                        char **path, Elf **elf)
{
    (void)module, (void)data, (void)name, (void)base, (void)path, (void)elf;
    return -1;
}

static int find_no_debuginfo(Dwfl_Module *module, void **data, const char *name, Dwarf_Addr base,
                             const char *file, const char *debuglink, GElf_Word crc, char **found)
{
    (void)module, (void)data, (void)name, (void)base;
    (void)file, (void)debuglink, (void)crc, (void)found;
    return -1;
}

static const Dwfl_Callbacks module_callbacks = {
    .find_elf = find_no_file,
    .find_debuginfo = find_no_debuginfo,
    .section_address = dwfl_offline_section_address,
};

static pid_t next_thread(Dwfl *dwfl, void *unwinder, void **thread)
{
    (void)dwfl, (void)unwinder, (void)thread;
    return 0;
}

static bool get_thread(Dwfl *dwfl, pid_t thread_id, void *unwinder, void **thread)
{
    (void)dwfl, (void)thread_id;
    *thread = unwinder;
    return true;
}

static bool read_word(Dwfl *dwfl, Dwarf_Addr address, Dwarf_Word *word, void *argument)
{
    const struct stack_copy *copy = ((struct unwinder *)argument)->copy;

    (void)dwfl;
    if (address < copy->low || copy->length < sizeof *word ||
        address - copy->low > copy->length - sizeof *word)
        return false;
    memcpy(word, copy->bytes + (address - copy->low), sizeof *word);
    return true;
}

static bool set_registers(Dwfl_Thread *thread, void *argument)
{
    const struct stack_copy *copy = ((struct unwinder *)argument)->copy;
    Dwarf_Word words[STACK_COPY_REGISTERS];

    for (unsigned i = 0; i < STACK_COPY_REGISTERS; i++)
        words[i] = copy->registers[i];
#ifdef __aarch64__
    dwfl_thread_state_register_pc(thread, words[STACK_COPY_REGISTERS - 1]);
    return dwfl_thread_state_registers(thread, 0, STACK_COPY_REGISTERS - 1, words);
#else
    return dwfl_thread_state_registers(thread, 0, STACK_COPY_REGISTERS, words);
#endif
}

static const Dwfl_Thread_Callbacks thread_callbacks = {
    .next_thread = next_thread,
    .get_thread = get_thread,
    .memory_read = read_word,
    .set_initial_registers = set_registers,
};

struct unwinder *unwinder_new(void)
{
    struct unwinder *unwinder = calloc(1, sizeof *unwinder);

    if (unwinder != NULL && unwinder_refresh(unwinder) != 0) {
        free(unwinder);
        return NULL;
    }
    return unwinder;
}

void unwinder_delete(struct unwinder *unwinder)
{
    if (unwinder == NULL)
        return;
    if (unwinder->dwfl != NULL)
        dwfl_end(unwinder->dwfl);
    free(unwinder);
}

static void report(struct unwinder *unwinder, const struct loader_object *object)
{
    int file = loader_object_open(object);

    /* an object that cannot be read is left out: stacks end in it */
    if (file >= 0 && dwfl_report_elf(unwinder->dwfl, object->path, object->path, file, object->bias,
                                     true) == NULL)
        close(file);
}

int unwinder_refresh(struct unwinder *unwinder)
{
    struct loader_version now = loader_version();
    struct loader_list list;

    if (unwinder->dwfl != NULL && now.added == unwinder->version.added &&
        now.removed == unwinder->version.removed)
        return 0;
    if (unwinder->dwfl != NULL)
        dwfl_end(unwinder->dwfl);
    unwinder->dwfl = NULL;
    if (loader_list_take(&list) != 0)
        return -1;
    unwinder->version = list.version;
    unwinder->dwfl = dwfl_begin(&module_callbacks);
    if (unwinder->dwfl != NULL) {
        dwfl_report_begin(unwinder->dwfl);
        for (size_t i = 0; i < list.count; i++)
            report(unwinder, &list.objects[i]);
    }
    loader_list_free(&list);
    if (unwinder->dwfl == NULL)
        return -1;
    if (dwfl_report_end(unwinder->dwfl, NULL, NULL) == 0 &&
        dwfl_attach_state(unwinder->dwfl, NULL, getpid(), &thread_callbacks, unwinder))
        return 0;
    dwfl_end(unwinder->dwfl);
    unwinder->dwfl = NULL;
    return -1;
}

struct walk {
    uintptr_t *stack;
    unsigned depth, depth_max;
};

static int take_frame(Dwfl_Frame *frame, void *argument)
{
    struct walk *walk = argument;
    Dwarf_Addr pc;
    bool is_exact;

    if (walk->depth == walk->depth_max || !dwfl_frame_pc(frame, &pc, &is_exact) || pc == 0)
        return DWARF_CB_ABORT;
    /* what a signal interrupted is exact as well: made to look like a return address */
    walk->stack[walk->depth] = pc + (is_exact && walk->depth > 0 ? 1 : 0);
    walk->depth++;
    return DWARF_CB_OK;
}

unsigned unwinder_walk(struct unwinder *unwinder, const struct stack_copy *copy, uintptr_t *stack,
                       unsigned depth_max)
{
    struct walk walk = {.stack = stack, .depth_max = depth_max};

    unwinder->copy = copy;
    if (unwinder->dwfl != NULL)
        dwfl_getthread_frames(unwinder->dwfl, 1, take_frame, &walk);
    if (walk.depth == 0)
        walk.stack[walk.depth++] = stack_copy_pc(copy->registers);
    return walk.depth;
}
