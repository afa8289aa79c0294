/* SPDX-License-Identifier: MIT */
/* saddle race: optimizers on a surface with few parameters, without a screen. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/subcommand.h"
#include "core/file.h"
#include "cli/json-line.h"
#include "math/start.h"
#include "race/formula.h"
#include "race/condition.h"
#include "race/picture.h"
#include "run/racer-options.h"
#include "cli/output.h"
#include "cli/setup.h"
#include "core/nearest.h"

struct racing {
    const char *surface, *formula, *start, *noise, *seed, *steps, *until;
    const char *optimizer[RACE_RACERS], *schedule[RACE_RACERS]; /* a racer's; NULL: */
    const char *common;                                         /* everyone's */
    const char *picture, *film, *trace;                         /* file names */
    const char *colormap, *palette;                             /* of the pictures, or NULL */
    struct file_writer out;                                     /* the trace; open where there is one */
    int racers, json, list, force, time;
    struct race_goal goal;
    const struct surface *on;
    struct surface typed;
    struct formula parsed;
};

/* ---- options ----------------------------------------------------------------------------------- */

static int take_racer(struct racing *v, int argc, char **argv, int *i, struct err *e)
{
    const char *value;
    int r = option_value(argc, argv, i, "--optimizer", &value, e);

    if (r > 0 && v->racers == RACE_RACERS)
        return err_set(e, ERR_USAGE, "a race has at most %d racers", RACE_RACERS);
    if (r > 0)
        v->optimizer[v->racers++] = value;
    if (r == 0) {
        r = option_value(argc, argv, i, "--schedule", &value, e);
        if (r > 0)
            *(v->racers ? &v->schedule[v->racers - 1] : &v->common) = value;
    }
    return r;
}

static int parse(struct racing *v, int argc, char **argv, struct err *e)
{
    const struct option_text texts[] = {
        {"--surface", &v->surface}, {"--formula", &v->formula}, {"--start", &v->start}, {"--noise", &v->noise},
        {"--seed", &v->seed},       {"--until", &v->until},     {"--steps", &v->steps}, {"--output", &v->picture},
        {"-o", &v->picture},        {"--trace", &v->trace},     {"--colormap", &v->colormap},
        {"--film", &v->film},       {"--palette", &v->palette}, {NULL, NULL},
    };
    const struct option_switch switches[] = {{"--json", &v->json}, {"--list", &v->list}, {"--force", &v->force},
                                             {"--time", &v->time}, {NULL, NULL}};

    for (int i = 1; i < argc; i++) {
        int r = take_racer(v, argc, argv, &i, e);
        if (r == 0)
            r = option_take_text(texts, argc, argv, &i, e);
        if (r == 0)
            r = option_take_switch(switches, argv[i]);
        if (r == 0)
            r = option_unknown(argv[i], e);
        if (r < 0)
            return r;
    }
    return 0;
}

static int choose_surface(struct racing *v, struct err *e)
{
    char all[320] = "", meant[NEAREST_WORDS];
    struct nearest n;

    if (v->colormap && colormap_find(v->colormap) < 0)
        return err_set(e, ERR_USAGE, "--colormap %.40s: choose cividis, viridis, inferno or grey", v->colormap);
    if (v->palette && theme_find(v->palette) < 0)
        return err_set(e, ERR_USAGE, "--palette %.40s: choose dark, light, contrast or terminal", v->palette);
    if (!v->surface == !v->formula)
        return err_set(e, ERR_USAGE, "a race needs one --surface NAME (--list names them) or --formula TEXT");
    if (v->formula) {
        v->typed = formula_surface(&v->parsed);
        v->on = &v->typed;
        return formula_parse(&v->parsed, v->formula, e);
    }
    v->on = surface_find(v->surface);
    if (v->on)
        return 0;
    n = nearest_to(v->surface);
    for (int i = 0; surface_at(i); i++) {
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s%s", i ? ", " : "", surface_at(i)->name);
        nearest_offer(&n, surface_at(i)->name);
    }
    return err_set(e, ERR_USAGE, "--surface: unknown surface \"%.40s\"; choose from %s%s", v->surface, all,
                   nearest_words(&n, meant, sizeof meant));
}

