/* SPDX-License-Identifier: MIT */
/* The lessons that there are: those that come with saddle, and the user's own below $XDG_DATA_HOME/saddle/lessons. One of
 * the user's with the name of another takes its place. In a language, where a lesson has been translated; else English. */
#ifndef SADDLE_LESSON_SHELF_H
#define SADDLE_LESSON_SHELF_H

#include "core/err.h"
#include "lesson/lesson.h"

enum { SHELF_LESSONS = 200, SHELF_LANGUAGE = 24, SHELF_TERMS = 300 };

struct shelf_entry {
    int number;
    char name[LESSON_NAME];
    char *path;
    char *title;    /* NULL: the file cannot be read, and … */
    struct err why; /* … why not */
    int minutes;
    int own;        /* the user's */
};

struct shelf {
    char language[SHELF_LANGUAGE]; /* "zh-TW"; "": English */
    int count;
    struct shelf_entry entry[SHELF_LESSONS]; /* by number, then by name */
    int terms;
    char *term[SHELF_TERMS]; /* what the glossary explains, as its headings stand */
};

/* The language of a text such as "zh_TW.UTF-8" or "zh-TW": a folder of translated lessons that there is, or "". */
void shelf_language(const char *wanted, char out[SHELF_LANGUAGE]);
/* The same from --lang (or NULL), $LC_ALL, $LC_MESSAGES, $LANG, the first that is set. */
void shelf_user_language(const char *option, char out[SHELF_LANGUAGE]);
/* Errors: ERR_RUNTIME, no memory. A lesson that cannot be read is listed with its error. */
int shelf_open(struct shelf **s, const char *language, struct err *e);
void shelf_free(struct shelf *s);
/* The lesson with this name or number, or NULL. */
const struct shelf_entry *shelf_find(const struct shelf *s, const char *name);
/* Read the lesson of this name or number, or the file where it has a slash or ends in .md. Errors: ERR_INPUT. */
int shelf_read(const struct shelf *s, const char *name, struct lesson **l, struct err *e);
/* The glossary's entry for a term, as its lines stand, malloced; NULL: none. */
char *shelf_term(const struct shelf *s, const char *term);
/* The folder of the user's own lessons, malloced; NULL: none can be named. */
char *shelf_own_folder(void);

#endif
