/* SPDX-License-Identifier: MIT */
/* Shared by the parts of the Lessons view. */
#ifndef SADDLE_TUI_LESSON_LESSONS_H
#define SADDLE_TUI_LESSON_LESSONS_H

#include "app/view.h"
#include "lesson/player.h"
#include "lesson/progress.h"
#include "lesson/shelf.h"

enum { LESSONS_LIST, LESSONS_PAGE }; /* panes, in Tab's order */

struct lessons { /* the view's own state */
    struct shelf *shelf;
    struct progress progress;
    struct err problem;  /* why progress is not kept, or the shelf not read */
    struct lesson_player player;
    struct shelf_entry opened; /* what the player has; its texts are not its own */
    int wanted;          /* the step that `opened` is opened at, from 1 on; 0: where it was left */
    int chosen;          /* of the shelf */
    int fresh;           /* block that what was not read before begins at; … */
    int down;            /* … lines scrolled down from there, negative: up */
    int seen_step, seen_block; /* of the player, when `fresh` was set: 1 + step */
    int from;            /* view to show when something is done */
    int declined;        /* the question was left for later, … */
    int asked;           /* … or is being asked: 1 + its block */
    int kept_step;       /* 1 + the last step whose end was kept */
    int term;            /* the glossary: which of the step's terms, from 1 on; 0: none */
    char *entry;         /* its text, … */
    int entry_top;       /* … and the lines of it scrolled away */
    uint64_t rested;     /* 1 + the step that the lesson left the run in focus at; 0: it has not yet */
    int told;            /* of player.changed, what the text mode has told */
    int told_step, told_block, told_checks;
};

extern const struct pane lessons_list_pane, lessons_page_pane;
extern const struct view lessons_view;
extern const struct key_set lessons_keys, lessons_list_keys, lessons_page_keys;
extern const struct command_row lessons_commands[];
extern const struct view_beside lessons_beside;

struct lessons *lessons_of(const struct model *m);
/* Let the player do what it can; 1 when something is to be drawn. */
int lessons_advance(struct app *a);
/* Open this lesson of the shelf, or file, after asking where a run would be lost: at a step from 1 on, or where it was left
 * (0). 0, or a negative error that was said. */
int lessons_open(struct app *a, const char *name, int step);

/* ---- the open lesson in a kept session (kept.c) */

void *lessons_keep(const struct model *m, size_t *size);
unsigned lessons_changes(const struct model *m);
/* The lesson goes on where it was, beside the session's runs; where more than those would be needed, its steps are done
 * again up to there. */
void lessons_resume(struct app *a, const void *bytes, size_t size);

/* Whether a number is asked for. */
int lessons_asks_number(const struct lessons *s);

/* ---- the page of a step, as wrapped lines (page.c) */

struct page_line {
    enum style style;
    int indent;
    int block; /* of the lesson's, that it belongs to; −1: to none */
    char text[320];
};
enum { PAGE_LINES = 400 };
struct page {
    int count;
    int relevant; /* the line that what was not read before begins at */
    int question; /* the line that the question asked begins at, or −1 */
    struct page_line line[PAGE_LINES];
};
/* What of the step there is to be read so far, as lines of this width: nothing after what waits for the reader. `beside`:
 * where there is little room, commands in a line, and what came of a prediction before all that was measured. */
void page_make(const struct lessons *s, int width, enum charset charset, int beside, struct page *p);
/* "[minimum ratio](glossary.md#minimum-ratio)": bytes of it, or 0; the text and where it leads. */
size_t page_link(const char *at, const char **text, size_t *text_size, const char **to, size_t *to_size);
/* A term of the glossary: the i-th that the step's text so far uses or links to, from 1 on; 0: there are fewer (terms.c). */
int page_term(const struct lessons *s, int i, char *name, size_t size);
/* Text without the marks of Markdown. */
void page_plain(const char *markdown, char *out, size_t size);
/* What the key for more does now. */
void page_hint(const struct model *m, enum charset charset, int below, char *out, size_t size);

/* ---- the part of it that is seen (reading.c) */

struct page_window {
    int row;   /* the hint has the last row for itself */
    int rows;  /* of text, from line `top` on */
    int top, below; /* lines below */
    char hint[200];
};
/* On a pane of w×h with its frame. */
void page_window(const struct model *m, int w, int h, enum charset charset, int beside, struct page *p, struct page_window *out);
/* Scroll where the lesson is shown now, by lines; down by a screenful with `by` 0: 1 when there was more below. */
int lessons_scroll(struct app *a, int by);
/* Lines that are still below what is seen. */
int lessons_below(const struct app *a);
/* The player went on: what is there now and was not before. */
void lessons_note_fresh(struct lessons *s);

#endif
