/*
 * Each object of the loader's list has a Dwfl of its own, made when it is first asked for: so an
 * object that was unloaded, and another that has its addresses now, can both be kept.
 */
#define _GNU_SOURCE
#include "symbols.h"

#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "entries.h"
#include "places.h"
#include "texts.h"
#include "units.h"
#include "wall.h"

enum { UNLOADED_MAX = 64 };

struct module {
    struct symbol_object object;
    struct loader_object file; /* its path is not the object's where the program was moved */
    bool is_opened;            /* tried to */
    Dwfl *dwfl;                /* NULL: not opened, or nothing to read */
    Dwfl_Module *dwfl_module;
    struct units units;
};

struct symbols {
    struct module *modules;
    unsigned count, capacity;
    struct texts texts;   /* names that had to be put together */
    struct places places; /* what was asked for already */
};

/* Debug information on this machine only; the standard callback would ask debuginfod. */
static int find_debuginfo(Dwfl_Module *module, void **data, const char *name, Dwarf_Addr base,
                          const char *file, const char *debuglink, GElf_Word crc, char **found)
{
    return dwfl_build_id_find_debuginfo(module, data, name, base, file, debuglink, crc, found);
}

static const Dwfl_Callbacks callbacks = {
    .find_debuginfo = find_debuginfo,
    .section_address = dwfl_offline_section_address,
};

struct symbols *symbols_new(void)
{
    return calloc(1, sizeof(struct symbols));
}

/* What was read of its file. */
static void close_module(struct module *module)
{
    units_free(&module->units);
    if (module->dwfl != NULL)
        dwfl_end(module->dwfl);
    module->dwfl = NULL;
    module->dwfl_module = NULL;
}

static void free_module(struct module *module)
{
    close_module(module);
    free((char *)module->object.path);
}

void symbols_delete(struct symbols *symbols)
{
    if (symbols == NULL)
        return;
    symbols_release(symbols);
    for (unsigned i = 0; i < symbols->count; i++)
        free_module(&symbols->modules[i]);
    free(symbols->modules);
    texts_free(&symbols->texts);
    free(symbols);
}

void symbols_release(struct symbols *symbols)
{
    for (unsigned i = 0; i < symbols->count; i++) {
        close_module(&symbols->modules[i]);
        symbols->modules[i].is_opened = false;
    }
    texts_free(&symbols->texts);
    places_free(&symbols->places);
}

/* Where the program is, even if it was moved or deleted since it started. */
static char *program_path(void)
{
    char path[4096];
    static const char deleted[] = " (deleted)";
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);

    if (length < 0)
        return strdup("[program]");
    path[length] = '\0';
    size_t suffix = sizeof deleted - 1;
    if ((size_t)length > suffix && strcmp(path + length - suffix, deleted) == 0)
        path[(size_t)length - suffix] = '\0';
    return strdup(path);
}

static bool is_same_module(const struct module *module, const struct loader_object *object)
{
    return module->object.start == object->start && module->object.limit == object->limit &&
           module->file.bias == object->bias &&
           strcmp(module->object.build_id, object->build_id) == 0;
}

static int note(struct symbols *symbols, const struct loader_object *object)
{
    if (object->limit == object->start)
        return 0; /* no code */
    for (unsigned i = 0; i < symbols->count; i++)
        if (is_same_module(&symbols->modules[i], object)) {
            symbols->modules[i].object.is_loaded = true;
            return 0;
        }
    if (symbols->count == symbols->capacity) {
        unsigned capacity = symbols->capacity ? 2 * symbols->capacity : 32;
        struct module *larger = realloc(symbols->modules, capacity * sizeof *larger);
        if (larger == NULL)
            return -1;
        symbols->modules = larger;
        symbols->capacity = capacity;
    }
    char *path = object->is_program ? program_path() : strdup(object->path);
    if (path == NULL)
        return -1;
    struct module *module = &symbols->modules[symbols->count++];
    *module = (struct module){
        .object = {.start = object->start,
                   .limit = object->limit,
                   .offset = object->offset,
                   .path = path,
                   .is_loaded = true},
        .file = *object,
    };
    memcpy(module->object.build_id, object->build_id, sizeof module->object.build_id);
    module->file.path = object->is_program ? "/proc/self/exe" : path;
    return 0;
}

/* A program may load libraries and unload them for ever: those that went first are forgotten. */
static void forget_oldest(struct symbols *symbols)
{
    unsigned unloaded_count = 0, kept = 0;

    for (unsigned i = 0; i < symbols->count; i++)
        unloaded_count += !symbols->modules[i].object.is_loaded;
    for (unsigned i = 0; i < symbols->count; i++) {
        struct module *module = &symbols->modules[i];
        if (!module->object.is_loaded && unloaded_count > UNLOADED_MAX) {
            free_module(module);
            unloaded_count--;
        } else {
            symbols->modules[kept++] = *module;
        }
    }
    symbols->count = kept;
}

