/* SPDX-License-Identifier: MIT */
#include "two-runs.h"

#include <stdlib.h>
#include <string.h>

/* A at step 300, B forked from it there, both at step 600; B has the focus. */
void two_runs_begin(struct stage *s, const char *script)
{
    stage_init(s, "<wait 300 steps>f<wait 300 steps>");
    stage_play(s, script);
}

struct command two_runs_last(const struct stage *s)
{
    return fake_trainer_last(s->trainer);
}

const struct series *two_runs_series(const struct pane_plot *p, char letter)
{
    for (int i = 0; i < p->plot.series_count; i++)
        if (p->series[i].end == letter)
            return &p->series[i];
    return NULL;
}

char *two_runs_screen(struct stage *s, int w, int h, enum charset charset)
{
    struct canvas c;
    char *text;

    assert_int_equal(canvas_init(&c, w, h, charset), 0);
    app_resize(&s->app, w, h);
    app_draw(&s->app, &c);
    text = canvas_to_text(&c);
    assert_non_null(text);
    canvas_free(&c);
    return text;
}

void two_runs_hold(struct stage *s, int w, int h, const char *words)
{
    char *text = two_runs_screen(s, w, h, CHARSET_BRAILLE);

    if (!strstr(text, words))
        fail_msg("\"%s\" is not on the screen:\n%s", words, text);
    free(text);
}

void two_runs_lack(struct stage *s, int w, int h, const char *words)
{
    char *text = two_runs_screen(s, w, h, CHARSET_BRAILLE);

    assert_null(strstr(text, words));
    free(text);
}
