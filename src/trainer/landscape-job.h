/* A landscape as a study (study.h): of a copy of where the lane stood, its pictures handed up as they get finer. */
#ifndef SADDLE_LAB_LANDSCAPE_STUDY_H
#define SADDLE_LAB_LANDSCAPE_STUDY_H

#include "core/mailbox.h"
#include "trainer/published-landscape.h"
#include "run/probe-copy.h"
#include "trainer/background-job.h"
#include "run/trajectory.h"

struct landscape_study {
    struct study_job job;
    struct landscape_plan plan;
    int again;                       /* it follows the run: the picture before it stays until this one is whole */
    struct lane_point *point;
    float *other, *other_statistics; /* the line's other end, or NULL */
    struct trajectory path;          /* on a plane: copied, its last point the lane's */
    struct mailbox pictures;         /* struct landscape_view, from the job to who began it */
    double began, shown;             /* clocks; the job's own, as … */
    int stride;                      /* … the level that was shown last */
};

/* Of the lane as it stands; `path` is where it has been. Errors: ERR_RUNTIME; ERR_INPUT, also of the line's file. */
int landscape_study_new(struct landscape_study **s, struct lane *l, const struct landscape_plan *plan,
                        const struct trajectory *path, struct err *e);
/* When it is not running. Accepts NULL. */
void landscape_study_free(struct landscape_study *s);

/* The newest picture, once; NULL: none that was not seen. Status, progress and who asked are not its matter. */
const struct landscape_view *landscape_study_picture(struct landscape_study *s);

#endif
