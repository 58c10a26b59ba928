#include "common/option_rows.h"

#include <assert.h>
#include <getopt.h>
#include <stdbool.h>
#include <string.h>

#include "common/quantity.h"

enum { CODE_FIRST = 256, TEXT_SIZE = 256, NAME_WIDTH = 21, WIDTH = 100 };

static bool is_quantity(const struct option_row *row)
{
    return row->kind >= OPTION_NUMBER && row->kind <= OPTION_SIZE;
}

static enum quantity quantity_of(const struct option_row *row)
{
    return (enum quantity)(row->kind - OPTION_NUMBER + QUANTITY_NUMBER);
}

static void store(const struct option_row *row, uint64_t number, void *target)
{
    uint32_t narrow = (uint32_t)number;

    assert(row->size == sizeof number || (row->size == sizeof narrow && number == narrow));
    memcpy(target, row->size == sizeof number ? (void *)&number : (void *)&narrow, row->size);
}

/* 0, or -1 if the text is no such value. A flag has none. */
static int set(const struct option_row *row, const char *text, void *values)
{
    char *target = (char *)values + row->offset;
    uint64_t number;

    switch (row->kind) {
    case OPTION_FLAG:
        memcpy(target, &(bool){true}, sizeof(bool));
        return 0;
    case OPTION_PATH:
        if (text[0] == '\0')
            return -1;
        /* fall through */
    case OPTION_TEXT:
        memcpy(target, &text, sizeof text);
        return 0;
    case OPTION_PARSED:
        return row->parse(text, target);
    case OPTION_CHOICE:
        for (number = row->low; number <= row->high; number++)
            if (strcmp(text, row->word((int)number)) == 0)
                break;
        if (number > row->high)
            return -1;
        break;
    default:
        if (quantity_read(quantity_of(row), text, row->low, row->high, &number) != 0)
            return -1;
    }
    store(row, number, target);
    return 0;
}

/* "1 to 4096", or "quick, default or full"; empty where any value is good. Returns `text`. */
static const char *describe_range(const struct option_row *row, char text[TEXT_SIZE])
{
    char low[QUANTITY_TEXT_SIZE], high[QUANTITY_TEXT_SIZE];
    size_t used = 0;

    text[0] = '\0';
    if (is_quantity(row))
        snprintf(text, TEXT_SIZE, "%s to %s", quantity_write(quantity_of(row), row->low, low),
                 quantity_write(quantity_of(row), row->high, high));
    for (uint64_t i = row->low; row->kind == OPTION_CHOICE && i <= row->high; i++)
        used += (size_t)snprintf(text + used, TEXT_SIZE - used, "%s%s", row->word((int)i),
                                 i == row->high       ? ""
                                 : i + 1 == row->high ? " or "
                                                      : ", ");
    return text;
}

static int refuse(const struct option_table *table, const struct option_row *row, const char *text)
{
    static const char *const wanted[] = {
        [OPTION_PATH] = "a path",
        [OPTION_NUMBER] = "a whole number",
        [OPTION_DURATION] = "a duration like 50us or 2s",
        [OPTION_SIZE] = "a size like 64KiB or 2GiB",
        [OPTION_CHOICE] = "",
    };
    char range[TEXT_SIZE];

    fprintf(stderr, "%s: %s%s takes %s%s%s%s%s, not '%s'. '%s' lists the options.\n",
            table->command, row->called != NULL ? "" : "--",
            row->called != NULL ? row->called : row->name,
            row->kind == OPTION_PARSED ? row->wanted : wanted[row->kind],
            row->unit != NULL ? " of " : "", row->unit != NULL ? row->unit : "",
            is_quantity(row) ? " from " : "", describe_range(row, range), text, table->help);
    return -1;
}

static int refuse_unknown(const struct option_table *table, char **argv)
{
    const char *word = argv[optind - 1];

    /* getopt is behind the word of a long option, but within that of a cluster of short ones */
    for (int i = 1; optopt > 0 && optopt < CODE_FIRST && argv[i] != NULL; i++)
        if (argv[i][0] == '-' && strchr(argv[i], optopt) != NULL)
            word = argv[i];
    fprintf(stderr, "%s: '%s' is unknown or lacks its value. '%s' lists the options.\n",
            table->command, word, table->help);
    return -1;
}

