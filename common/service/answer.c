#include "common/service/answer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"

struct answer answer_json(unsigned status, cJSON *object)
{
    struct answer answer = {.status = status, .type = "application/json"};

    char *text = cJSON_PrintUnformatted(object);
    cJSON_Delete(object);
    if (arena_cjson_has_failed()) {
        free(text);
        text = NULL;
    }
    if (text != NULL) {
        size_t length = strlen(text);
        char *line = realloc(text, length + 2);
        if (line != NULL) {
            /* for those who read it on a terminal */
            memcpy(line + length, "\n", 2);
            answer.text = line;
            answer.length = length + 1;
        } else {
            free(text);
        }
    }
    if (answer.text == NULL)
        answer = (struct answer){.status = 503, .type = "application/json", .retry_after_s = 1};
    return answer;
}

struct answer answer_error(unsigned status, const char *format, ...)
{
    char message[512];
    cJSON *object = cJSON_CreateObject();
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    for (char *byte = message; *byte != '\0'; byte++)
        if ((unsigned char)*byte < 0x20 || (unsigned char)*byte > 0x7E)
            *byte = '?';
    cJSON_AddStringToObject(object, "error", message);
    return answer_json(status, object);
}

void answer_free(struct answer *answer)
{
    free(answer->text);
    answer->text = NULL;
}
