#include "bench/classroom/hint.h"

#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* "key (1).c", "Key.C" and "key.c.txt" for "key.c". */
static bool is_like(const char *entry, const char *name)
{
    return strncasecmp(entry, name, strlen(name) - strlen(".c")) == 0 &&
           strcasestr(entry, ".c") != NULL;
}

static bool is_archive(const char *entry)
{
    static const char *const ends[] = {".zip", ".tar", ".tgz", ".gz", ".xz", ".7z", ".rar"};
    const char *dot = strrchr(entry, '.');

    for (size_t i = 0; dot != NULL && i < sizeof ends / sizeof *ends; i++)
        if (strcasecmp(dot, ends[i]) == 0)
            return true;
    return false;
}

/* Whether a folder in the folder has it. */
static bool is_below(const char *folder, const char *entry, const char *name)
{
    char path[PATH_MAX];
    struct stat status;

    return entry[0] != '.' &&
           snprintf(path, sizeof path, "%s/%s", folder, entry) < (int)sizeof path &&
           lstat(path, &status) == 0 && S_ISDIR(status.st_mode) &&
           snprintf(path, sizeof path, "%s/%s/%s", folder, entry, name) < (int)sizeof path &&
           lstat(path, &status) == 0;
}

void hint_find(const char *folder, const char *name, char *hint, size_t size)
{
    DIR *directory = opendir(folder);
    const struct dirent *entry;

    hint[0] = '\0';
    while (directory != NULL && hint[0] == '\0' && (entry = readdir(directory)) != NULL) {
        if (is_like(entry->d_name, name))
            snprintf(hint, size, "; there is '%s': rename it to %s", entry->d_name, name);
        else if (is_archive(entry->d_name))
            snprintf(hint, size, "; there is '%s': unpack it", entry->d_name);
        else if (is_below(folder, entry->d_name, name))
            snprintf(hint, size, "; there is '%s/%s': if it is meant, leave no other folder",
                     entry->d_name, name);
    }
    if (directory != NULL)
        closedir(directory);
}
