#include "common/reject.h"

static const struct {
    const char *name, *meaning;
} reasons[REJECT_COUNT] = {
    [REJECT_TOO_LONG] = {"too_long", "longer than the longest line allowed"},
    [REJECT_PARSE] = {"parse", "not JSON"},
    [REJECT_UTF8] = {"utf8", "a string that is not UTF-8"},
    [REJECT_NUL] = {"nul", "a NUL inside a string"},
    [REJECT_OBJECT] = {"object", "JSON, but not an object"},
    [REJECT_ID] = {"id", "id is not an integer from 1 to 2^53-1"},
    [REJECT_NAME] = {"name", "name is not a string, or empty"},
    [REJECT_VALUE] = {"value", "value is not a number from -1e9 to 1e9"},
    [REJECT_TAGS] = {"tags", "tags is not an array of 1 to 64 strings"},
    [REJECT_TS] = {"ts", "ts is not an integer from 1 to 2^53-1"},
};

const char *reject_name(enum reject_reason reason)
{
    return reasons[reason].name;
}

const char *reject_meaning(enum reject_reason reason)
{
    return reasons[reason].meaning;
}
