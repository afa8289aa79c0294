/* An app on a trainer without a network, played by scripted keys. */
#ifndef SADDLE_STAGE_H
#define SADDLE_STAGE_H

#include "app.h"
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

#endif
