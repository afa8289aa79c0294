/* SPDX-License-Identifier: MIT */
#include "app/export.h"

#include "app/actions.h"

#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "app/view.h"
#include "draw/plot-svg.h"
#include "draw/svg.h"

static int ends_in(const char *name, const char *ending)
{
    size_t n = strlen(name), k = strlen(ending);

    return n > k && strcmp(name + n - k, ending) == 0;
}

/* Destination of a picture: an existing file is only replaced after a '!'. With --paper it has the light theme's
 * colours, for print. */
struct place {
    const char *file;
    int replace;
    enum theme theme;
};

static struct place place_of(const struct app *a, const char *rest)
{
    static const char paper[] = "--paper ";
    struct place p = {.replace = *rest == '!', .theme = a->options.palette};

    rest += p.replace;
    rest += strspn(rest, " ");
    if (strncmp(rest, paper, sizeof paper - 1) == 0) {
        p.theme = THEME_LIGHT;
        rest += sizeof paper - 1;
        rest += strspn(rest, " ");
    }
    p.file = rest;
    return p;
}

/* Takes the text, which is NULL where there was nothing to draw, or no memory for it. */
static unsigned keep(struct app *a, const char *what, struct place place, char *text)
{
    char file[UI_INPUT + 256]; /* $HOME may come before what was typed */
    struct file_target target = {.path = file, .remedy = "add ! to the command to replace it", .force = place.replace};
    struct err e = {0};

    if (file_typed(file, sizeof file, place.file, &e))
        app_say(a, 1, "%s", e.text);
    else if (!text)
        app_say(a, 1, "%s: nothing to draw yet", what);
    else if (file_target_check(&target, &e))
        app_say(a, 1, "%s", e.text);
    else if (file_replace(file, text, strlen(text), &e))
        app_say(a, 1, "%s", e.text);
    else
        app_say(a, 0, "%s saved as %s", what, file);
    free(text);
    return REACT_DRAW;
}

unsigned pictures_screenshot(struct app *a, const char *rest)
{
    struct place place = place_of(a, rest);
    int svg = ends_in(rest, ".svg");
    struct canvas c;
    char *text;

    if (!svg && !ends_in(rest, ".txt")) {
        app_say(a, 1, "screenshot: expected a file name ending in .txt or .svg");
        return REACT_DRAW;
    }
    if (canvas_init(&c, a->w, a->h, a->charset))
        return keep(a, "screen", place, NULL);
    app_draw(a, &c);
    text = svg ? canvas_to_svg(&c, place.theme) : canvas_to_text(&c);
    canvas_free(&c);
    return keep(a, "screen", place, text);
}

static const struct pane *pane_named_in(const struct view *v, const char **rest)
{
    for (const struct pane *const *p = v->panes; *p; p++) {
        size_t n = strlen((*p)->name);
        if (strncmp(*rest, (*p)->name, n) == 0 && (*rest)[n] == ' ') {
            *rest += n + strspn(*rest + n, " ");
            return *p;
        }
    }
    return NULL;
}

/* The pane that is named before the file, one of the view shown if it has that name, or else the focused one; *rest is
 * left at the file. */
static const struct pane *pane_of(const struct app *a, const char **rest)
{
    const struct pane *named = pane_named_in(view_shown(&a->model), rest);

    for (int v = 0; views[v] && !named; v++)
        named = pane_named_in(views[v], rest);
    return named ? named : pane_focused(&a->model);
}

unsigned pictures_plot(struct app *a, const char *rest)
{
    struct place place = place_of(a, rest);
    const struct pane *pane = pane_of(a, &place.file);
    struct pane_plot p;
    char hint[HINT_SIZE];

    if (!ends_in(rest, ".svg"))
        app_say(a, 1, "plot: expected a file name ending in .svg");
    else if (pane->svg)
        return keep(a, pane->name, place, pane->svg(&a->model, place.theme));
    else if (!pane->plot)
        app_say(a, 1, "%s: this pane has no plot%s", pane->name,
                action_hint(a, "; ", "pane-next", " focuses the next one", hint));
    else if (!pane->plot(&a->model, &p))
        app_say(a, 1, "%s: nothing to draw yet", pane->name);
    else
        return keep(a, pane->name, place, plot_to_svg(&p.plot, pane->name, place.theme));
    return REACT_DRAW;
}

/* Of the focused pane, or the first of the view's that has one. */
unsigned pictures_film(struct app *a, const char *rest)
{
    struct place place = place_of(a, rest);
    const struct pane *pane = pane_focused(&a->model);
    const char *lacks, *action = NULL;
    char hint[HINT_SIZE];

    for (const struct pane *const *p = view_shown(&a->model)->panes; *p && !pane->film; p++)
        if ((*p)->film)
            pane = *p;
    if (!ends_in(rest, ".svg"))
        app_say(a, 1, "film: expected a file name ending in .svg");
    else if (!pane->film)
        app_say(a, 1, "film: nothing moves in this view; the race and a landscape with a path have films");
    else if (pane->film_lacks && (lacks = pane->film_lacks(&a->model, &action)))
        app_say(a, 1, "film: %s%s", lacks, action ? action_hint(a, "; ", action, " draws one", hint) : "");
    else
        return keep(a, "film", place, pane->film(&a->model, place.theme));
    return REACT_DRAW;
}
