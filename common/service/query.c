#include "common/service/query.h"

#include <string.h>

#include "common/quantity.h"

static int hex_digit(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    return -1;
}

/* Decodes %XX and '+' in place, which never makes the text longer. */
static const char *decode(char *text)
{
    char *to = text;

    for (const char *from = text; *from != '\0'; from++) {
        char byte = *from;
        if (byte == '+') {
            byte = ' ';
        } else if (byte == '%') {
            int high = hex_digit(from[1]);
            int low = high >= 0 ? hex_digit(from[2]) : -1;
            if (low < 0)
                return "a % in the query is not followed by two hex digits";
            byte = (char)(high << 4 | low);
            from += 2;
        }
        if ((unsigned char)byte < 0x20 || byte == 0x7F)
            return "the query has a control character";
        *to++ = byte;
    }
    *to = '\0';
    return NULL;
}

static const char *add_item(struct query *query, char *item)
{
    static char no_value[] = "";
    char *value = strchr(item, '=');
    const char *wrong;

    if (value != NULL)
        *value++ = '\0';
    else
        value = no_value;
    if ((wrong = decode(item)) != NULL || (wrong = decode(value)) != NULL)
        return wrong;
    if (item[0] == '\0')
        return "a parameter of the query has no name";
    if (query_value(query, item) != NULL)
        return "a parameter of the query is there twice";
    if (query->count == QUERY_ITEMS_MAX)
        return "the query has too many parameters";
    query->items[query->count].name = item;
    query->items[query->count].value = value;
    query->count++;
    return NULL;
}

const char *query_parse(struct query *query, const char *text)
{
    size_t length = strlen(text);
    const char *wrong = NULL;
    char *next = query->text;

    query->count = 0;
    if (length > QUERY_LENGTH_MAX)
        return "the query is too long";
    memcpy(query->text, text, length + 1);
    while (next != NULL && wrong == NULL) {
        char *item = next;
        next = strchr(item, '&');
        if (next != NULL)
            *next++ = '\0';
        if (item[0] != '\0') /* "a=1&&b=2", and the empty query */
            wrong = add_item(query, item);
    }
    if (wrong != NULL)
        query->count = 0;
    return wrong;
}

const char *query_value(const struct query *query, const char *name)
{
    for (unsigned i = 0; i < query->count; i++)
        if (strcmp(query->items[i].name, name) == 0)
            return query->items[i].value;
    return NULL;
}

const char *query_unknown(const struct query *query, const char *const *known)
{
    for (unsigned i = 0; i < query->count; i++) {
        const char *const *name = known;
        while (*name != NULL && strcmp(*name, query->items[i].name) != 0)
            name++;
        if (*name == NULL)
            return query->items[i].name;
    }
    return NULL;
}

int query_number(const struct query *query, const char *name, uint64_t low, uint64_t high,
                 uint64_t *number)
{
    const char *value = query_value(query, name);
    uint64_t parsed;

    if (value == NULL)
        return 0;
    if (quantity_read(QUANTITY_NUMBER, value, low, high, &parsed) != 0)
        return -1;
    *number = parsed;
    return 0;
}
