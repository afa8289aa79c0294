/* SPDX-License-Identifier: MIT */
/* A landscape as a background job: of a copy of where the run stood, its pictures handed up as they get finer. */
#ifndef SADDLE_TRAINER_LANDSCAPE_JOB_H
#define SADDLE_TRAINER_LANDSCAPE_JOB_H

#include "core/mailbox.h"
#include "trainer/published.h"
#include "run/probe-copy.h"
#include "trainer/background-job.h"
#include "run/trajectory.h"

struct landscape_job {
    struct background_job job;
    struct landscape_plan plan;
    int again;                       /* it follows the run: the picture before it stays until this one is whole */
    struct probe_copy *point;
    float *other, *other_statistics; /* the line's other end, or NULL */
    char unknown[200];               /* settings of the line's file that this program does not have: "a, b" */
    struct probe_batch train;        /* of a curve: what it is trained on */
    struct trajectory path;          /* on a plane: copied, its last point the run's */
    struct mailbox pictures;         /* struct landscape_view, from the job to who began it */
    double began, shown;             /* clocks; the job's own, as … */
    int stride;                      /* … the level that was shown last */
};

/* Of the run as it stands; `path` is where it has been, and `other` the run at the line's other end, or NULL: that is a
 * file. Errors: ERR_RUNTIME; ERR_INPUT, also of the line's file, and where the other run's network has another shape. */
int landscape_job_new(struct landscape_job **s, struct run *l, const struct landscape_plan *plan,
                        const struct run *other, const struct trajectory *path, struct err *e);
/* When it is not running. Accepts NULL. */
void landscape_job_free(struct landscape_job *s);

/* The newest picture, once; NULL: none that was not seen. Status, progress and who asked are not its matter. */
const struct landscape_view *landscape_job_picture(struct landscape_job *s);

#endif