/* As many numbers as the surface has coordinates; its suggestion if none are given. */
static int read_start(const struct racing *v, double *start, struct err *e)
{
    const char *at = v->start;
    int fine = 1;

    memcpy(start, v->on->start, sizeof v->on->start);
    for (int i = 0; at && fine && i < v->on->n; i++) {
        fine = text_number(&at, &start[i]) == 0 && *at == (i + 1 < v->on->n ? ',' : 0);
        at += *at == ',';
    }
    if (fine)
        return 0;
    return err_set(e, ERR_USAGE, "--start %.60s: %s takes %d numbers, such as %s", v->start, v->on->name, v->on->n,
                   v->on->n == 2 ? "-1.5,2" : "-1,0,.5…");
}

static int read_noise(const struct racing *v, struct race *race, struct err *e)
{
    const char *at = v->noise;
    double sigma = 0;
    long long seed = 1;

    if (at && (text_number(&at, &sigma) != 0 || *at || sigma < 0))
        return err_set(e, ERR_USAGE, "--noise %.40s: expected a standard deviation, 0 or more", v->noise);
    if (v->seed && option_number("--seed", v->seed, 0, 0x7fffffffffffffff, &seed, e) != 0)
        return -ERR_USAGE;
    race_noise(race, sigma, (uint64_t)seed);
    return 0;
}

/* ---- the race ---------------------------------------------------------------------------------- */

static int add_racers(const struct racing *v, struct race *race, struct err *e)
{
    if (v->racers == 0)
        return err_set(e, ERR_USAGE, "a race needs an --optimizer, such as sgd:lr=.05");
    for (int i = 0; i < v->racers; i++) {
        const char *schedule = v->schedule[i] ? v->schedule[i] : v->common;
        struct racer_setup setup;
        int r = racer_options_optimizer(&setup, v->optimizer[i], e);
        if (r == 0 && schedule)
            r = racer_options_schedule(&setup, schedule, e);
        if (r == 0)
            r = race_add(race, &setup, e);
        if (r < 0)
            return r;
    }
    return 0;
}

/* A line of the trace: step,racer,parameters…,loss; doubles with all their digits. */
static int trace_racer(struct racing *v, const struct racer *c, struct err *e)
{
    char line[64 + 32 * (SURFACE_MOST + 1)];
    int n = snprintf(line, sizeof line, "%llu,%s", (unsigned long long)c->steps, c->label);

    for (int i = 0; i < v->on->n; i++)
        n += snprintf(line + n, sizeof line - (size_t)n, ",%.17g", c->x[i]);
    n += snprintf(line + n, sizeof line - (size_t)n, ",%.17g\n", c->loss);
    return file_writer_write(&v->out, line, (size_t)n, e);
}

static int open_trace(struct racing *v, struct err *e)
{
    char line[64 + 32 * SURFACE_MOST];
    int n = snprintf(line, sizeof line, "step,racer"), r = file_writer_open(&v->out, v->trace, e);

    for (int i = 0; i < v->on->n; i++)
        n += i < 2 ? snprintf(line + n, sizeof line - (size_t)n, ",%.24s", v->on->axis[i])
                   : snprintf(line + n, sizeof line - (size_t)n, ",x%d", i + 1);
    n += snprintf(line + n, sizeof line - (size_t)n, ",loss\n");
    return r ? r : file_writer_write(&v->out, line, (size_t)n, e);
}

static int run_race(struct racing *v, struct race *race, long long steps, struct err *e)
{
    const struct racer *c;

    for (long long t = 0;; t++) {
        int racing = 0;
        for (int i = 0; (c = race_racer(race, i)) != NULL; i++) {
            int made = c->steps == (uint64_t)t; /* not one that stopped earlier, nor one whose step was not applied */
            if (v->trace && made && trace_racer(v, c, e) != 0)
                return -e->code;
            if (v->until && race_goal_reached(&v->goal, c))
                race_stop(race, i);
            racing += c->state == RACER_RACING;
        }
        if (racing == 0 || t == steps)
            return 0;
        race_step(race);
    }
}

static int race_and_trace(struct racing *v, struct race *race, long long steps, struct err *e)
{
    int r = v->trace ? open_trace(v, e) : 0;

    if (r == 0)
        r = run_race(v, race, steps, e);
    if (r == 0 && v->trace)
        r = file_writer_commit(&v->out, e);
    if (v->trace)
        file_writer_abort(&v->out);
    return r;
}

/* ---- results ----------------------------------------------------------------------------------- */

static const char *ending(const struct racer *c)
{
    return c->state == RACER_DIVERGED ? "diverged" : c->state == RACER_STOPPED ? "until" : "steps";
}

static json_t *list_of(const double *v, int n)
{
    json_t *a = json_array();

    for (int i = 0; i < n; i++)
        json_array_append_new(a, json_real(v[i]));
    return a;
}

