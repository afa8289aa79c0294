/* SPDX-License-Identifier: MIT */
/* theory, of the command line. */
#include "theory/panes.h"

#include <string.h>

#include "app/actions.h"

static const char *theory_word(const char *rest, int i)
{
    (void)rest;
    return i >= 0 && i < THEORY_SETTINGS ? theory_setting_name((enum theory_row_id)i)
           : i == THEORY_SETTINGS ? "draw" : NULL;
}

static unsigned command_theory(struct app *a, const char *rest)
{
    struct theory_ui *ui = theory_ui(&a->model);
    char word[32];
    const char *value = command_line_cut(rest, word, sizeof word);
    struct err e = {0};

    value += strspn(value, " =");
    if (view_shown(&a->model) != &theory_view)
        action_view(a, view_index(&theory_view));
    if (!*word)
        return REACT_DRAW;
    if (strcmp(word, "draw") == 0)
        return action_theory_draw(a, 0);
    for (int i = 0; i < THEORY_SETTINGS; i++)
        if (strcmp(word, theory_setting_name((enum theory_row_id)i)) == 0) {
            if (theory_set(&ui->settings, (enum theory_row_id)i, value, &e) == 0)
                return theory_compute(a, ui->settings.draw);
            app_say(a, 1, "%s", e.text);
            return REACT_DRAW;
        }
    app_say(a, 1, "theory %.40s: choose hypotheses N, samples N, epsilon X, delta X or draw", word);
    return REACT_DRAW;
}

const struct command_row theory_commands[] = {
    {"theory", " [WHAT]", "open the view; set hypotheses, samples, epsilon or delta, or draw again", command_theory, theory_word},
    {0},
};
