/*
 * one_locale.c - preloaded under helgrind and DRD: a localeconv() that writes nothing.
 *
 * cJSON asks localeconv() for the decimal point at each number. glibc's fills in a static variable
 * each time, with the same contents as long as nobody calls setlocale(), which this program never
 * does. The tools rightly report that as a race. To suppress it would mean to suppress whatever
 * happens within cJSON's functions, which have no names in the library; this does not.
 */
#include <locale.h>

struct lconv *localeconv(void)
{
    static struct lconv c_locale = {.decimal_point = (char *)"."};
    return &c_locale;
}
