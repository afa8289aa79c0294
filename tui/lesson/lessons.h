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
    int chosen;          /* of the shelf */
    int top;             /* lines of the page scrolled away */
    int from;            /* view to show when something is done */
    int declined;        /* the question was left for later, … */
    int asked;           /* … or is being asked: 1 + its block */
    int kept_step;       /* 1 + the last step whose end was kept */
    int term;            /* the glossary: which of the step's terms, from 1 on; 0: none */
    char *entry;         /* its text */
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
/* Open this lesson of the shelf, or file, after asking where a run would be lost. 0, or a negative error that was said. */
int lessons_open(struct app *a, const char *name);

/* Whether a number is asked for. */
int lessons_asks_number(const struct lessons *s);

/* A line of the page. */
struct page_line {
    enum style style;
    int indent;
    char text[320];
};
enum { PAGE_LINES = 400 };
struct page {
    int count;
    int relevant; /* the line that what is in hand begins at */
    struct page_line line[PAGE_LINES];
};
/* The step in hand as lines of this width; up to the block in hand and no further with `so_far`. */
void page_make(const struct lessons *s, int width, enum charset charset, int so_far, struct page *p);
/* A term's name: the i-th that the step links to, from 1 on; 0: there are fewer. */
int page_term(const struct lessons *s, int i, char *name, size_t size);
/* Text without the marks of Markdown. */
void page_plain(const char *markdown, char *out, size_t size);
/* "7 · Out of a saddle, step 2 of 5" */
void page_title(const struct lessons *s, char *out, size_t size);
/* What the key for more does now. */
void page_hint(const struct lessons *s, enum charset charset, char *out, size_t size);

#endif
