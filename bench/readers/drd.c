#include "bench/readers/drd.h"

#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h> /* variables */
#include <limits.h>
#include <stdbool.h>

#include "bench/readers/frame.h"
#include "bench/readers/text.h"

/* Seen from a node, or from the whole document (NULL). To be freed; NULL if memory ran out. */
static xmlXPathObject *evaluate(xmlXPathContext *context, xmlNode *from, const char *expression)
{
    context->node = from;
    return xmlXPathEvalExpression((const xmlChar *)expression, context);
}

static double number(xmlXPathContext *context, xmlNode *from, const char *expression)
{
    xmlXPathObject *result = evaluate(context, from, expression);
    double value = result != NULL ? xmlXPathCastToNumber(result) : 0;
    xmlXPathFreeObject(result);
    return value;
}

/* An error's first stack is where the lock was acquired; where it was released comes behind it. */
static bool is_acquired_in(xmlXPathContext *context, xmlNode *hold, const char *function)
{
    xmlXPathObject *names = evaluate(context, hold, "(.//stack)[1]/frame/fn");
    bool is_found = false;

    for (int i = 0; names != NULL && i < xmlXPathNodeSetGetLength(names->nodesetval); i++) {
        xmlChar *name = xmlNodeGetContent(xmlXPathNodeSetItem(names->nodesetval, i));
        is_found |= frame_name_is((const char *)name, function);
        xmlFree(name);
    }
    xmlXPathFreeObject(names);
    return is_found;
}

/* How often it came up stands at the end of the document, by the error's number. */
static uint64_t times_seen(xmlXPathContext *context, xmlNode *hold)
{
    xmlXPathObject *unique = evaluate(context, hold, "string(unique)");
    double count = 0;

    if (unique != NULL && xmlXPathRegisterVariable(context, (const xmlChar *)"unique", unique) == 0)
        count = number(context, NULL, "//errorcounts/pair[unique = $unique]/count");
    else
        xmlXPathFreeObject(unique);
    return count >= 1 ? (uint64_t)count : 1;
}

static const char *fault_of(xmlXPathContext *context)
{
    if (number(context, NULL, "count(/valgrindoutput)") != 1)
        return "this is no XML of Valgrind's";
    if (number(context, NULL, "count(//protocoltool[. = 'drd'])") != 1)
        return "this is of another tool than DRD";
    if (number(context, NULL, "count(//status/state[. = 'FINISHED'])") != 1)
        return "DRD did not come to the end of its run";
    return NULL;
}

static int count_holds(xmlDoc *document, const char *path, const char *function, uint64_t *count,
                       char *error, size_t error_size)
{
    xmlXPathContext *context = xmlXPathNewContext(document);
    xmlXPathObject *holds =
        context != NULL ? evaluate(context, NULL, "//error[kind = 'HoldtimeErr']") : NULL;
    const char *fault = holds != NULL ? fault_of(context) : "out of memory";

    *count = 0;
    for (int i = 0; fault == NULL && i < xmlXPathNodeSetGetLength(holds->nodesetval); i++) {
        xmlNode *hold = xmlXPathNodeSetItem(holds->nodesetval, i);
        if (function == NULL || is_acquired_in(context, hold, function))
            *count += times_seen(context, hold);
    }
    xmlXPathFreeObject(holds);
    xmlXPathFreeContext(context);
    return fault == NULL ? 0 : text_error(error, error_size, path, 0, "%s", fault);
}

int drd_count_holds(const char *path, const char *function, uint64_t *count, char *error,
                    size_t error_size)
{
    struct text text;

    if (text_read(path, &text, error, error_size) != 0)
        return -1;
    xmlDoc *document = NULL;
    if (text.length <= INT_MAX)
        document = xmlReadMemory(text.bytes, (int)text.length, NULL, "UTF-8",
                                 XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    int status = document != NULL ? count_holds(document, path, function, count, error, error_size)
                                  : text_error(error, error_size, path, 0, "not XML, or cut off");
    xmlFreeDoc(document);
    text_free(&text);
    return status;
}
