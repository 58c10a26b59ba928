/*
 * terminal.c - what is shown: the same table on a terminal, in a pipe and in compare.txt, in colour
 * only where somebody sees it and has not said NO_COLOR, and never wider than 100 columns.
 */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "tests/comparison/scene.h"

TestSuite(terminal, .timeout = 600);

enum { TEXT_SIZE = 1 << 18, COLUMNS = 100 };

#define SHORT "--mode", "quick", "--rounds", "1", "--fix", "store"

/* A terminal, and all that is written to it. */
struct terminal {
    int fd;        /* its master's side */
    int keep;      /* its other side, held open until all is written */
    char name[64]; /* of that side */
    char *text;
    size_t length;
    pthread_t reader;
    int stop[2];
};

static void *read_all(void *argument)
{
    struct terminal *terminal = argument;
    struct pollfd polled[2] = {{.fd = terminal->fd, .events = POLLIN},
                               {.fd = terminal->stop[0], .events = POLLIN}};

    for (;;) {
        poll(polled, 2, -1);
        if (!(polled[0].revents & POLLIN))
            return NULL; /* told to stop, and nothing left to read */
        ssize_t count =
            read(terminal->fd, terminal->text + terminal->length, TEXT_SIZE - 1 - terminal->length);
        if (count <= 0)
            return NULL;
        terminal->length += (size_t)count;
    }
}

static void terminal_init(struct terminal *terminal)
{
    struct termios raw;

    *terminal = (struct terminal){.text = calloc(1, TEXT_SIZE)};
    terminal->fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    cr_assert_geq(terminal->fd, 0);
    cr_assert_eq(grantpt(terminal->fd), 0);
    cr_assert_eq(unlockpt(terminal->fd), 0);
    cr_assert_eq(ptsname_r(terminal->fd, terminal->name, sizeof terminal->name), 0);
    terminal->keep = open(terminal->name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    cr_assert_geq(terminal->keep, 0);
    tcgetattr(terminal->keep, &raw);
    cfmakeraw(&raw); /* a newline stays one */
    tcsetattr(terminal->keep, TCSANOW, &raw);
    cr_assert_eq(pipe(terminal->stop), 0);
    cr_assert_eq(pthread_create(&terminal->reader, NULL, read_all, terminal), 0);
}

/* Waits for the rest. */
static void terminal_end(struct terminal *terminal)
{
    cr_assert_eq(write(terminal->stop[1], "", 1), 1);
    pthread_join(terminal->reader, NULL);
    close(terminal->keep);
    close(terminal->fd);
    close(terminal->stop[0]);
    close(terminal->stop[1]);
}

/* Takes "ESC [ ... m" out. */
static void strip_colors(char *text)
{
    char *to = text;

    for (const char *from = text; *from != '\0';) {
        if (from[0] == '\033' && from[1] == '[') {
            from += 2 + strcspn(from + 2, "m");
            from += *from == 'm';
        } else {
            *to++ = *from++;
        }
    }
    *to = '\0';
}

/* Compares on a terminal; its text is for free(). */
static char *show(const char *no_color, char *file, size_t file_size)
{
    struct scene scene;
    struct terminal terminal;

    scene_init(&scene, "bin");
    terminal_init(&terminal);
    scene.output = terminal.name;
    scene.variables[0] = no_color;
    struct child_result result = scene_compare(&scene, SHORT, NULL);
    terminal_end(&terminal);
    scene_expect(&result, 0, NULL);
    child_result_free(&result);
    scene_read(&scene, "results/latest/compare.txt", file, file_size);
    scene_free(&scene);
    return terminal.text;
}

Test(terminal, shows_compare_txt_in_colour)
{
    static char file[TEXT_SIZE];
    char *text = show(NULL, file, sizeof file);

    cr_expect_not_null(strstr(text, "\033["), "there is no colour");
    strip_colors(text);
    cr_expect_str_eq(text, file);
    free(text);
}

Test(terminal, shows_no_colour_where_none_is_wanted)
{
    static char file[TEXT_SIZE];
    char *text = show("NO_COLOR=1", file, sizeof file);

    cr_expect_str_eq(text, file);
    free(text);
}

/* no-color.org: "when present and not an empty string". */
Test(terminal, takes_an_empty_no_color_for_none)
{
    static char file[TEXT_SIZE];
    char *text = show("NO_COLOR=", file, sizeof file);

    cr_expect_not_null(strstr(text, "\033["), "there is no colour");
    free(text);
}

/* Characters of UTF-8; the report has none that is wider than one column. */
static unsigned width(const char *line, size_t length)
{
    unsigned count = 0;
    for (size_t i = 0; i < length; i++)
        count += ((unsigned char)line[i] & 0xC0) != 0x80;
    return count;
}

Test(terminal, is_replaced_by_the_same_text_in_a_pipe)
{
    static char file[TEXT_SIZE];
    struct scene scene;

    scene_init(&scene, "bin");
    struct child_result result = scene_compare(&scene, SHORT, NULL);
    scene_expect(&result, 0, NULL);
    scene_read(&scene, "results/latest/compare.txt", file, sizeof file);
    cr_expect_str_eq(result.output, file);
    cr_expect_null(strchr(file, '\033'));
    cr_expect_null(strchr(result.errors, '\r'), "progress was shown in place");
    for (const char *line = file; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        cr_expect_leq(width(line, length), COLUMNS, "%.*s", (int)length, line);
        line += length + (line[length] == '\n');
    }
    child_result_free(&result);
    scene_free(&scene);
}