int symbols_refresh(struct symbols *symbols)
{
    struct loader_list list;
    int status = 0;

    if (loader_list_take(&list) != 0)
        return -1;
    for (unsigned i = 0; i < symbols->count; i++)
        symbols->modules[i].object.is_loaded = false;
    places_free(&symbols->places); /* other objects may have the addresses now */
    for (size_t i = 0; i < list.count && status == 0; i++)
        status = note(symbols, &list.objects[i]);
    loader_list_free(&list);
    forget_oldest(symbols);
    return status;
}

/* At most once between two releases. */
static void open_module(struct module *module)
{
    if (module->is_opened)
        return;
    module->is_opened = true;
    int file = loader_object_open(&module->file);
    if (file < 0)
        return;
    module->dwfl = dwfl_begin(&callbacks);
    if (module->dwfl != NULL) {
        dwfl_report_begin(module->dwfl);
        module->dwfl_module = dwfl_report_elf(module->dwfl, module->object.path,
                                              module->object.path, file, module->file.bias, true);
        dwfl_report_end(module->dwfl, NULL, NULL);
    }
    if (module->dwfl_module != NULL) {
        /* the file of that name may be another one by now, as after an upgrade */
        const unsigned char *id;
        GElf_Addr address;
        char text[SYMBOLS_BUILD_ID_SIZE] = "";
        int length = dwfl_module_build_id(module->dwfl_module, &id, &address);
        if (length > 0)
            loader_build_id_text(id, (size_t)length, text);
        if (strcmp(text, module->object.build_id) == 0)
            return; /* the file is closed with the Dwfl */
    } else {
        close(file);
    }
    close_module(module);
}

/* Keeps a name with the symbols; a relative one is made absolute, for clients that open it. */
static const char *keep_path(struct symbols *symbols, Dwarf_Die *unit, const char *path)
{
    char text[4096];
    Dwarf_Attribute attribute;
    const char *folder = NULL;

    if (path == NULL)
        return NULL;
    if (path[0] != '/' && dwarf_attr(unit, DW_AT_comp_dir, &attribute) != NULL)
        folder = dwarf_formstring(&attribute);
    if (folder == NULL)
        return path;
    snprintf(text, sizeof text, "%s/%s", folder, path);
    long number = texts_add(&symbols->texts, text);
    return number < 0 ? path : symbols->texts.texts[number];
}

static const char *function_name(Dwarf_Die *die)
{
    Dwarf_Attribute attribute;

    return dwarf_attr_integrate(die, DW_AT_name, &attribute) != NULL ? dwarf_formstring(&attribute)
                                                                     : NULL;
}

static int number_of(Dwarf_Die *die, unsigned name)
{
    Dwarf_Attribute attribute;
    Dwarf_Word value;

    if (dwarf_attr_integrate(die, name, &attribute) == NULL ||
        dwarf_formudata(&attribute, &value) != 0)
        return 0;
    return (int)value;
}

/* Where an inlined function was called. */
static const char *call_file(struct symbols *symbols, Dwarf_Die *unit, Dwarf_Die *inlined)
{
    Dwarf_Files *files;
    size_t count;
    int number = number_of(inlined, DW_AT_call_file);

    if (dwarf_getsrcfiles(unit, &files, &count) != 0 || number < 0 || (size_t)number >= count)
        return NULL;
    return keep_path(symbols, unit, dwarf_filesrc(files, (size_t)number, NULL, NULL));
}

/*
 * The scopes around the address as they were compiled: inlined functions within those that they
 * were inlined into. (dwarf_getscopes goes on behind an inlined one with those it was written
 * within.)
 */
static int physical_scopes(Dwarf_Die *unit, Dwarf_Addr address, Dwarf_Die **scopes)
{
    Dwarf_Die *written = NULL;
    int count = dwarf_getscopes(unit, address, &written);

    *scopes = NULL;
    if (count > 0)
        count = dwarf_getscopes_die(&written[0], scopes);
    free(written);
    return count;
}

/* The functions around the address, innermost first, by the debug information. */
static void find_frames(struct symbols *symbols, struct module *module, uintptr_t address,
                        struct symbol_place *place)
{
    Dwarf_Addr bias;
    Dwarf_Die *scopes = NULL;
    int line = 0;

