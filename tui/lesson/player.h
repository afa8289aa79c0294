/* SPDX-License-Identifier: MIT */
/* Goes through a lesson: commands are made in the lab as if they were typed, waits are waited for, what was measured is
 * compared. It never blocks: player_advance does what can be done now. */
#ifndef SADDLE_TUI_LESSON_PLAYER_H
#define SADDLE_TUI_LESSON_PLAYER_H

#include "app/app.h"
#include "lesson/child.h"
#include "lesson/lesson.h"
#include "lesson/quantity.h"

enum player_phase {
    PLAYER_NONE,    /* no lesson is open */
    PLAYER_READING, /* what comes next in the step waits for the reader */
    PLAYER_ASKING,  /* a question waits for an answer */
    PLAYER_DOING,   /* a command is made, or waited for */
    PLAYER_FAILED,  /* a command was refused; `text` says why */
    PLAYER_END      /* all of the step is done */
};

enum player_wait {
    WAIT_NOTHING,
    WAIT_HEARD,     /* until the trainer has obeyed */
    WAIT_STEPS,     /* … and made the steps */
    WAIT_UNTIL,     /* until `until` holds */
    WAIT_PROBE, WAIT_LANDSCAPE, WAIT_MEASURE,
    WAIT_SAVED,     /* until the checkpoints that a command needs are written */
    WAIT_CHILD      /* for a command */
};

enum { PLAYER_OUTCOMES = 128, PLAYER_SENTENCE = 256 };

struct player_check { /* a line of a check, once it was measured */
    int block, line;
    int holds;
    struct expression_value value; /* of what stands left of the comparison; a number of NaN: not known */
    char sentence[PLAYER_SENTENCE]; /* the one that is so, filled in */
};

struct player_answer {
    int block;
    int skipped;
    int choice;     /* 1 for the first */
    double number;  /* of a question for a number */
    int judged, right;
    int ungraded;   /* a check of the step does not hold: neither right nor wrong */
    char truth[PLAYER_SENTENCE]; /* what was right, once judged */
};

struct lesson_player {
    struct lesson *lesson;
    enum player_phase phase;
    int automatic;  /* questions are skipped, and nothing waits for a reader */
    int step;       /* shown */
    int block;      /* the next one to be done, of the lesson's */
    int line;       /* … and of it */
    int target;     /* steps before this one are done again without a reader, to come back to it; −1: none */
    const char *seed; /* set after each recipe; NULL: the recipe's stays */
    int seeded;
    int made;       /* commands made since the lesson or the step began */
    int asked_go;   /* the reader wants what comes next */
    int cleaning;   /* until run A is the only one; … */
    int forked;     /* … it was asked for, where there is none: once */
    int crowded;    /* PLAYER_FAILED: it could not be made, and nothing of the lesson was done */

    enum player_wait wait;
    double goal;    /* WAIT_STEPS: the step that the run gets to; WAIT_UNTIL: the last one */
    char until[PLAYER_SENTENCE];
    struct child child;
    char command[32];      /* whose output the child prints */
    const char *word[CHILD_WORDS + 1];
    char words[2048];
    char *scratch;         /* folder for checkpoints; NULL: none yet */
    struct quantity_kept kept;

    char text[480];   /* of PLAYER_FAILED; or what is being waited for */
    int checks;
    struct player_check check[PLAYER_OUTCOMES];
    int answers;
    struct player_answer answer[LESSON_STEPS];
    int changed;           /* counts what the screen shows */
};

/* Open a lesson, which becomes the player's; run A goes on and has the focus, all others are dropped. Where there is no run
 * A, the one in focus becomes it. `step` is the one to begin with: what those before it do is done without a reader. */
void player_open(struct lesson_player *p, struct app *a, struct lesson *l, int step);
/* Open it where it was left, at a block of a step, or at the step's end; the lab is as it was then. */
void player_resume_at(struct lesson_player *p, struct lesson *l, int step, int block, int end);
/* Forget the lesson; the lab stays as it is. */
void player_close(struct lesson_player *p);
/* Whether something is being done, or made ready, for the lesson. */
int player_is_busy(const struct lesson_player *p);
/* What can be done now; 1 when something is to be drawn. */
int player_advance(struct lesson_player *p, struct app *a);
/* Go on: make what comes next, skip a question, try a refused command again, or show the next step. 0 at the lesson's end. */
int player_go(struct lesson_player *p, struct app *a);
/* The step before, or this step (`by` 0) from its beginning, with the lab as it was then: what the steps before it did is
 * done again. */
void player_back(struct lesson_player *p, struct app *a, int by);
/* Nothing of the step was done or answered. */
int player_at_beginning(const struct lesson_player *p);
/* Answer the question that is asked: by a choice from 1 on, or a number. 0, or −1 where that is no answer to it. */
int player_choose(struct lesson_player *p, int choice);
int player_number(struct lesson_player *p, double number);

/* The answer to a block, or NULL; and what was measured of a line, or NULL. */
const struct player_answer *player_answer_of(const struct lesson_player *p, int block);
const struct player_check *player_check_of(const struct lesson_player *p, int block, int line);
/* Checks of the step in hand that do not hold. */
int player_failed_checks(const struct lesson_player *p);
/* The block whose question is asked, or −1. */
int player_question(const struct lesson_player *p);
/* What the app measures, by name. `world` is filled. */
struct expression_names player_names(const struct lesson_player *p, const struct app *a, struct quantity_world *world);

#endif
