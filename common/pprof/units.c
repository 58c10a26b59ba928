#include "units.h"

#include <stdlib.h>

static int add(struct units *units, const struct units_range *range)
{
    if (units->count == units->capacity) {
        size_t capacity = units->capacity ? 2 * units->capacity : 64;
        struct units_range *larger = realloc(units->ranges, capacity * sizeof *larger);
        if (larger == NULL)
            return -1;
        units->ranges = larger;
        units->capacity = capacity;
    }
    units->ranges[units->count++] = *range;
    return 0;
}

static int by_address(const void *a, const void *b)
{
    const struct units_range *left = a, *right = b;
    return (left->low > right->low) - (left->low < right->low);
}

/* Without memory for all of them, those that there are have to do. */
static void read_units(struct units *units, Dwfl_Module *module)
{
    struct units_range range = {.unit = NULL};

    while ((range.unit = dwfl_module_nextcu(module, range.unit, &range.bias)) != NULL) {
        Dwarf_Addr base, low, high;
        ptrdiff_t next = 0;
        while ((next = dwarf_ranges(range.unit, next, &base, &low, &high)) > 0) {
            range.low = low + range.bias;
            range.high = high + range.bias;
            if (low < high && add(units, &range) != 0)
                break;
        }
    }
    if (units->count > 0)
        qsort(units->ranges, units->count, sizeof *units->ranges, by_address);
}

static Dwarf_Die *look_up(const struct units *units, Dwarf_Addr address, Dwarf_Addr *bias)
{
    size_t low = 0, high = units->count;

    while (low < high) { /* the first that begins behind it */
        size_t middle = low + (high - low) / 2;
        if (units->ranges[middle].low <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0 || address >= units->ranges[low - 1].high)
        return NULL;
    *bias = units->ranges[low - 1].bias;
    return units->ranges[low - 1].unit;
}

Dwarf_Die *units_find(struct units *units, Dwfl_Module *module, Dwarf_Addr address,
                      Dwarf_Addr *bias)
{
    Dwarf_Die *unit = dwfl_module_addrdie(module, address, bias);

    if (unit != NULL)
        return unit;
    if (!units->is_read)
        read_units(units, module);
    units->is_read = true;
    return look_up(units, address, bias);
}

void units_free(struct units *units)
{
    free(units->ranges);
    *units = (struct units){.ranges = NULL};
}
