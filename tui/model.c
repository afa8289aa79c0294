#include "model.h"

#include <string.h>

#include "optim/optimizer.h"
#include "optim/schedule.h"

int model_shows(const struct model *m, enum filter f, const char *text)
{
    return !m->ui.filter[f][0] || strcasestr(text, m->ui.filter[f]);
}

int model_shows_knob(const struct model *m, enum knob_id id)
{
    const struct knob *row = knob_row(id);

    return model_shows(m, FILTER_KNOBS, row->title) || model_shows(m, FILTER_KNOBS, row->name) ||
           (row->alias && model_shows(m, FILTER_KNOBS, row->alias));
}

static int has_word(const char *list, const char *word)
{
    size_t n = strlen(word);

    for (const char *p = list; (p = strstr(p, word)); p += n)
        if ((p == list || p[-1] == ' ') && (p[n] == ' ' || !p[n]))
            return 1;
    return 0;
}

/* Some method reads it, and the chosen one among them does: 1; some does but not the chosen one: −1. */
static int read_by_optimizer(const struct knobs *k, const char *name)
{
    const struct optimizer *chosen = optimizers_f.at((int)k->value[KNOB_OPTIMIZER]);
    int any = 0;

    for (int i = 0; optimizers_f.at(i); i++)
        any |= has_word(optimizers_f.at(i)->reads, name);
    return !any ? 0 : chosen && has_word(chosen->reads, name) ? 1 : -1;
}

static int read_by_schedule(const struct knobs *k, const char *name)
{
    const struct schedule *chosen = schedule_at((int)k->value[KNOB_SCHEDULE]);
    int any = 0;

    for (int i = 0; schedule_at(i); i++)
        any |= has_word(schedule_at(i)->reads, name);
    return !any ? 0 : chosen && has_word(chosen->reads, name) ? 1 : -1;
}

int knob_acts(const struct knobs *k, enum knob_id id)
{
    const char *name = knob_row(id)->name;
    int a = read_by_optimizer(k, name), b = read_by_schedule(k, name);

    return a > 0 || b > 0 || (a == 0 && b == 0);
}
