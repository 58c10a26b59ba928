#include "bench/report/render_output.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

int output_open(struct render_output *output)
{
    *output = (struct render_output){0};
    output->file = open_memstream(&output->text, &output->length);
    return output->file != NULL ? 0 : -1;
}

int output_close(struct render_output *output, FILE *file)
{
    int status = -1;
    bool is_whole = !ferror(output->file);

    is_whole &= fclose(output->file) == 0;
    errno = is_whole ? 0 : ENOMEM; /* nothing else can happen to a stream in memory */
    if (is_whole && fwrite(output->text, 1, output->length, file) == output->length &&
        fflush(file) == 0)
        status = 0;
    int error = errno;
    free(output->text);
    errno = status == 0 ? 0 : error != 0 ? error : EIO;
    return status;
}
