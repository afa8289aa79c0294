/* SPDX-License-Identifier: MIT */
/* A session as it stands, in one file, to be resumed: the checkpoint of every run, the session's text, edits, log, clocks,
 * and what the front end keeps (curves). A safetensors file, replaced as a whole: who is killed meanwhile leaves the one
 * before. */
#ifndef SADDLE_TRAINER_SESSION_STATE_H
#define SADDLE_TRAINER_SESSION_STATE_H

#include "data/safetensors.h"
#include "trainer/session.h"
#include "trainer/snapshot.h"

/* What the front end gives to be kept: bytes under a name. */
enum { SESSION_EXTRAS = 12, SESSION_EXTRA_NAME = 24 };

struct session_extra {
    int count;
    struct session_extra_item {
        char name[SESSION_EXTRA_NAME];
        void *bytes; /* malloced; the session's once it is sent */
        size_t size;
    } item[SESSION_EXTRAS];
};

void session_extra_free(struct session_extra *x); /* accepts NULL */

struct session_state {
    struct safetensors *file;
    char *path;
    struct session session;
    int focus;
    unsigned there; /* runs, bit by bit */
    int paused;     /* when it was kept */
};

int session_state_is_one(const char *path);
/* Errors: ERR_INPUT with file and place. */
int session_state_open(struct session_state *s, const char *path, struct err *e);
void session_state_close(struct session_state *s);
/* The run of this id, which goes on to the bit. */
int session_state_run(const struct session_state *s, int id, const struct dataset *d, struct pool *p, struct run **run,
                      struct err *e);
/* The settings that the program knew which kept the session, in its order: those that the run of this id has a value of.
 * New ones come anywhere into the table; none has left it or moved. */
struct session_settings {
    int count;
    enum knob_id id[KNOB_COUNT];
};
void session_state_settings(const struct session_state *s, int id, struct session_settings *known);
/* What the front end gave under this name, as long as the state is open; NULL: nothing. */
const void *session_state_extra(const struct session_state *s, const char *name, size_t *size);

#endif
