/* SPDX-License-Identifier: MIT */
#include "app/whole-run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/actions.h"
#include "app/view.h"
#include "core/file.h"

enum { MOST_BYTES = 1 << 14, LINE = 80 };

static const char *const words[] = {"growing", "whole"}; /* in the file */

/* Plots over the run's steps are those that can be zoomed. */
static int is_over_steps(const struct pane *pane)
{
    for (const struct key_set *const *keys = pane->keys; keys && *keys; keys++)
        if (*keys == &plot_keys)
            return 1;
    return 0;
}

/* The i-th of all such panes, those of several views once for each of these; NULL beyond the last. */
static const struct pane *plot_at(int i)
{
    for (int v = 0; views[v]; v++)
        for (const struct pane *const *p = views[v]->panes; *p; p++)
            if (is_over_steps(*p) && i-- == 0)
                return *p;
    return NULL;
}

static const struct pane *plot_named(const char *name)
{
    const struct pane *pane;

    for (int i = 0; (pane = plot_at(i)); i++)
        if (strcmp(pane->name, name) == 0)
            return pane;
    return NULL;
}

/* In every view that has the pane. */
static void set(struct ui *ui, const struct pane *pane, int whole)
{
    for (int v = 0; views[v]; v++)
        if (view_place(views[v], pane) >= 0)
            ui->to_end[v][view_place(views[v], pane)] = whole;
}

/* ---- remembered ------------------------------------------------------------------------------ */

char *whole_run_path(void)
{
    return file_xdg("state", "plots");
}

static void take_line(struct ui *ui, const char *line, size_t n)
{
    char name[LINE], word[LINE];
    const struct pane *pane;
    char text[LINE];

    snprintf(text, sizeof text, "%.*s", (int)(n < LINE ? n : 0), line);
    if (sscanf(text, "%79[^=]= %79s", name, word) != 2)
        return;
    for (size_t end = strlen(name); end && name[end - 1] == ' ';)
        name[--end] = '\0';
    pane = plot_named(name);
    for (int whole = 0; pane && whole < 2; whole++)
        if (strcmp(word, words[whole]) == 0)
            set(ui, pane, whole);
}

void whole_run_load(struct app *a)
{
    const char *path = a->options.plots;
    char *text;
    size_t size;
    struct err e;

    if (!path || file_read(path, MOST_BYTES, &text, &size, &e) != 0)
        return;
    for (const char *line = text; *line; line += *line == '\n') {
        size_t n = strcspn(line, "\n");
        take_line(&a->model.ui, line, n);
        line += n;
    }
    free(text);
}

/* Those that differ from what they are at first. */
static int keep(const struct app *a, struct err *e)
{
    char *text = malloc(MOST_BYTES), folder[APP_PATH], *slash;
    const struct pane *pane;
    size_t used = 0;
    int r;

    if (!text)
        return err_memory(e, "the settings of the plots", MOST_BYTES);
    for (int i = 0; (pane = plot_at(i)) && used < MOST_BYTES; i++)
        if (pane_to_end(&a->model, pane) != pane->to_end && plot_named(pane->name) == pane)
            used += (size_t)snprintf(text + used, MOST_BYTES - used, "%s = %s\n", pane->name, words[!pane->to_end]);
    snprintf(folder, sizeof folder, "%s", a->options.plots);
    slash = strrchr(folder, '/');
    if (slash)
        *slash = '\0';
    r = slash ? file_make_directories(folder, e) : 0;
    if (r == 0)
        r = file_replace(a->options.plots, text, used < MOST_BYTES ? used : 0, e);
    free(text);
    return r;
}

void whole_run_choose(struct app *a, const struct pane *pane, int whole)
{
    struct err e;

    set(&a->model.ui, pane, whole);
    if (a->options.plots && keep(a, &e) != 0)
        app_say(a, 1, "%s: shown as chosen, but this cannot be remembered: %s", pane->name, e.text);
    else
        app_say(a, 0, whole ? "%s: the whole run, to its end" : "%s: the run as far as it has come", pane->name);
}

/* ---- the command ------------------------------------------------------------------------------ */

static const char *const choices[] = {"off", "on"};

const char *command_whole_word(const char *rest, int k)
{
    const struct pane *pane;

    if (!*rest)
        return k >= 0 && k < 2 ? choices[1 - k] : NULL;
    if (strcmp(rest, "on ") != 0 && strcmp(rest, "off ") != 0)
        return NULL;
    for (int i = 0; (pane = plot_at(i)); i++) {
        int first = 1;
        for (int before = 0; before < i; before++)
            first &= plot_at(before) != pane;
        if (first && k-- == 0)
            return pane->name;
    }
    return NULL;
}

unsigned command_whole(struct app *a, const char *rest)
{
    const struct pane *pane = pane_focused(&a->model);
    size_t n = strcspn(rest, " ");
    const char *name = rest + n + strspn(rest + n, " ");
    int whole = -1;

    for (int i = 0; i < 2; i++)
        if (strlen(choices[i]) == n && strncmp(rest, choices[i], n) == 0)
            whole = i;
    if (*name)
        pane = plot_named(name);
    if (whole < 0)
        app_say(a, 1, "whole: expected on or off, and a plot if it is not the focused one, such as whole on loss");
    else if (!pane)
        app_say(a, 1, "whole: there is no plot over the run \"%.60s\"", name);
    else if (!is_over_steps(pane))
        app_say(a, 1, "%s: this pane has no plot over the run; name one, such as whole %s loss", pane->name, choices[whole]);
    else {
        whole_run_choose(a, pane, whole);
        return action_zoom_all(a, 0); /* zoomed, it would not be seen */
    }
    return REACT_DRAW;
}
