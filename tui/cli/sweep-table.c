/* SPDX-License-Identifier: MIT */
/* A sweep's results as text and as CSV, and its jobs as a list. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/figure.h"
#include "cli/json-line.h"
#include "cli/sweep.h"

void sweep_cell_label(const struct sweep_plan *p, int cell, char *text, size_t size)
{
    int recipe = cell / (sweep_plan_cells(p) / p->recipes);
    char value[KNOB_VALUE_SIZE], name[FIGURE_NAME];
    double number;
    size_t n = 0;

    text[0] = 0;
    if (p->recipes > 1)
        n += (size_t)snprintf(text, size, "%s", figure_name(name, p->recipe[recipe].name));
    for (int i = 0; i < p->axes && n < size; i++) {
        if (!sweep_axis_varies(p, &p->axis[i]))
            continue;
        sweep_cell_value(p, cell, i, value, sizeof value, &number);
        n += (size_t)snprintf(text + n, size - n, "%s%s=%s", n ? ", " : "", knob_row(p->axis[i].id)->name, value);
    }
}

/* ---- the table ------------------------------------------------------------------------------ */

/* A grid of texts, set in columns as wide as their widest. */
struct sheet {
    int rows, columns;
    char (*text)[64]; /* [rows][columns] */
};

static char *at(const struct sheet *s, int row, int column)
{
    return s->text[row * s->columns + column];
}

/* Characters on a terminal: continuation bytes of UTF-8 take no room. */
static int width(const char *text)
{
    int n = 0;

    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

static int column_width(const struct sheet *s, int column)
{
    int most = 0;

    for (int r = 0; r < s->rows; r++)
        most = width(at(s, r, column)) > most ? width(at(s, r, column)) : most;
    return most;
}

/* Words at the left, figures, which begin with column `figures`, at the right. */
static void print_sheet(const struct sheet *s, int figures)
{
    for (int r = 0; r < s->rows; r++) {
        char line[4096];
        size_t n = 0;
        for (int c = 0; c < s->columns && n + 128 < sizeof line; c++) {
            int blanks = column_width(s, c) - width(at(s, r, c)), numeric = c >= figures && c < s->columns - 1;
            if (column_width(s, c) == 0)
                continue;
            n += (size_t)snprintf(line + n, sizeof line - n, "%s%*s%s%*s", n ? "  " : "", numeric ? blanks : 0, "",
                                  at(s, r, c), numeric ? 0 : blanks, "");
        }
        while (n > 0 && line[n - 1] == ' ')
            n--;
        printf("%.*s\n", (int)n, line);
    }
}

/* Columns: the recipe, the settings that vary, the folds, the average, remarks. */
struct columns {
    int axis[SWEEP_AXES], axes, recipe, fold, folds, average, remark, all;
};

enum { MOST_FOLDS = 12 }; /* with a column each */

static struct columns columns_of(const struct sweep_plan *p)
{
    struct columns c = {.recipe = p->recipes > 1 ? 0 : -1, .folds = p->folds > 1 && p->folds <= MOST_FOLDS ? p->folds : 0};

    c.all = c.recipe + 1;
    for (int i = 0; i < p->axes; i++)
        if (sweep_axis_varies(p, &p->axis[i]))
            c.axis[c.axes++] = i;
    if (c.recipe < 0 && c.axes == 0)
        c.recipe = c.all++; /* one row: it is named by its recipe */
    c.all += c.axes;
    c.fold = c.all;
    c.average = c.fold + c.folds;
    c.remark = c.average + 1;
    c.all = c.remark + 1;
    return c;
}

static void put_figure(char text[64], double v)
{
    snprintf(text, 64, isnan(v) ? "-" : "%.4f", v);
}

static void put_heads(const struct sweep_table *t, const struct sheet *s, const struct columns *c)
{
    const struct sweep_plan *p = t->plan;

    if (c->recipe >= 0)
        snprintf(at(s, 0, c->recipe), 64, "recipe");
    for (int i = 0; i < c->axes; i++)
        snprintf(at(s, 0, c->fold - c->axes + i), 64, "%s", knob_row(p->axis[c->axis[i]].id)->name);
    for (int f = 0; f < c->folds; f++)
        snprintf(at(s, 0, c->fold + f), 64, "fold %d", f + 1);
    snprintf(at(s, 0, c->average), 64, "%s", sweep_metric_name(t->metric));
}

/* "best", "2 of 3 runs diverged" */
static void put_remark(const struct sweep_table *t, int cell, char text[64])
{
    const struct sweep_cell *c = &t->cell[cell];
    const struct {
        int n;
        const char *what;
    } parts[] = {{c->diverged, "diverged"}, {c->failed, "failed"}, {c->missing, "missing"}};
    size_t n = 0;

    if (cell == t->best && t->cells > 1)
        snprintf(text, 64, "<- best");
    for (int i = 0; i < 3; i++)
        if (parts[i].n && n < 64)
            n += (size_t)snprintf(text + n, 64 - n, "%s%d of %d %s", n ? ", " : "", parts[i].n, t->of_cell, parts[i].what);
}

static void put_row(const struct sweep_table *t, const struct sheet *s, const struct columns *c, int cell)
{
    const struct sweep_plan *p = t->plan;
    const struct sweep_moments *m = &t->cell[cell].whole;
    char value[KNOB_VALUE_SIZE], name[FIGURE_NAME], *average = at(s, cell + 1, c->average);
    double number;

    if (c->recipe >= 0)
        snprintf(at(s, cell + 1, c->recipe), 64, "%.60s", figure_name(name, p->recipe[cell / (t->cells / p->recipes)].name));
    for (int i = 0; i < c->axes; i++) {
        sweep_cell_value(p, cell, c->axis[i], value, sizeof value, &number);
        snprintf(at(s, cell + 1, c->fold - c->axes + i), 64, strlen(value) < 60 ? "%.60s" : "%.56s…", value);
    }
    for (int f = 0; f < c->folds; f++)
        put_figure(at(s, cell + 1, c->fold + f), t->fold[cell * p->folds + f].mean);
    put_figure(average, m->mean);
    if (!isnan(m->deviation))
        snprintf(average + strlen(average), 64 - strlen(average), " ± %.4f", m->deviation);
    put_remark(t, cell, at(s, cell + 1, c->remark));
}

static void print_summary(const struct sweep_table *t)
{
    const struct sweep_plan *p = t->plan;

    printf("%d of %d jobs done", t->done, t->jobs);
    if (t->diverged)
        printf(", %d diverged", t->diverged);
    if (t->failed)
        printf(", %d failed", t->failed);
    if (t->missing)
        printf(", %d missing", t->missing);
    printf("; mean ± standard deviation (n - 1) over ");
    if (p->folds > 1 && p->seeds > 1)
        printf("%d seeds and %d folds by %s\n", p->seeds, p->folds, knob_choice(KNOB_FOLD_BY, p->by_speaker));
    else if (p->folds > 1)
        printf("%d folds by %s\n", p->folds, knob_choice(KNOB_FOLD_BY, p->by_speaker));
    else
        printf("%d seed%s\n", p->seeds, p->seeds > 1 ? "s" : "");
}

void sweep_print_text(const struct sweep_table *t)
{
    struct columns c = columns_of(t->plan);
    struct sheet s = {.rows = t->cells + 1, .columns = c.all};

    s.text = calloc((size_t)s.rows * (size_t)s.columns, sizeof *s.text);
    if (!s.text)
        return;
    put_heads(t, &s, &c);
    for (int i = 0; i < t->cells; i++)
        put_row(t, &s, &c, i);
    print_sheet(&s, c.fold);
    free(s.text);
    print_summary(t);
}

/* ---- CSV ------------------------------------------------------------------------------------ */

/* Quoted where it has to be (RFC 4180). */
static void print_field(const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, stdout);
        return;
    }
    putchar('"');
    for (; *text; text++) {
        if (*text == '"')
            putchar('"');
        putchar(*text);
    }
    putchar('"');
}

