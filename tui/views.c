/* SPDX-License-Identifier: MIT */
/* The registry of views, in the order of the screen. */
#include "app/view.h"

extern const struct view train_view, curvature_view, landscape_view, race_view, diagnosis_view, losses_view, batch_view, theory_view,
    data_view, lessons_view, runs_view;

const struct view *const views[] = {&train_view, &curvature_view, &landscape_view, &race_view, &diagnosis_view, &losses_view,
                                    &batch_view, &theory_view, &data_view, &lessons_view, &runs_view, NULL};
