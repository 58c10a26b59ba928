#include "bench/compare/comparison.h"

#include <stdarg.h>
#include <stdio.h>

int comparison_begin(struct comparison *comparison)
{
    if (model_init(&comparison->model, comparison->plan.only) != 0)
        return comparison_fail(comparison, "out of memory");
    comparison->model.mode = mode_name(comparison->plan.mode);
    return 0;
}

int comparison_fail(struct comparison *comparison, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(comparison->error, sizeof comparison->error, format, arguments);
    va_end(arguments);
    return -1;
}

void comparison_announce(struct comparison *comparison, double seconds, const char *format, ...)
{
    va_list arguments;

    comparison->step++;
    fprintf(stderr, "%s[%2u/%u] ", comparison->is_terminal ? "\r\033[K" : "", comparison->step,
            comparison->step_count);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    if (seconds >= 1.5)
        fprintf(stderr, ", about %.0f s", seconds);
    fputc('\n', stderr);
}

void comparison_progress(struct comparison *comparison, unsigned done, unsigned count,
                         const char *unit)
{
    if (!comparison->is_terminal)
        return;
    if (done < count)
        fprintf(stderr, "\r        %s %u of %u\033[K", unit, done + 1, count);
    else
        fprintf(stderr, "\r\033[K");
    fflush(stderr);
}

void comparison_warn(struct comparison *comparison, const char *format, ...)
{
    char text[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    struct model *model = &comparison->model;
    MODEL_ADD(model, model, warning, warnings, model_text(model, "%s", text));
}