static void print_json(const struct racing *v, const struct race *race, int i)
{
    const struct surface *s = race_surface(race);
    const struct racer *c = race_racer(race, i);
    int known;
    struct surface_point p;
    struct race_edge edge;
    json_t *o = json_object();

    json_object_set_new(o, "optimizer", json_string(c->setup.optimizer));
    json_line_integer(o, "steps", (long long)c->steps);
    json_object_set_new(o, "theta", list_of(c->x, s->n));
    json_line_number(o, "loss", c->loss);
    json_line_number(o, "gradient_norm", c->gradient_norm);
    known = surface_look(s, c->x, &p, NULL) == 0;
    json_object_set_new(o, "eigenvalues", known ? list_of(p.eigenvalue, s->n) : json_null());
    json_line_number(o, "stability_limit", known && race_edge(race, i, &edge, NULL) == 0 ? edge.rate : NAN);
    if (v->time)
        json_line_number(o, "update_microseconds", 1e6 * racer_seconds(c));
    json_object_set_new(o, "stopped", json_string(ending(c)));
    json_line_print(o);
}

static void print_list(const char *before, const double *v, int n, const char *after)
{
    fputs(before, stdout);
    for (int i = 0; i < n; i++)
        printf("%s%.6g", i ? ", " : "", v[i]);
    fputs(after, stdout);
}

/* The names' column, as wide as the longest, 14 at least. */
static int name_width(const struct race *race)
{
    const struct racer *c;
    int width = 14;

    for (int i = 0; (c = race_racer(race, i)) != NULL; i++)
        width = (int)strlen(c->label) > width ? (int)strlen(c->label) : width;
    return width;
}

static void print_line(const struct racing *v, const struct race *race, const struct racer *c)
{
    const struct surface *s = v->on;

    printf("%-*s %9llu steps  ", name_width(race), c->label, (unsigned long long)c->steps);
    if (v->time)
        printf("%8.3g us each  ", 1e6 * racer_seconds(c));
    printf("loss %-12.6g |g| %-10.3g", c->loss, c->gradient_norm);
    print_list(" at (", c->x, s->n, ")");
    puts(c->state == RACER_DIVERGED ? "  diverged" : c->state == RACER_STOPPED ? "  arrived" : "");
}

static void print_leader(const struct race *race, int leader, const struct surface_point *p)
{
    const struct racer *c = race_racer(race, leader);
    struct race_edge edge;

    printf("%s: %s;", c->state == RACER_STOPPED ? "arrived first" : "lowest loss", c->label);
    print_list(" eigenvalues there ", p->eigenvalue, race_surface(race)->n, "");
    if (race_edge(race, leader, &edge, NULL) == 0 && isfinite(edge.rate))
        printf("; stable there up to learning rate %.4g", edge.rate);
    putchar('\n');
}

/* Every racer, the diverged too; then the first that diverged is the error. */
static int report(const struct racing *v, const struct race *race, struct err *e)
{
    const struct racer *c, *leader = race_racer(race, race_leader(race)), *diverged = NULL;
    struct surface_point p;

    for (int i = 0; (c = race_racer(race, i)) != NULL; i++) {
        if (v->json)
            print_json(v, race, i);
        else
            print_line(v, race, c);
        if (!diverged && c->state == RACER_DIVERGED)
            diverged = c;
    }
    if (!v->json && surface_look(v->on, leader->x, &p, NULL) == 0)
        print_leader(race, race_leader(race), &p);
    return diverged ? err_set(e, ERR_DIVERGED, "%s", diverged->why) : 0;
}

static void list_surface(const struct surface *s, int json)
{
    json_t *o;

    if (!json) {
        printf("%-16s %s, f(%s, %s%s) = %s\n", s->name, s->title, s->axis[0], s->axis[1],
               s->n > 2 ? ", …" : "", s->formula);
        return;
    }
    o = json_object();
    json_object_set_new(o, "surface", json_string(s->name));
    json_object_set_new(o, "title", json_string(s->title));
    json_object_set_new(o, "formula", json_string(s->formula));
    json_object_set_new(o, "start", list_of(s->start, s->n));
    json_line_print(o);
}

static int draw(const struct racing *v, const struct race *race, const double *start, int film, struct err *e)
{
    const struct race_look look = {.theme = v->palette ? (enum theme)theme_find(v->palette) : THEME_LIGHT,
                                   .colormap = v->colormap ? (enum colormap)colormap_find(v->colormap) : COLORMAP_CIVIDIS,
                                   .film = film};
    char *text = race_picture(race, start, &look);
    int r = text ? file_replace(film ? v->film : v->picture, text, strlen(text), e) : err_memory(e, "the picture", 1 << 20);

    free(text);
    return r;
}

