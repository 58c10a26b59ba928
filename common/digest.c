#include "common/digest.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/database.h"
#include "common/sqlite.h"

enum { EXIT_USAGE = 2 };

static int usage(void)
{
    fprintf(stderr, "fastenough digest: name one database, as in 'fastenough digest sqlite:FILE "
                    "[--json]'.\n");
    return EXIT_USAGE;
}

int digest_command(int argc, char **argv)
{
    struct database_options database = {0};
    struct sqlite_summary summary;
    char error[SQLITE_ERROR_SIZE];
    const char *name = NULL;
    bool is_json = false;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            is_json = true;
        else if (name == NULL)
            name = argv[i];
        else
            return usage();
    }
    if (name == NULL || database_parse(name, &database) != 0 || database.sqlite_path == NULL)
        return usage();
    if (sqlite_summarize(database.sqlite_path, &summary, error) != 0) {
        fprintf(stderr, "fastenough: %s\n", error);
        return EXIT_FAILURE;
    }
    printf(is_json ? "{\"rows\":%" PRIu64 ",\"digest\":\"%016" PRIx64 "\",\"score_sum\":%" PRId64
                     "}\n"
                   : "rows       %" PRIu64 "\ndigest     %016" PRIx64 "\nscore sum  %" PRId64 "\n",
           summary.row_count, summary.digest, summary.score_sum);
    return EXIT_SUCCESS;
}
