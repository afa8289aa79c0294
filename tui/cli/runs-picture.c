/* SPDX-License-Identifier: MIT */
/* saddle runs export --svg: training and validation loss over the steps. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/output.h"
#include "cli/report.h"
#include "cli/runs.h"
#include "core/file.h"
#include "draw/plot-svg.h"

static void widen(const struct report_curve *c, double *lo, double *hi)
{
    for (int i = 0; i < c->count; i++)
        if (isfinite(c->value[i]) && c->value[i] > 0) {
            *lo = fmin(*lo, c->value[i]);
            *hi = fmax(*hi, c->value[i]);
        }
}

static char *picture(const struct report_run *r)
{
    const struct report_curve *train = &r->track[TRACK_TRAIN_LOSS], *validation = &r->validation[MEASURE_LOSS];
    const struct series curves[] = {
        {.name = "train", .style = STYLE_SERIES_1, .count = train->count, .x = train->step, .y = train->value},
        {.name = "val", .style = STYLE_SERIES_2, .stroke = STROKE_DASHED, .marker = 0x25c6, .plain = '+', .strong = 1,
         .count = validation->count, .x = validation->step, .y = validation->value},
    };
    struct plot p = {.x = {.whole = 1, .unit = "step"}, .y = {.log = 1, .unit = "loss"}, .series = curves, .series_count = 2,
                     .now = NAN, .cross = NAN};
    double lo = INFINITY, hi = 0;

    widen(train, &lo, &hi);
    widen(validation, &lo, &hi);
    axis_fit(&p.y, lo <= hi ? lo : .1, lo <= hi ? hi : 1);
    axis_fit(&p.x, (double)r->run.first_step, fmax((double)r->run.steps, 1));
    return plot_to_svg(&p, r->run.name, THEME_LIGHT);
}

int runs_export_svg(struct store *s, const struct runs_request *q, struct err *e)
{
    struct report_run *r = calloc(1, sizeof *r);
    char *text = NULL;
    int bad = r ? report_read(r, s, q->name[0], e) : err_memory(e, "a picture", sizeof *r);

    if (bad == 0 && q->output)
        bad = output_check(q->output, OUTPUT_PICTURE, NULL, q->force, e);
    if (bad == 0 && !(text = picture(r)))
        bad = err_memory(e, "a picture", 1 << 16);
    if (bad == 0 && q->output)
        bad = file_replace(q->output, text, strlen(text), e);
    else if (bad == 0)
        fputs(text, stdout);
    if (r)
        report_run_free(r);
    free(r);
    free(text);
    return bad;
}
