#include "common/service/admin.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/pprof/pprof.h"

enum { TOKEN_SIZE = 256 };

/* The token that was given, or the file's first line. 0, or -1 with a sentence in `error`. */
static int read_token(const char *given, char token[TOKEN_SIZE], char error[ADMIN_ERROR_SIZE])
{
    static const char prefix[] = "file:";
    const char *path = given + sizeof prefix - 1;

    if (strncmp(given, prefix, sizeof prefix - 1) != 0) {
        if (strlen(given) < TOKEN_SIZE) {
            strcpy(token, given);
            return 0;
        }
        snprintf(error, ADMIN_ERROR_SIZE, "--admin-token is longer than %d characters",
                 TOKEN_SIZE - 1);
        return -1;
    }
    FILE *file = fopen(path, "re");
    if (file == NULL || fgets(token, TOKEN_SIZE, file) == NULL) {
        snprintf(error, ADMIN_ERROR_SIZE, "no token can be read from %s: %s", path,
                 file == NULL || ferror(file) ? strerror(errno) : "the file is empty");
        if (file != NULL)
            fclose(file);
        return -1;
    }
    fclose(file);
    token[strcspn(token, "\r\n")] = '\0';
    return 0;
}

int admin_start(const struct admin_options *options, struct pprof **admin,
                char error[ADMIN_ERROR_SIZE])
{
    char token[TOKEN_SIZE], problem[PPROF_ERROR_SIZE];
    bool has_token = strcmp(options->token, "none") != 0;

    *admin = NULL;
    if (strcmp(options->listen, "off") == 0)
        return 0;
    if (has_token && read_token(options->token, token, error) != 0)
        return -1;
    const struct pprof_options pprof_options = {.listen = options->listen,
                                                .is_any_address_allowed =
                                                    options->is_any_address_allowed,
                                                .token = has_token ? token : NULL,
                                                .collected = options->collected,
                                                .timeout_ns = options->timeout_ns,
                                                .log = stderr};
    *admin = pprof_start(&pprof_options, problem);
    explicit_bzero(token, sizeof token);
    if (*admin == NULL) {
        snprintf(error, ADMIN_ERROR_SIZE, "--admin: %s%s", problem,
                 strstr(problem, "loopback") != NULL ? " (--admin-anywhere allows it)" : "");
        return -1;
    }
    return 0;
}
