/* SPDX-License-Identifier: MIT */
#include "data/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "draw/number.h"

enum { LINE = 400, PAIRS = 5 };

__attribute__((format(printf, 2, 3))) static void tell(const struct text_sink *out, const char *format, ...)
{
    char line[LINE];
    va_list ap;

    va_start(ap, format);
    vsnprintf(line, sizeof line, format, ap);
    va_end(ap);
    out->line(out->context, line);
}

/* The phones that the network hears, with their times: of a recording. */
static void tell_phones(const struct data_task *t, const struct text_sink *out)
{
    const struct data_result *r = &t->result;

    for (int64_t from = 0, to; from < r->frames; from = to) {
        for (to = from; to < r->frames && r->predicted[to] == r->predicted[from]; to++)
            ;
        tell(out, "%.2f to %.2f s: %s", .01 * (double)from, .01 * (double)to, data_class(t, r->predicted[from]));
    }
}

void data_text(const struct data_task *t, const struct text_sink *out)
{
    const struct data_result *r = &t->result;
    struct confusion_pair pair[DATA_PAIRS_MOST];
    char step[NUMBER_SIZE], words[LINE];
    int pairs = data_pairs(t, pair);

    number_count(step, sizeof step, t->task.step);
    if (*t->file) {
        tell(out, "phones of %s at step %s:", t->file, step);
        tell_phones(t, out);
        return;
    }
    tell(out, "%s at step %s: %.3f of %lld frames are right, calibration error %.3f", data_set_name(r->set), step,
         (double)r->confusion.correct / (double)r->confusion.frames, (long long)r->confusion.frames, confusion_ece(&r->confusion));
    if (isfinite(r->unheard))
        tell(out, "validation %.3f, unheard voices %.3f", r->validation, r->unheard);
    else
        tell(out, "validation %.3f; %s", r->validation, r->no_unheard);
    data_ladder_words(t, words, sizeof words);
    tell(out, "%s", words);
    for (int i = 0; i < pairs && i < PAIRS; i++)
        tell(out, "%s taken for %s: %lld frames, %.0f %% of %s", data_class(t, pair[i].truth),
             data_class(t, pair[i].predicted), (long long)pair[i].count,
             100 * (double)pair[i].count / (double)confusion_row(&r->confusion, pair[i].truth), data_class(t, pair[i].truth));
}
