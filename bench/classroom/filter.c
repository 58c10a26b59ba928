#include "bench/classroom/filter.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_MAX = 80 };

/* A walk over a source text. A backslash before a newline is as good as nothing, as in C. */
struct scan {
    int lesson;
    const char *at, *end;
    unsigned line;
    bool is_line_start; /* nothing but white space since the last newline */
    char *reason;
    size_t reason_size;
};

__attribute__((format(printf, 2, 3))) static int refuse(struct scan *scan, const char *format, ...)
{
    va_list arguments;
    int used = snprintf(scan->reason, scan->reason_size, "line %u: ", scan->line);

    va_start(arguments, format);
    vsnprintf(scan->reason + used, scan->reason_size - (size_t)used, format, arguments);
    va_end(arguments);
    return -1;
}

static void skip_splices(struct scan *scan)
{
    for (;;) {
        const char *next = scan->at;
        if (next == scan->end || *next != '\\')
            return;
        next++;
        while (next < scan->end && strchr(" \t\r\f\v", *next) != NULL && *next != '\0')
            next++; /* gcc lets white space stand before the newline */
        if (next == scan->end || *next != '\n')
            return;
        scan->at = next + 1;
        scan->line++;
    }
}

/* The next character, '\0' at the end. */
static char peek(struct scan *scan)
{
    skip_splices(scan);
    return scan->at < scan->end ? *scan->at : '\0';
}

static char take(struct scan *scan)
{
    char c = peek(scan);
    if (scan->at < scan->end)
        scan->at++;
    if (c == '\n')
        scan->line++;
    return c;
}

/* The character behind the next one. */
static char peek_second(const struct scan *scan)
{
    struct scan ahead = *scan;
    take(&ahead);
    return peek(&ahead);
}

static bool is_word_start(char c)
{
    return isalpha((unsigned char)c) || c == '_' || c == '$' || (unsigned char)c >= 128;
}

static bool is_word(char c)
{
    return is_word_start(c) || isdigit((unsigned char)c);
}

static void take_word(struct scan *scan, char word[WORD_MAX])
{
    size_t length = 0;
    while (is_word(peek(scan))) {
        char c = take(scan);
        if (length < WORD_MAX - 1)
            word[length++] = c;
    }
    word[length] = '\0';
}

static void skip_blanks(struct scan *scan)
{
    while (peek(scan) == ' ' || peek(scan) == '\t')
        take(scan);
}

static void skip_comment(struct scan *scan)
{
    take(scan);
    if (take(scan) == '/') {
        while (scan->at < scan->end && peek(scan) != '\n')
            take(scan);
        return;
    }
    while (scan->at < scan->end && !(peek(scan) == '*' && peek_second(scan) == '/'))
        take(scan);
    take(scan);
    take(scan);
}

/* A text in quotes ends with its line, at the latest: beyond it the compiler takes none either. */
static int skip_quoted(struct scan *scan)
{
    char quote = take(scan), c;

    while ((c = peek(scan)) != quote) {
        if (scan->at >= scan->end || c == '\n')
            return refuse(scan, "a text in quotes does not end");
        if (take(scan) == '\\')
            take(scan);
    }
    take(scan);
    return 0;
}

static int check_include(struct scan *scan)
{
    char name[WORD_MAX];
    size_t length = 0;
    char open, close;

    skip_blanks(scan);
    open = take(scan);
    close = open == '<' ? '>' : '"';
    if (open != '<' && open != '"')
        return refuse(scan, "#include needs the name of a header");
    while (peek(scan) != close && peek(scan) != '\n' && scan->at < scan->end) {
        char c = take(scan);
        if (length < sizeof name - 1)
            name[length++] = c;
    }
    name[length] = '\0';
    take(scan);
    if (!rules_may_include(scan->lesson, name))
        return refuse(scan, "includes %s, which is not one of the headers that may be used", name);
    return 0;
}

static int check_directive(struct scan *scan)
{
    static const char *const known[] = {"define", "undef", "if",    "ifdef", "ifndef",
                                        "elif",   "else",  "endif", "error"};
    char word[WORD_MAX];

    take(scan);
    skip_blanks(scan);
    take_word(scan, word);
    if (strcmp(word, "include") == 0)
        return check_include(scan);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(word, known[i]) == 0)
            return 0;
    if (word[0] == '\0' && peek(scan) == '\n')
        return 0;
    return refuse(scan, "the directive #%s may not be used", word);
}

