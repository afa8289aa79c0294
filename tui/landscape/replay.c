/* SPDX-License-Identifier: MIT */
/* The run's path over the map once more, from its beginning to its end, as many steps in each second. */
#include <math.h>
#include <stdio.h>

#include "app/actions.h"
#include "draw/number.h"
#include "landscape/map.h"

static const double FRAMES = 20; /* a second, as the clock ticks */

const struct film *landscape_times(const struct landscape_view *v, double time[LANDSCAPE_VIEW_PATH])
{
    static const struct film steps = {"step"}, points = {"point"};
    int rising = 1;

    for (int i = 0; i < v->path_points; i++) {
        time[i] = (double)v->path_step[i];
        rising &= !i || time[i] > time[i - 1];
    }
    for (int i = 0; i < v->path_points && !rising; i++)
        time[i] = i + 1;
    return rising ? &steps : &points;
}

int landscape_replays(const struct model *m)
{
    const struct landscape_view *v = m->landscape;

    return isfinite(landscape_ui(m)->replay) && v->known && v->axes == 2 && v->path_points > 1;
}

int landscape_replay_way(const struct model *m, double way[LANDSCAPE_VIEW_PATH + 1][2], double at[2])
{
    const struct landscape_view *v = m->landscape;
    double time[LANDSCAPE_VIEW_PATH], now, s;
    int n = 1;

    landscape_times(v, time);
    now = fmin(time[0] + landscape_ui(m)->replay, time[v->path_points - 1]);
    while (n < v->path_points - 1 && time[n] <= now)
        n++;
    for (int i = 0; i < n; i++)
        way[i][0] = v->path[i][0], way[i][1] = v->path[i][1];
    s = (now - time[n - 1]) / (time[n] - time[n - 1]);
    for (int k = 0; k < 2; k++)
        at[k] = way[n][k] = v->path[n - 1][k] + s * (v->path[n][k] - v->path[n - 1][k]);
    return n + 1;
}

void landscape_replay_words(const struct model *m, char *out, size_t size)
{
    const struct landscape_view *v = m->landscape;
    double time[LANDSCAPE_VIEW_PATH];
    const char *unit;
    char now[NUMBER_SIZE], end[NUMBER_SIZE];

    *out = '\0';
    if (!landscape_replays(m))
        return;
    unit = landscape_times(v, time)->unit;
    number_count(now, sizeof now, (uint64_t)fmin(time[0] + landscape_ui(m)->replay, time[v->path_points - 1]));
    number_count(end, sizeof end, (uint64_t)time[v->path_points - 1]);
    snprintf(out, size, "replay, %s %s of %s", unit, now, end);
}

int landscape_replay_tick(struct app *a)
{
    const struct landscape_view *v = a->model.landscape;
    struct landscape_ui *ui = landscape_ui(&a->model);
    double time[LANDSCAPE_VIEW_PATH], span;

    if (!landscape_replays(&a->model)) {
        ui->replay = NAN;
        return 0;
    }
    landscape_times(v, time);
    span = time[v->path_points - 1] - time[0];
    if (ui->replay >= span)
        ui->replay = NAN;
    else
        ui->replay = fmin(ui->replay + film_rate(span) / FRAMES, span);
    return 1;
}

int landscape_replay_stop(struct app *a)
{
    int on = landscape_replays(&a->model);

    landscape_ui(&a->model)->replay = NAN;
    return on;
}

/* What it shows, in words: the same for those who do not see it. */
static void report(struct app *a)
{
    const struct landscape_view *v = a->model.landscape;
    double time[LANDSCAPE_VIEW_PATH];
    const struct film *film = landscape_times(v, time);
    char from[NUMBER_SIZE], to[NUMBER_SIZE], x[NUMBER_SIZE], y[NUMBER_SIZE], begin[NUMBER_SIZE], end[NUMBER_SIZE];

    number_count(from, sizeof from, (uint64_t)time[0]);
    number_count(to, sizeof to, (uint64_t)time[v->path_points - 1]);
    number_reading(x, sizeof x, v->path[0][0], 3);
    number_reading(y, sizeof y, v->path[0][1], 3);
    number_reading(begin, sizeof begin, landscape_height(v, v->path[0][0], v->path[0][1]), 4);
    number_reading(end, sizeof end, v->loss, 4);
    app_say(a, 0, "path from %s %s at %s, %s (loss %s) to %s at 0, 0 (loss %s)", film->unit, from, x, y, begin, to, end);
}

unsigned action_landscape_replay(struct app *a, int by)
{
    const struct landscape_view *v = a->model.landscape;

    (void)by;
    if (landscape_replay_stop(a)) {
        app_say(a, 0, "replay stopped");
        return REACT_DRAW;
    }
    if (!v->known || v->axes != 2 || v->path_points < 2) {
        app_say(a, 0, "there is no path to replay: draw a map of a run that was trained here, such as pca");
        return REACT_DRAW;
    }
    landscape_ui(&a->model)->replay = 0;
    report(a);
    return REACT_DRAW;
}
