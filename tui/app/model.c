/* SPDX-License-Identifier: MIT */
#include "app/model.h"

#include <string.h>

int model_shows(const struct model *m, enum filter f, const char *text)
{
    return !m->ui.filter[f][0] || strcasestr(text, m->ui.filter[f]);
}

int model_shows_knob(const struct model *m, enum knob_id id)
{
    const struct knob *row = knob_row(id);

    if (!m->ui.filter[FILTER_KNOBS][0])
        return m->ui.all_knobs || m->ui.chosen == (int)id || knobs_read(&m->knobs, id);
    return model_shows(m, FILTER_KNOBS, row->title) || model_shows(m, FILTER_KNOBS, row->name) ||
           (row->alias && model_shows(m, FILTER_KNOBS, row->alias));
}
