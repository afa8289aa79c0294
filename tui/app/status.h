/* SPDX-License-Identifier: MIT */
/* The first line of the screen: its subject, activity and progress. */
#ifndef SADDLE_TUI_APP_STATUS_H
#define SADDLE_TUI_APP_STATUS_H

#include "app/model.h"
#include "draw/canvas.h"

enum { STATUS_PARTS = 8, STATUS_SUBJECT = 400 };

struct status_part {
    enum style style;
    char text[96];
};

struct status {
    char subject[STATUS_SUBJECT]; /* "quick on sample", "rosenbrock" */
    uint32_t glyph;               /* the state: its sign, its style, a word */
    enum style style;
    char state[64];
    struct status_part part[STATUS_PARTS]; /* the most important first; as many as fit are shown, "" none */
};

void status_draw(const struct model *m, struct canvas *c);
/* "B identical to A (step 1,000)", while the run in focus is; else nothing is written. Not roomy: "B = A". */
void status_identical(const struct model *m, int roomy, char *out, size_t size);
/* State of the training run, for the line of a view about something else: "is paused", "continues". */
const char *status_of_training(const struct model *m);

#endif
