#include "guard.h"

#include <string.h>
#include <strings.h>

bool guard_is_token(const char *given, const char *token)
{
    size_t given_length = strlen(given), length = strlen(token);
    volatile unsigned difference = given_length != length;

    for (size_t i = 0; i < length; i++) {
        size_t at = i < given_length ? i : given_length; /* its NUL */
        difference |= (unsigned char)token[i] ^ (unsigned char)given[at];
    }
    return difference == 0;
}

/* Copies the host of HOST, HOST:PORT or [HOST]:PORT. False if it is none of them. */
static bool take_host(const char *text, char host[ADDRESS_HOST_SIZE])
{
    const char *start = text, *end;

    if (text[0] == '[') {
        start++;
        end = strchr(start, ']');
        if (end == NULL || (end[1] != '\0' && end[1] != ':'))
            return false;
    } else {
        end = start + strcspn(start, ":");
    }
    if (end == start || end - start >= ADDRESS_HOST_SIZE)
        return false;
    memcpy(host, start, (size_t)(end - start));
    host[end - start] = '\0';
    return true;
}

/* A numeric address, localhost, or the name that it was told to listen on. */
static bool is_own_host(const char *text, const struct address *address)
{
    char host[ADDRESS_HOST_SIZE];

    if (text == NULL)
        return address->is_unix; /* no browser gets there */
    return take_host(text, host) &&
           (address_is_numeric(host) || strcasecmp(host, "localhost") == 0 ||
            (!address->is_unix && strcasecmp(host, address->host) == 0));
}

struct guard_verdict guard_check(const struct guard_request *request, const struct address *address,
                                 const char *token)
{
    if (!is_own_host(request->host, address))
        return (struct guard_verdict){
            403, "The Host of the request is not where this is served. Ask by its address."};
    if (request->origin != NULL ||
        (request->fetch_site != NULL && strcmp(request->fetch_site, "same-origin") != 0 &&
         strcmp(request->fetch_site, "none") != 0))
        return (struct guard_verdict){403, "Pages of other sites may not ask for profiles."};
    if (token == NULL)
        return (struct guard_verdict){0, NULL};
    if (request->password == NULL)
        return (struct guard_verdict){
            401, "A token is needed, as the password: http://pprof:TOKEN@HOST:PORT/debug/pprof/"};
    if (!guard_is_token(request->password, token))
        return (struct guard_verdict){401, "That is not the token."};
    return (struct guard_verdict){0, NULL};
}
