#include "common/service/header.h"

#include <string.h>
#include <strings.h>

#include "common/quantity.h"

/* A stretch of a header's value, not NUL-terminated. */
struct token {
    const char *text;
    size_t length;
};

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

static struct token whole(const char *text)
{
    return (struct token){text, strlen(text)};
}

/*
 * Takes the stretch up to the next `separator`, or to the end, off the front of *rest, and trims
 * it. A separator within quotes is none. Returns false if nothing is left.
 */
static bool next_token(struct token *rest, char separator, struct token *token)
{
    const char *start = rest->text, *limit = rest->text + rest->length, *end = start;
    bool is_quoted = false;

    if (rest->length == 0)
        return false;
    for (; end < limit && (is_quoted || *end != separator); end++) {
        if (*end == '"')
            is_quoted = !is_quoted;
        else if (is_quoted && *end == '\\' && end + 1 < limit)
            end++;
    }
    rest->text = end < limit ? end + 1 : limit;
    rest->length = (size_t)(limit - rest->text);
    while (start < end && is_blank(*start))
        start++;
    while (end > start && is_blank(end[-1]))
        end--;
    *token = (struct token){start, (size_t)(end - start)};
    return true;
}

static bool is_same(struct token token, const char *name)
{
    return token.length == strlen(name) && strncasecmp(token.text, name, token.length) == 0;
}

static bool is_among(struct token token, const char *const *names)
{
    for (; *names != NULL; names++)
        if (is_same(token, *names))
            return true;
    return false;
}

/* Splits `name=value` at the '=', and takes the quotes off the value. */
static struct token parameter_value(struct token parameter, struct token *name)
{
    const char *equals = memchr(parameter.text, '=', parameter.length);
    struct token value = {"", 0};

    *name = parameter;
    if (equals == NULL)
        return value;
    name->length = (size_t)(equals - parameter.text);
    value.text = equals + 1;
    value.length = parameter.length - name->length - 1;
    if (value.length >= 2 && value.text[0] == '"' && value.text[value.length - 1] == '"') {
        value.text++;
        value.length -= 2;
    }
    return value;
}

bool header_is_records(const char *content_type)
{
    static const char *const types[] = {"application/x-ndjson",
                                        "application/ndjson",
                                        "application/jsonl",
                                        "application/x-jsonlines",
                                        "application/json",
                                        "text/plain",
                                        "application/octet-stream",
                                        "application/x-www-form-urlencoded",
                                        NULL};
    static const char *const charsets[] = {"utf-8", "utf8", "us-ascii", NULL};

    if (content_type == NULL)
        return true;
    struct token rest = whole(content_type), part, name;
    if (next_token(&rest, ';', &part) && !is_among(part, types))
        return false;
    while (next_token(&rest, ';', &part)) {
        struct token value = parameter_value(part, &name);
        if (is_same(name, "charset") && !is_among(value, charsets))
            return false;
    }
    return true;
}

enum header_coding header_coding(const char *content_encoding)
{
    static const char *const gzip[] = {"gzip", "x-gzip", NULL};

    if (content_encoding == NULL)
        return CODING_IDENTITY;
    struct token rest = whole(content_encoding), coding = {"", 0};
    if (next_token(&rest, ',', &coding) && rest.length > 0)
        return CODING_UNKNOWN;
    if (is_among(coding, gzip))
        return CODING_GZIP;
    return coding.length == 0 || is_same(coding, "identity") ? CODING_IDENTITY : CODING_UNKNOWN;
}

/* A weight of 0 to 1 with up to three decimals, in thousandths; what is no weight counts as 0. */
static int weight(struct token text)
{
    int thousandths = 0, unit = 1000;

    for (size_t i = 0; i < text.length; i++) {
        if (i == 1 ? text.text[i] != '.' : text.text[i] < '0' || text.text[i] > '9')
            return 0;
        if (i == 1)
            continue;
        if (unit == 0)
            return 0;
        thousandths += (text.text[i] - '0') * unit;
        unit /= 10;
    }
    return thousandths <= 1000 ? thousandths : 0;
}

/* The weight of one element of Accept, whose parameters are `rest`: its q, or all. */
static int element_weight(struct token rest)
{
    struct token parameter, name;
    int found = 1000;

    while (next_token(&rest, ';', &parameter)) {
        struct token value = parameter_value(parameter, &name);
        if (is_same(name, "q"))
            found = weight(value);
    }
    return found;
}

bool header_prefers_json(const char *accept)
{
    static const char *const json[] = {"application/json", NULL};
    static const char *const text[] = {"text/plain", "application/openmetrics-text", "text/*",
                                       "*/*", NULL};
    int json_weight = 0, text_weight = 0;

    if (accept == NULL)
        return false;
    struct token rest = whole(accept), element, type;
    while (next_token(&rest, ',', &element)) {
        if (!next_token(&element, ';', &type))
            continue;
        int value = element_weight(element);
        if (is_among(type, json) && value > json_weight)
            json_weight = value;
        else if (is_among(type, text) && value > text_weight)
            text_weight = value;
    }
    return json_weight > 0 && json_weight >= text_weight;
}

enum header_framing header_framing(const char *transfer_encoding, const char *content_length,
                                   uint64_t *length)
{
    if (transfer_encoding != NULL)
        return content_length == NULL && strcasecmp(transfer_encoding, "chunked") == 0
                   ? FRAMING_CHUNKED
                   : FRAMING_WRONG;
    if (content_length == NULL)
        return FRAMING_NONE;
    if (quantity_read(QUANTITY_NUMBER, content_length, 0, UINT64_MAX, length) != 0)
        return FRAMING_WRONG;
    return *length > 0 ? FRAMING_LENGTH : FRAMING_NONE;
}
