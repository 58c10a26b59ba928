#include "bench/report/render_words.h"

#include <stdlib.h>
#include <string.h>

enum { CODE_INVALID = 0xFFFD };

/* The number of bytes that a first byte announces; 0 for one that cannot be first. */
static unsigned sequence_length(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xC2 && first <= 0xDF)
        return 2;
    if (first >= 0xE0 && first <= 0xEF)
        return 3;
    return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
}

uint32_t words_next(const char **at)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *bytes = (const unsigned char *)*at;
    unsigned length = sequence_length(bytes[0]);
    uint32_t code = length <= 1 ? bytes[0] : bytes[0] & (0x7Fu >> length);

    (*at)++;
    if (length == 0)
        return CODE_INVALID;
    for (unsigned i = 1; i < length; i++) {
        if ((bytes[i] & 0xC0) != 0x80)
            return CODE_INVALID;
        code = code << 6 | (bytes[i] & 0x3F);
    }
    if (code < smallest[length] || (code >= 0xD800 && code <= 0xDFFF) || code > 0x10FFFF)
        return CODE_INVALID;
    *at = (const char *)bytes + length;
    return code;
}

bool words_is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code <= 0x9F) || /* C0, DEL, C1 */
           (code >= 0x200B && code <= 0x200F) ||            /* no width; direction marks */
           (code >= 0x2028 && code <= 0x202E) ||            /* separators, overrides of direction */
           (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF || code == 0xFFFE ||
           code == 0xFFFF || /* which XML does not know either */
           (code >= 0xE0000 && code <= 0xE0FFF) || code == 0xAD || code == 0x61C;
}

char *words_replace(char *text, char sign)
{
    char *end = text;

    for (const char *at = text; *at != '\0';) {
        const char *start = at;
        uint32_t code = words_next(&at);
        if (words_is_control(code) || code == CODE_INVALID)
            *end++ = sign;
        else
            while (start < at)
                *end++ = *start++;
    }
    *end = '\0';
    return text;
}

static bool is_space(uint32_t code)
{
    return code == ' ' || (code >= '\t' && code <= '\r');
}

/* What the signs that the report itself uses are without UTF-8. */
static const char *spell(uint32_t code)
{
    switch (code) {
    case 0x221E:
        return "inf";
    case 0x2192:
        return "->";
    case 0x2013:
        return "-";
    case 0x00A0:
        return " ";
    default:
        return "?";
    }
}

char *words_clean(const char *text, bool has_utf8)
{
    char *clean = malloc(3 * strlen(text) + 1), *end = clean;

    if (clean == NULL)
        return NULL;
    while (*text != '\0') {
        const char *start = text;
        uint32_t code = words_next(&text);
        if (is_space(code))
            end = stpcpy(end, " ");
        else if (words_is_control(code))
            end = stpcpy(end, "?");
        else if (code < 0x80)
            *end++ = (char)code;
        else if (!has_utf8)
            end = stpcpy(end, spell(code));
        else if (code == CODE_INVALID)
            end = stpcpy(end, "\uFFFD");
        else
            end = (char *)memcpy(end, start, (size_t)(text - start)) + (text - start);
    }
    *end = '\0';
    return clean;
}

/* Columns of one character: ranges after Unicode's East Asian Width (W, F) and general categories.
 */
static unsigned width_of(uint32_t code)
{
    static const struct {
        uint32_t first, last;
        unsigned width;
    } ranges[] = {
        {0x0300, 0x036F, 0}, {0x0483, 0x0489, 0}, {0x0591, 0x05BD, 0},   {0x0610, 0x061A, 0},
        {0x064B, 0x065F, 0}, {0x1AB0, 0x1AFF, 0}, {0x1100, 0x115F, 2},   {0x1160, 0x11FF, 0},
        {0x1DC0, 0x1DFF, 0}, {0x20D0, 0x20FF, 0}, {0x231A, 0x231B, 2},   {0x23E9, 0x23EC, 2},
        {0x2614, 0x2615, 2}, {0x26AA, 0x26AB, 2}, {0x2705, 0x2705, 2},   {0x274C, 0x274C, 2},
        {0x2E80, 0x303E, 2}, {0x3041, 0xA4CF, 2}, {0xA960, 0xA97C, 2},   {0xAC00, 0xD7A3, 2},
        {0xF900, 0xFAFF, 2}, {0xFE00, 0xFE0F, 0}, {0xFE20, 0xFE2F, 0},   {0xFE30, 0xFE6F, 2},
        {0xFF00, 0xFF60, 2}, {0xFFE0, 0xFFE6, 2}, {0x1F300, 0x1FAFF, 2}, {0x20000, 0x3FFFD, 2},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (code >= ranges[i].first && code <= ranges[i].last)
            return ranges[i].width;
    return 1;
}

unsigned words_width(const char *text)
{
    unsigned width = 0;
    while (*text != '\0')
        width += width_of(words_next(&text));
    return width;
}

size_t words_line(const char **at, unsigned width)
{
    const char *start = *at, *end = start, *space = NULL;

    for (unsigned used = 0; *end != '\0';) {
        const char *next = end;
        uint32_t code = words_next(&next);
        used += width_of(code);
        if (code == ' ')
            space = end; /* may hang over the edge */
        if (used > width && (code == ' ' || end > start))
            break;
        end = next;
    }
    if (*end != '\0' && *end != ' ' && space != NULL && space > start)
        end = space;
    *at = end + strspn(end, " ");
    while (end > start && end[-1] == ' ')
        end--;
    return (size_t)(end - start);
}

unsigned words_widest(const char *text)
{
    unsigned widest = 0, width = 0;
    while (*text != '\0') {
        uint32_t code = words_next(&text);
        width = code == ' ' ? 0 : width + width_of(code);
        if (width > widest)
            widest = width;
    }
    return widest;
}
