#define _GNU_SOURCE /* vasprintf */
#include "page.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

void page_refuse(struct page_answer *answer, unsigned status, const char *format, ...)
{
    va_list arguments;

    free(answer->text);
    *answer = (struct page_answer){.status = status};
    va_start(arguments, format);
    int length = vasprintf(&answer->text, format, arguments);
    va_end(arguments);
    if (length < 0) {
        answer->text = NULL;
        answer->fixed = "out of memory\n";
        length = (int)strlen(answer->fixed);
    }
    answer->length = (size_t)length;
}

bool page_is_cancelled(void *closure)
{
    const struct page_request *request = closure;
    char byte;

    if (atomic_load(&request->site->is_stopping))
        return true;
    ssize_t count = recv(request->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR);
}
