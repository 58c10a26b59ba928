#include "bench/readers/whole_file.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

int whole_file_write(const char *path, int (*write)(FILE *file, const void *context),
                     const void *context)
{
    char *unfinished;
    int problem = 0;

    if (asprintf(&unfinished, "%s.%ld", path, (long)getpid()) < 0) {
        errno = ENOMEM;
        return -1;
    }
    FILE *file = fopen(unfinished, "w");
    if (file == NULL) {
        problem = errno;
    } else {
        errno = 0;
        if (write(file, context) != 0 || ferror(file))
            problem = errno != 0 ? errno : EIO;
        if (fclose(file) != 0 && problem == 0)
            problem = errno;
        if (problem == 0 && rename(unfinished, path) != 0)
            problem = errno;
        if (problem != 0)
            unlink(unfinished);
    }
    free(unfinished);
    errno = problem;
    return problem == 0 ? 0 : -1;
}
