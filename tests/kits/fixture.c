#include "fixture.h"

#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

const char kit_fixture_json[] = "{\n"
                                "    \"title\": \"a sum\",\n"
                                "    \"symptom\": \"It takes long.\",\n"
                                "    \"words\": \"One by one; fixed: at once.\",\n"
                                "    \"headline\": \"instructions\",\n"
                                "    \"tool\": \"callgrind\",\n"
                                "    \"command\": \"{program} 1000\",\n"
                                "    \"predict\": {\"time\": \"wall_time\"},\n"
                                "    \"graded\": [\"instructions\"]\n"
                                "}\n";

static const char driver[] = "#include <stdio.h>\n"
                             "#include <stdlib.h>\n"
                             "#include \"sum.h\"\n"
                             "int main(int argc, char **argv)\n"
                             "{ return argc < 2 || printf(\"%lu\\n\", sum(atol(argv[1]))) < 0; }\n";

void kit_fixture_init(struct kit_fixture *fixture)
{
    snprintf(fixture->folder, sizeof fixture->folder, "%s/kits-XXXXXX", BUILD_FOLDER);
    cr_assert_not_null(mkdtemp(fixture->folder));
    snprintf(fixture->kit, sizeof fixture->kit, "%s/kit", fixture->folder);
    for (int i = 0; i < 3; i++) {
        char path[700];
        snprintf(path, sizeof path, "%s/%s", fixture->kit,
                 (const char *const[]){"", "naive", "fixed"}[i]);
        cr_assert_eq(mkdir(path, 0777), 0, "%s", path);
    }
    kit_fixture_write(fixture, "kit.json", kit_fixture_json);
    kit_fixture_write(fixture, "sum.h", "unsigned long sum(unsigned long n);\n");
    kit_fixture_write(fixture, "main.c", driver);
    kit_fixture_write(fixture, "naive/sum.c",
                      "#include \"sum.h\"\n"
                      "unsigned long sum(unsigned long n)\n"
                      "{ volatile unsigned long s = 0; while (n > 0) s += n--; return s; }\n");
    kit_fixture_write(fixture, "fixed/sum.c",
                      "#include \"sum.h\"\n"
                      "unsigned long sum(unsigned long n) { return n * (n + 1) / 2; }\n");
}

void kit_fixture_free(struct kit_fixture *fixture)
{
    char output[256];
    cr_expect_eq(kit_fixture_shell(output, sizeof output, "rm -rf '%s'", fixture->folder), 0);
}

void kit_fixture_write(const struct kit_fixture *fixture, const char *name, const char *text)
{
    char path[1024];

    snprintf(path, sizeof path, "%s/%s", fixture->kit, name);
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file, "%s", path);
    fputs(text, file);
    cr_assert_eq(fclose(file), 0);
}

void kit_fixture_change(const struct kit_fixture *fixture, const char *from, const char *to)
{
    char text[4096];
    const char *at = strstr(kit_fixture_json, from);

    cr_assert_not_null(at, "%s", from);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - kit_fixture_json), kit_fixture_json, to,
             at + strlen(from));
    kit_fixture_write(fixture, "kit.json", text);
}

int kit_fixture_shell(char *output, size_t size, const char *format, ...)
{
    char line[4096], both[4200];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    snprintf(both, sizeof both, "{ %s\n} </dev/null 2>&1", line);
    FILE *pipe = popen(both, "r");
    cr_assert_not_null(pipe);
    size_t length = fread(output, 1, size - 1, pipe);
    output[length] = '\0';
    while (fgetc(pipe) != EOF)
        continue;
    int status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
