#define _GNU_SOURCE
#include "check.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { HEAD_BYTES = 4096, SCRIPTS_MAX = 4 };

#if defined __x86_64__
enum { MACHINE = EM_X86_64 };
#elif defined __aarch64__
enum { MACHINE = EM_AARCH64 };
#else
#error "add this machine's number: elf.h has EM_..."
#endif

static bool is_executable(const char *path)
{
    struct stat info;

    if (stat(path, &info) != 0)
        return false;
    if (S_ISREG(info.st_mode) && access(path, X_OK) == 0)
        return true;
    errno = EACCES;
    return false;
}

int check_find(const char *program, char path[PATH_MAX], char error[CHECK_ERROR_SIZE])
{
    const char *folders = getenv("PATH") != NULL ? getenv("PATH") : "/usr/bin:/bin";

    if (strchr(program, '/') != NULL) {
        snprintf(path, PATH_MAX, "%s", program);
        if (is_executable(path))
            return 0;
        snprintf(error, CHECK_ERROR_SIZE, "%s: %s", program, strerror(errno));
        return errno == ENOENT ? 127 : 126;
    }
    for (const char *at = folders;; at += strcspn(at, ":") + 1) {
        int length = (int)strcspn(at, ":");
        snprintf(path, PATH_MAX, "%.*s/%s", length > 0 ? length : 1, length > 0 ? at : ".",
                 program);
        if (is_executable(path))
            return 0;
        if (at[length] == '\0')
            break;
    }
    snprintf(error, CHECK_ERROR_SIZE, "there is no program '%s' in PATH", program);
    return 127;
}

static ssize_t read_head(const char *path, char head[HEAD_BYTES])
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t count = file >= 0 ? read(file, head, HEAD_BYTES - 1) : -1;

    if (file >= 0)
        close(file);
    if (count >= 0)
        head[count] = '\0';
    return count;
}

/* The loader ignores LD_PRELOAD where a program gets more rights than whoever starts it. */
static const char *find_privilege(const char *path)
{
    struct stat info;

    if (stat(path, &info) != 0)
        return NULL;
    if ((info.st_mode & S_ISUID) != 0 && info.st_uid != geteuid())
        return "is set-uid";
    if ((info.st_mode & S_ISGID) != 0 && info.st_gid != getegid())
        return "is set-gid";
    if (geteuid() != 0 && getxattr(path, "security.capability", NULL, 0) > 0)
        return "has file capabilities";
    return NULL;
}

/* "": it has none, and is static. NULL: its head does not say. */
static const char *find_loader(const char *head, size_t length)
{
    const ElfW(Ehdr) *elf = (const void *)head;

    if (elf->e_phoff > length || elf->e_phnum > (length - elf->e_phoff) / sizeof(ElfW(Phdr)))
        return NULL;
    const ElfW(Phdr) *header = (const void *)(head + elf->e_phoff);
    for (unsigned i = 0; i < elf->e_phnum; i++)
        if (header[i].p_type == PT_INTERP)
            return header[i].p_offset < length ? head + header[i].p_offset : NULL;
    return "";
}

static int check_elf(const char *path, const char *head, size_t length,
                     char error[CHECK_ERROR_SIZE])
{
    const ElfW(Ehdr) *elf = (const void *)head;
    const char *loader, *privilege = find_privilege(path);

    if (elf->e_ident[EI_CLASS] != (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32) ||
        elf->e_machine != MACHINE)
        snprintf(error, CHECK_ERROR_SIZE, "%s is for another kind of machine than libpprof.so",
                 path);
    else if ((loader = find_loader(head, length)) != NULL && loader[0] == '\0')
        snprintf(error, CHECK_ERROR_SIZE,
                 "%s is statically linked: nothing can be loaded into it. Link libpprof.a into it",
                 path);
    else if (loader != NULL && strstr(loader, "/ld-linux") == NULL)
        snprintf(error, CHECK_ERROR_SIZE,
                 "%s is of another C library, whose loader is %s; libpprof.so is of glibc", path,
                 loader);
    else if (privilege != NULL)
        snprintf(error, CHECK_ERROR_SIZE,
                 "%s %s: the loader takes no library from us. Start it as whom it runs as", path,
                 privilege);
    else
        return 0;
    return -1;
}

int check_program(const char *path, char error[CHECK_ERROR_SIZE])
{
    _Alignas(8) char head[HEAD_BYTES];
    char interpreter[PATH_MAX];

    for (int i = 0; i < SCRIPTS_MAX; i++) {
        ssize_t length = read_head(path, head);
        if (length < 0) {
            snprintf(error, CHECK_ERROR_SIZE, "%s cannot be read: %s", path, strerror(errno));
            return -1;
        }
        if ((size_t)length >= sizeof(ElfW(Ehdr)) && memcmp(head, ELFMAG, SELFMAG) == 0)
            return check_elf(path, head, (size_t)length, error);
        if (sscanf(head, "#! %4095s", interpreter) != 1)
            return 0; /* a shell takes it for a script, and the shell is let pass */
        path = interpreter;
    }
    return 0;
}