    Dwarf_Die *unit = units_find(&module->units, module->dwfl_module, address, &bias);
    if (unit == NULL)
        return;
    Dwarf_Line *source = dwarf_getsrc_die(unit, address - bias);
    const char *file =
        source == NULL ? NULL : keep_path(symbols, unit, dwarf_linesrc(source, NULL, NULL));
    dwarf_lineno(source, &line);
    int count = physical_scopes(unit, address - bias, &scopes);
    for (int i = 0; i < count && place->frame_count < SYMBOLS_FRAMES_MAX; i++) {
        int tag = dwarf_tag(&scopes[i]);
        if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram)
            continue;
        struct symbol_frame *frame = &place->frames[place->frame_count++];
        Dwarf_Addr entry = 0;
        dwarf_entrypc(&scopes[i], &entry);
        *frame = (struct symbol_frame){.function = function_name(&scopes[i]),
                                       .entry = entry + bias,
                                       .file = file,
                                       .line = line,
                                       .function_line = number_of(&scopes[i], DW_AT_decl_line)};
        if (tag == DW_TAG_subprogram)
            break;
        file = call_file(symbols, unit, &scopes[i]);
        line = number_of(&scopes[i], DW_AT_call_line);
    }
    free(scopes);
    if (place->frame_count == 0 && file != NULL) /* assembly has lines, but no functions */
        place->frames[place->frame_count++] = (struct symbol_frame){.file = file, .line = line};
}

/* "[libc.so.6]+0x12340": the object's file, and where in it, as nm and objdump have it. */
static void name_by_offset(const struct module *module, uintptr_t address,
                           char text[SYMBOLS_NAME_SIZE])
{
    const char *path = module->object.path, *slash = strrchr(path, '/');

    snprintf(text, SYMBOLS_NAME_SIZE, path[0] == '[' ? "%.48s+0x%lx" : "[%.48s]+0x%lx",
             slash != NULL ? slash + 1 : path, (unsigned long)(address - module->file.bias));
}

/* Of a function without a name: the same wherever in it the address is. */
static const char *name_unnamed(struct symbols *symbols, const struct module *module,
                                uintptr_t address, uintptr_t *entry)
{
    char text[SYMBOLS_NAME_SIZE];
    GElf_Addr bias;
    uint64_t begin;
    Elf *elf = dwfl_module_getelf(module->dwfl_module, &bias);

    if (elf == NULL || !entries_find(elf, address - bias, &begin))
        return NULL;
    *entry = begin + bias;
    name_by_offset(module, *entry, text);
    long number = texts_add(&symbols->texts, text);
    return number < 0 ? NULL : symbols->texts.texts[number];
}

static void look_up(struct symbols *symbols, uintptr_t address, struct symbol_place *place)
{
    struct module *module = NULL;

    place->object = -1;
    place->frame_count = 0;
    /* the newest first; what is loaded before what is not */
    for (unsigned i = 0; i < symbols->count; i++) {
        struct module *candidate = &symbols->modules[i];
        if (address >= candidate->object.start && address < candidate->object.limit &&
            (module == NULL || candidate->object.is_loaded || !module->object.is_loaded)) {
            module = candidate;
            place->object = (int)i;
        }
    }
    if (module == NULL)
        return;
    open_module(module);
    if (module->dwfl_module == NULL)
        return;
    find_frames(symbols, module, address, place);

    GElf_Off offset = 0;
    GElf_Sym symbol;
    const char *name =
        dwfl_module_addrinfo(module->dwfl_module, address, &offset, &symbol, NULL, NULL, NULL);
    uintptr_t entry = address - offset;
    if (name == NULL)
        name = name_unnamed(symbols, module, address, &entry);
    if (name == NULL)
        return;
    if (place->frame_count == 0)
        place->frames[place->frame_count++] = (struct symbol_frame){0};
    struct symbol_frame *outermost = &place->frames[place->frame_count - 1];
    if (outermost->function == NULL) {
        outermost->function = name;
        outermost->entry = entry;
    }
}

void symbols_find(struct symbols *symbols, uintptr_t address, struct symbol_place *place)
{
    const char *state = wall_state_name(address);

    if (state != NULL) {
        *place = (struct symbol_place){.object = -1, .frame_count = 1};
        place->frames[0].function = state;
        return;
    }
    if (places_find(&symbols->places, address, place))
        return;
    look_up(symbols, address, place);
    places_add(&symbols->places, address, place);
}

const char *symbols_name(const struct symbols *symbols, uintptr_t address,
                         const struct symbol_place *place, const struct symbol_frame *frame,
                         char text[SYMBOLS_NAME_SIZE])
{
    if (frame->function != NULL)
        return frame->function;
    if (place->object < 0)
        snprintf(text, SYMBOLS_NAME_SIZE, "0x%lx", (unsigned long)address);
    else
        name_by_offset(&symbols->modules[place->object], address, text);
    return text;
}

unsigned symbols_object_count(const struct symbols *symbols)
{
    return symbols->count;
}

const struct symbol_object *symbols_object(const struct symbols *symbols, unsigned index)
{
    return &symbols->modules[index].object;
}
