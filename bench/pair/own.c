#include "bench/pair/own.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int find(const struct own_keys *keys, const char *name)
{
    for (unsigned i = 0; i < keys->count; i++)
        if (strcmp(keys->names[i], name) == 0)
            return (int)i;
    return -1;
}

static bool is_end(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

static void take_line(struct own_keys *keys, char *line)
{
    char *equals = strchr(line, '='), *end;

    if (equals == NULL || equals == line || (size_t)(equals - line) >= OWN_KEY_SIZE)
        return;
    double value = strtod(equals + 1, &end);
    if (end == equals + 1 || !is_end(end) || !isfinite(value) || value < 0)
        return;
    *equals = '\0';
    for (const char *at = line; *at != '\0'; at++)
        if (!isprint((unsigned char)*at))
            return;
    int index = find(keys, line);
    if (index < 0 && keys->count == OWN_KEYS) {
        keys->left_out++;
        return;
    }
    if (index < 0) {
        index = (int)keys->count++;
        strcpy(keys->names[index], line);
    }
    keys->values[index] = value;
}

void own_read(struct own_keys *keys, const char *path)
{
    char line[256];
    FILE *file = fopen(path, "r");

    *keys = (struct own_keys){.count = 0};
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        take_line(keys, line);
    if (file != NULL)
        fclose(file);
}

double own_value(const struct own_keys *keys, const char *name)
{
    int index = find(keys, name);
    return index >= 0 ? keys->values[index] : NAN;
}
