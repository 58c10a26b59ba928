#include "bench/readers/frame.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Finds the colon before the line in "key.c:54)" and sets line; NULL if there is none. */
static char *find_line(char *place, unsigned *line)
{
    char *colon = strrchr(place, ':');
    char *end;

    if (colon == NULL || !isdigit((unsigned char)colon[1]))
        return NULL;
    *line = (unsigned)strtoul(colon + 1, &end, 10);
    return strcmp(end, ")") == 0 ? colon : NULL;
}

int frame_parse(char *text, struct frame *frame)
{
    char *function;

    *frame = (struct frame){0};
    if (strncmp(text, "0x", 2) != 0 || !isxdigit((unsigned char)text[2]))
        return -1;
    function = text + 2 + strspn(text + 2, "0123456789abcdefABCDEF");
    if (strncmp(function, ": ", 2) != 0)
        return -1;
    function += 2;

    /* The last bracket is the place's: a C++ function has brackets in its own name. */
    char *space = NULL;
    for (char *at = strstr(function, " ("); at != NULL; at = strstr(at + 1, " ("))
        space = at;
    size_t length = strlen(function);
    if (space != NULL && function[length - 1] == ')') {
        char *place = space + 2;
        char *colon = find_line(place, &frame->line);
        if (colon != NULL) {
            frame->file = place;
            *colon = '\0';
            *space = '\0';
        } else if (strncmp(place, "in ", 3) == 0) {
            frame->object = place + 3;
            function[length - 1] = '\0';
            *space = '\0';
        }
    }
    if (strcmp(function, "???") != 0)
        frame->function = function;
    return 0;
}

bool frame_name_is(const char *name, const char *wanted)
{
    size_t length = strlen(wanted);

    if (name == NULL || strncmp(name, wanted, length) != 0)
        return false;
    return strchr("@.'", name[length]) != NULL; /* the NUL at its end counts as found */
}
