#include "entries.h"

#include <gelf.h>
#include <string.h>

/*
 * The table, as the linker writes it: version 1, the encodings (the pointer's, which is skipped;
 * 4 bytes for the count; 4 bytes from the table's own address on), the count, and then pairs of a
 * function's beginning and of where its entry is.
 * https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/ehframechpt.html
 */
enum { VERSION = 1, COUNT_ENCODING = 0x03, TABLE_ENCODING = 0x3b, COUNT_AT = 8, TABLE_AT = 12 };

static bool find_table(Elf *elf, GElf_Phdr *segment)
{
    size_t count;

    if (elf_getphdrnum(elf, &count) != 0)
        return false;
    for (size_t i = 0; i < count; i++)
        if (gelf_getphdr(elf, (int)i, segment) != NULL && segment->p_type == PT_GNU_EH_FRAME)
            return true;
    return false;
}

static int32_t number_at(const char *bytes, size_t at)
{
    int32_t number;

    memcpy(&number, bytes + at, sizeof number);
    return number;
}

bool entries_find(Elf *elf, uint64_t address, uint64_t *entry)
{
    enum { PAIR = 8 };
    static const char known[] = {VERSION, 0, COUNT_ENCODING, TABLE_ENCODING};
    GElf_Phdr segment;

    if (!find_table(elf, &segment) || segment.p_filesz < TABLE_AT)
        return false;
    const Elf_Data *data =
        elf_getdata_rawchunk(elf, (int64_t)segment.p_offset, segment.p_filesz, ELF_T_BYTE);
    if (data == NULL)
        return false;
    const char *bytes = data->d_buf;
    size_t count = (uint32_t)number_at(bytes, COUNT_AT);
    if (bytes[0] != known[0] || memcmp(bytes + 2, known + 2, 2) != 0 ||
        count > (data->d_size - TABLE_AT) / PAIR)
        return false;
    size_t low = 0, high = count; /* the first function behind the address */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int64_t begin = number_at(bytes, TABLE_AT + middle * PAIR);
        if (segment.p_vaddr + (uint64_t)begin <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return false;
    *entry = segment.p_vaddr + (uint64_t)(int64_t)number_at(bytes, TABLE_AT + (low - 1) * PAIR);
    return true;
}
