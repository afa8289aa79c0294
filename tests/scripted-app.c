/* SPDX-License-Identifier: MIT */
#include "scripted-app.h"

#include "test.h"

#include "app/script.h"

void stage_play(struct stage *s, const char *script)
{
    struct script_item item;
    struct err e = {0};

    for (s->reaction = 0; script_next(&script, &item, &e) == 0 && item.kind != SCRIPT_END;) {
        if (item.kind == SCRIPT_WAIT && view_shown(&s->app.model)->wait)
            app_wait(&s->app, item.steps);
        else if (item.kind == SCRIPT_WAIT)
            fake_trainer_run(s->trainer, (int)item.steps);
        else
            s->reaction |= app_handle(&s->app, &item.event);
        app_gather(&s->app);
    }
    assert_string_equal(e.text, "");
}

void stage_init(struct stage *s, const char *script)
{
    struct app_options o = {.checkpoint = "run.safetensors"};
    struct err e;

    s->trainer = fake_trainer_new();
    assert_int_equal(app_init(&s->app, s->trainer, &o, &e), 0);
    stage_play(s, script);
}

void stage_free(struct stage *s)
{
    app_free(&s->app);
    fake_trainer_free(s->trainer);
}

const struct pane *every_pane(int i)
{
    for (int v = 0; views[v]; i -= view_panes(views[v++]))
        if (i < view_panes(views[v]))
            return views[v]->panes[i];
    return NULL;
}

void stage_focus(struct stage *s, const struct view *v, int place)
{
    s->app.model.ui.view = view_index(v);
    s->app.model.ui.focus = place;
}

int stage_begin(void **state)
{
    static struct stage s;

    stage_init(&s, "<wait 10 steps>");
    *state = &s;
    return 0;
}

int stage_end(void **state)
{
    stage_free(*state);
    return 0;
}