static int check_word(struct scan *scan)
{
    /* the compiler's own names that do nothing but compute */
    static const char *const known[] = {
        "__func__",
        "__FILE__",
        "__LINE__",
        "__int128",
        "__builtin_expect",
        "__typeof__",
        "__builtin_bswap64",
        "__builtin_clzll",
        "__builtin_ctzll",
        "__builtin_memcpy",
        "__builtin_unreachable",
    };
    static const char *const refused[] = {"asm", "_Pragma"};
    char word[WORD_MAX];

    take_word(scan, word);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (strcmp(word, refused[i]) == 0)
            return refuse(scan, "%s may not be used", word);
    if (strchr(word, 'R') != NULL && peek(scan) == '"')
        return refuse(scan, "raw texts (R\"...\") may not be used");
    if (strncmp(word, "__", 2) != 0)
        return 0;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(word, known[i]) == 0)
            return 0;
    return refuse(scan, "%s is a name of the compiler's own and may not be used", word);
}

static int check_sign(struct scan *scan)
{
    char first = peek(scan), second = peek_second(scan);

    if (first == '#' && scan->is_line_start)
        return check_directive(scan);
    if (first == '#' && second == '#')
        return refuse(scan, "names may not be put together with ##");
    if (first == '[' && second == '[')
        return refuse(scan, "attributes in [[ ]] may not be used");
    if ((first == '%' && second == ':') || (first == '<' && second == ':'))
        return refuse(scan, "the digraph %c%c may not be used", first, second);
    if (first == '\\')
        return refuse(scan, "a backslash outside of quotes");
    take(scan);
    return 0;
}

int filter_check_source(int lesson, const char *text, size_t length, char *reason,
                        size_t reason_size)
{
    static const char byte_order_mark[] = "\xEF\xBB\xBF";
    struct scan scan = {lesson, text, text + length, 1, true, reason, reason_size};
    int status = 0;

    if (length >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0)) {
        snprintf(reason, reason_size, "the text is UTF-16: save it as UTF-8");
        return -1;
    }
    if (length >= 3 && memcmp(text, byte_order_mark, 3) == 0)
        scan.at += 3; /* as the compiler does */
    if (memchr(text, '\0', length) != NULL) {
        snprintf(reason, reason_size, "there is a NUL in the text");
        return -1;
    }
    while (status == 0 && scan.at < scan.end) {
        char c = peek(&scan);
        if (isspace((unsigned char)c)) {
            scan.is_line_start |= c == '\n';
            take(&scan);
            continue;
        }
        if (c == '/' && (peek_second(&scan) == '/' || peek_second(&scan) == '*')) {
            skip_comment(&scan);
            continue;
        }
        if (c == '"' || c == '\'')
            status = skip_quoted(&scan);
        else if (is_word_start(c))
            status = check_word(&scan);
        else
            status = check_sign(&scan);
        scan.is_line_start = false;
    }
    return status;
}

/* One line of nm -P: a name, a letter, and what is of no interest here. */
static int check_symbol(int lesson, const char *name, char type, char *reason, size_t size)
{
    if (islower((unsigned char)type) && strchr("uvwi", type) == NULL)
        return 0; /* its own */
    if (type == 'U') {
        if (rules_may_use(lesson, name))
            return 0;
        const char *advice = rules_advice(name);
        if (strcmp(name, "shield_counts") == 0) {
            name = "thread_counts";
            advice = rules_advice(name);
        }
        snprintf(reason, size, "it uses %s, which is not part of the exercise%s%s", name,
                 advice != NULL ? ": " : "", advice != NULL ? advice : "");
        return -1;
    }
    if (type == 'T' && rules_wants(lesson, name))
        return 0;
    snprintf(reason, size, "it defines %s, which is not part of the contract: make it static",
             name);
    return -1;
}

int filter_check_symbols(int lesson, const char *symbols, char *reason, size_t reason_size)
{
    unsigned found = 0, wanted = rules_wanted_count(lesson);

    for (const char *line = symbols; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        char *name = strndup(line, length), *space = name != NULL ? strchr(name, ' ') : NULL;
        char type = space != NULL ? space[1] : '\0';
        int status = -1;
        if (space == NULL || type == '\0') {
            snprintf(reason, reason_size, "its symbols cannot be read");
        } else {
            *space = '\0';
            status = check_symbol(lesson, name, type, reason, reason_size);
        }
        free(name);
        if (status != 0)
            return -1;
        found += type == 'T';
        line += length + (line[length] == '\n');
    }
    if (found == wanted)
        return 0;
    snprintf(reason, reason_size, "it defines %u of the %u functions of the contract", found,
             wanted);
    return -1;
}
