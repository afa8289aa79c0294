/* SPDX-License-Identifier: MIT */
/* An app on a trainer without a network, played by scripted keys. */
#ifndef SADDLE_STAGE_H
#define SADDLE_STAGE_H

#include "app/app.h"
#include "app/view.h"
#include "fake-trainer.h"

struct stage {
    struct trainer *trainer;
    struct app app;
    unsigned reaction; /* of all keys of the last script */
};

void stage_init(struct stage *s, const char *script);
void stage_free(struct stage *s);
/* Keys by tui/script.h; <wait N steps> lets the trainer run. */
void stage_play(struct stage *s, const char *script);

/* The i-th pane of all views, shared ones once for each; NULL beyond the last. */
const struct pane *every_pane(int i);
/* Show the view and give the pane at this place the focus. */
void stage_focus(struct stage *s, const struct view *v, int place);

/* cmocka's set-up and tear-down of a test: a stage that has trained for ten steps is its state. */
int stage_begin(void **state);
int stage_end(void **state);
/* Such a test, for the table of tests. */
#define WITH_APP(f) cmocka_unit_test_setup_teardown(f, stage_begin, stage_end)

#endif