static int race_on(struct racing *v, struct err *e)
{
    double start[SURFACE_MOST];
    long long steps = 1000;
    struct race *race = NULL;
    struct err why;
    int r = read_start(v, start, e);

    if (r == 0 && v->until && race_goal_parse(&v->goal, v->until, v->on, &why) != 0)
        r = err_set(e, ERR_USAGE, "--%s", why.text);
    if (r == 0 && v->steps)
        r = option_number("--steps", v->steps, 0, 1000000000, &steps, e);
    if (r == 0)
        r = race_new(&race, v->on, start, e);
    if (r == 0)
        r = read_noise(v, race, e);
    if (r == 0)
        r = add_racers(v, race, e);
    if (r == 0)
        race_measure(race, v->time);
    if (r == 0)
        r = race_and_trace(v, race, steps, e);
    if (r == 0 && v->picture)
        r = draw(v, race, start, 0, e);
    if (r == 0 && v->film)
        r = draw(v, race, start, 1, e);
    if (r == 0)
        r = report(v, race, e);
    race_free(race);
    return r;
}

static int check_outputs(const struct racing *v, struct err *e)
{
    int r = output_differ("-o", v->picture, "--film", v->film, e);

    if (r == 0)
        r = output_differ("-o", v->picture, "--trace", v->trace, e);
    if (r == 0)
        r = output_differ("--film", v->film, "--trace", v->trace, e);
    if (r == 0 && v->picture)
        r = output_check(v->picture, OUTPUT_PICTURE, NULL, v->force, e);
    if (r == 0 && v->film)
        r = output_check(v->film, OUTPUT_PICTURE, NULL, v->force, e);
    if (r == 0 && v->trace)
        r = output_check(v->trace, OUTPUT_TRACE, NULL, v->force, e);
    return r;
}

static int run(int argc, char **argv, struct err *e)
{
    struct racing v = {.out = {.fd = -1}};
    int r = parse(&v, argc, argv, e);

    if (r == 0 && v.list) {
        for (int i = 0; surface_at(i); i++)
            list_surface(surface_at(i), v.json);
        return 0;
    }
    if (r == 0)
        r = choose_surface(&v, e);
    if (r == 0)
        r = check_outputs(&v, e);
    if (r == 0)
        r = math_start(e);
    return r ? r : race_on(&v, e);
}

const struct cmd cmd_race = {
    .name = "race",
    .synopsis = "race --surface NAME --optimizer NAME[:lr=…,…] [OPTION]…",
    .summary = "run optimizers on a surface with few parameters",
    .help = "  --surface NAME      a built-in surface; --list names them\n"
            "  --formula TEXT      a surface of your own in x and y, such as 'x^2 + sin(3*y)/2'\n"
            "  --optimizer NAME[:lr=.05,momentum=.9,…]\n"
            "                      a racer; may be repeated; PyTorch's defaults\n"
            "  --schedule NAME[:T_max=100,…]\n"
            "                      for the preceding optimizer, or for all if it comes first; in steps\n"
            "  --start X,Y         starting point (each surface suggests one)\n"
            "  --until 'loss<.01'  stop a racer there; also gradient or a coordinate, < > <= >=\n"
            "  --steps N           stop after N steps (1000)\n"
            "  --noise S           standard deviation of the noise added to every gradient\n"
            "  --seed N            seed of the noise\n"
            "  -o, --output F.svg  write a picture of the surface from above with every racer's path\n"
            "  --film F.svg        the same as a film, in which the racers move: open it in a browser\n"
            "  --colormap NAME     colours of the surface: cividis (the default), viridis, inferno or grey\n"
            "  --palette P         colours around it: dark, light (the default, for paper), contrast or terminal\n"
            "  --trace F.csv       write every step of every racer: step, racer, parameters, loss\n"
            "  --force             replace files that hold something else\n"
            "  --json              one line per racer: optimizer, steps, theta, loss, gradient_norm, eigenvalues,\n"
            "                      stability_limit (the largest stable learning rate there, of its own optimizer;\n"
            "                      null: not known) and stopped (until, steps or diverged)\n"
            "  --time              also print the mean time of a racer's steps; in JSON update_microseconds\n"
            "  --list              list the surfaces\n",
    .computes = 1,
    .run = run,
};