static void print_number(double v)
{
    if (isnan(v))
        putchar(',');
    else
        printf(",%.17g", v);
}

static void print_job(const struct sweep_table *t, int index)
{
    const struct sweep_plan *p = t->plan;
    const struct sweep_result *r = &t->result[index];
    char value[KNOB_VALUE_SIZE], name[FIGURE_NAME];
    struct sweep_job j;
    double number;

    if (sweep_plan_job(p, index, &j, NULL) != 0)
        return;
    printf("%d,%d,", index, j.cell);
    print_field(figure_name(name, p->recipe[j.recipe].name));
    for (int i = 0; i < p->axes; i++) {
        sweep_cell_value(p, j.cell, i, value, sizeof value, &number);
        putchar(',');
        print_field(value);
    }
    printf(",%.0f,", j.seed);
    if (j.fold > 0)
        printf("%d", j.fold);
    printf(",%s,%llu", t->have[index] ? sweep_status_name(r->status) : "missing", (unsigned long long)r->steps);
    for (int i = 0; i < SWEEP_METRICS; i++)
        print_number(t->have[index] ? r->metric[i] : NAN);
    printf(",%llu", (unsigned long long)r->best_step);
    print_number(t->have[index] ? r->epochs : NAN);
    print_number(t->have[index] ? r->seconds : NAN);
    putchar('\n');
}

void sweep_print_csv(const struct sweep_table *t)
{
    fputs("job,cell,recipe", stdout);
    for (int i = 0; i < t->plan->axes; i++)
        printf(",%s", knob_row(t->plan->axis[i].id)->name);
    fputs(",seed,fold,status,steps", stdout);
    for (int i = 0; i < SWEEP_METRICS; i++)
        printf(",%s", sweep_metric_name(i));
    fputs(",best_step,epochs,seconds\n", stdout);
    for (int i = 0; i < t->jobs; i++)
        print_job(t, i);
}

/* ---- the jobs ------------------------------------------------------------------------------- */

void sweep_list(const struct sweep_plan *p, int json)
{
    for (int i = 0; i < sweep_plan_jobs(p); i++) {
        struct sweep_job j;
        char label[512];
        if (sweep_plan_job(p, i, &j, NULL) != 0)
            continue;
        if (json) {
            json_t *line = json_object();
            json_object_set_new(line, "job", sweep_job_object(p, &j));
            json_line_print(line);
            continue;
        }
        sweep_cell_label(p, j.cell, label, sizeof label);
        printf("%d  %s%sseed %.0f", i, label, *label ? ", " : "", j.seed);
        printf(j.fold > 0 ? ", fold %d of %d\n" : "\n", j.fold, p->folds);
    }
}