int option_rows_parse(const struct option_table *table, int argc, char **argv, void *values)
{
    struct option options[OPTION_ROWS_MAX + 1] = {0};
    int code;

    assert(table->count <= OPTION_ROWS_MAX);
    for (unsigned i = 0; i < table->count; i++) {
        const struct option_row *row = &table->rows[i];
        int takes = row->kind == OPTION_FLAG ? no_argument : required_argument;
        options[i] = (struct option){row->name, takes, NULL, CODE_FIRST + (int)i};
        int status = row->preset != NULL ? set(row, row->preset, values) : 0;
        assert(status == 0);
        (void)status;
    }
    opterr = 0;
    optind = 0; /* from the start, whatever was parsed before in this process */
    while ((code = getopt_long(argc, argv, ":", options, NULL)) != -1) {
        if (code < CODE_FIRST)
            return refuse_unknown(table, argv);
        if (set(&table->rows[code - CODE_FIRST], optarg, values) != 0)
            return refuse(table, &table->rows[code - CODE_FIRST], optarg);
    }
    return optind;
}

static void print_help(const struct option_table *table)
{
    printf("%s - %s\n\n", table->command, table->about);
    option_rows_print(table, 2, stdout);
    if (table->notes != NULL)
        printf("\n%s\n", table->notes);
}

int option_rows_parse_all(const struct option_table *table, int argc, char **argv, void *values)
{
    if (table->about != NULL && argc == 2 && strcmp(argv[1], "--help") == 0) {
        print_help(table);
        return 1;
    }
    int next = option_rows_parse(table, argc, argv, values);

    if (next >= 0 && next < argc) {
        fprintf(stderr, "%s: the command line takes options only, not '%s'. '%s' lists them.\n",
                table->command, argv[next], table->help);
        return -1;
    }
    return next < 0 ? -1 : 0;
}

/* Breaks the lines at spaces; the first begins where the column does. */
static void print_column(const char *text, unsigned column, FILE *file)
{
    size_t width = WIDTH - column;

    while (strlen(text) > width) {
        size_t length = width;
        while (length > 0 && text[length] != ' ')
            length--;
        fprintf(file, "%.*s\n%*s", (int)length, text, (int)column, "");
        text += length + 1;
    }
    fprintf(file, "%s\n", text);
}

void option_rows_print(const struct option_table *table, unsigned indent, FILE *file)
{
    static const char *const values[] = {
        [OPTION_TEXT] = "TEXT", [OPTION_PATH] = "FILE",     [OPTION_FLAG] = "",
        [OPTION_NUMBER] = "N",  [OPTION_DURATION] = "TIME", [OPTION_SIZE] = "SIZE",
        [OPTION_CHOICE] = "",   [OPTION_PARSED] = "",
    };
    char name[64], range[TEXT_SIZE], text[3 * TEXT_SIZE];

    for (unsigned i = 0; i < table->count; i++) {
        const struct option_row *row = &table->rows[i];
        const char *preset = row->preset != NULL ? row->preset : row->otherwise;
        const char *value = row->value != NULL ? row->value : values[row->kind];
        snprintf(name, sizeof name, "--%s %s", row->name, value);
        describe_range(row, range);
        bool has_range = range[0] != '\0', has_preset = preset != NULL;
        snprintf(text, sizeof text, "%s%s%s%s%s%s%s%s", row->unit != NULL ? row->unit : "",
                 row->unit != NULL ? " " : "", row->meaning, has_range || has_preset ? " (" : "",
                 range, has_range && has_preset ? "; " : "", has_preset ? preset : "",
                 has_range || has_preset ? ")" : "");
        fprintf(file, "%*s%-*s ", (int)indent, "", NAME_WIDTH, name);
        print_column(text, indent + NAME_WIDTH + 1, file);
    }
}
