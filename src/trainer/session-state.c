/* SPDX-License-Identifier: MIT */
#include "trainer/session-state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/checkpoint.h"
#include "trainer/session-format.h"

void session_extra_free(struct session_extra *x)
{
    for (int i = 0; x && i < x->count; i++)
        free(x->item[i].bytes);
    free(x);
}

int session_state_is_one(const char *path)
{
    return safetensors_is(path, SESSION_FORMAT);
}

/* "AB": the runs there are; "B": the one in focus. */
static int read_runs(struct session_state *s, struct err *e)
{
    const char *there = safetensors_meta(s->file, "runs"), *focus = safetensors_meta(s->file, "focus");
    const char *paused = safetensors_meta(s->file, "paused");

    for (const char *at = there ? there : ""; *at; at++) {
        if (*at < 'A' || *at >= 'A' + TRAINER_RUNS)
            return err_set(e, ERR_INPUT, "%s: metadata \"runs\" names a run that there is not: %.10s", s->path, there);
        s->there |= 1u << (*at - 'A');
    }
    s->paused = paused && strcmp(paused, "1") == 0;
    s->focus = focus ? *focus - 'A' : -1;
    if (s->focus < 0 || s->focus >= TRAINER_RUNS || !(s->there >> s->focus & 1))
        return err_set(e, ERR_INPUT, "%s: metadata \"focus\" names none of its runs", s->path);
    return 0;
}

int session_state_open(struct session_state *s, const char *path, struct err *e)
{
    const char *format, *text;
    int r;

    memset(s, 0, sizeof *s);
    s->path = strdup(path);
    if (!s->path)
        return err_memory(e, "a path", strlen(path));
    r = safetensors_open(&s->file, path, e);
    format = r == 0 ? safetensors_meta(s->file, "format") : NULL;
    text = r == 0 ? safetensors_meta(s->file, "session") : NULL;
    if (r == 0 && (!format || strcmp(format, SESSION_FORMAT) != 0 || !text))
        r = err_set(e, ERR_INPUT, "%s: not a session to be resumed", path);
    if (r == 0)
        r = session_parse(&s->session, text, strlen(text), path, e);
    if (r == 0)
        r = read_runs(s, e);
    if (r)
        session_state_close(s);
    return r;
}

void session_state_close(struct session_state *s)
{
    if (s->file)
        safetensors_close(s->file);
    session_free(&s->session);
    free(s->path);
    memset(s, 0, sizeof *s);
}

int session_state_run(const struct session_state *s, int id, const struct dataset *d, struct pool *p, struct run **run,
                      struct err *e)
{
    char prefix[SAFETENSORS_PREFIX];
    struct checkpoint c;
    int r;

    *run = NULL;
    snprintf(prefix, sizeof prefix, SESSION_RUN_PREFIX, 'A' + id);
    r = checkpoint_open_part(&c, s->file, prefix, s->path, e);
    if (r)
        return r;
    r = checkpoint_fits(&c, d, e);
    if (r == 0)
        r = run_new(run, d, &c.knobs, p, e);
    if (r == 0)
        r = checkpoint_restore(&c, *run, 1, e);
    checkpoint_close(&c);
    if (r && *run) {
        run_free(*run);
        *run = NULL;
    }
    return r;
}

void session_state_settings(const struct session_state *s, int id, struct session_settings *known)
{
    char prefix[SAFETENSORS_PREFIX], key[64];
    struct safetensors *part;

    known->count = 0;
    snprintf(prefix, sizeof prefix, SESSION_RUN_PREFIX, 'A' + id);
    part = safetensors_part(s->file, prefix);
    for (int i = 0; part && i < KNOB_COUNT; i++) {
        snprintf(key, sizeof key, "knob.%s", knob_row((enum knob_id)i)->name);
        if (safetensors_meta(part, key))
            known->id[known->count++] = (enum knob_id)i;
    }
    if (part)
        safetensors_close(part);
}

const void *session_state_extra(const struct session_state *s, const char *name, size_t *size)
{
    char whole[SESSION_EXTRA_NAME + 16];
    const struct tensor *t;

    snprintf(whole, sizeof whole, "extra.%s", name);
    t = safetensors_find(s->file, whole);
    if (!t || t->type != TENSOR_U8 || t->dims != 1)
        return NULL;
    *size = (size_t)t->count;
    return t->data;
}
