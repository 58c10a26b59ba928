/*
 * units.h - which compilation unit of a module an address belongs to.
 *
 * libdw looks it up in .debug_aranges, which clang does not write: without it, each unit says
 * itself which addresses it has. Used by one thread at a time.
 */
#ifndef PPROF_UNITS_H
#define PPROF_UNITS_H

#include <elfutils/libdwfl.h>
#include <stdbool.h>
#include <stddef.h>

struct units_range {
    Dwarf_Addr low, high; /* exclusive */
    Dwarf_Die *unit;
    Dwarf_Addr bias;
};

/* All zero: nothing was looked up yet. */
struct units {
    struct units_range *ranges; /* by address, once they were asked for */
    size_t count, capacity;
    bool is_read;
};

/*
 * The unit, and the difference between `address` and what the unit says. NULL: none has it, or
 * there is no debug information. Valid as long as the module.
 */
Dwarf_Die *units_find(struct units *units, Dwfl_Module *module, Dwarf_Addr address,
                      Dwarf_Addr *bias);

/* Empties it; to be called before the module goes. */
void units_free(struct units *units);

#endif
