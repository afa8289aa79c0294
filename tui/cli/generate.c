/* SPDX-License-Identifier: MIT */
#include "cli/generate.h"

#include <stdio.h>
#include <string.h>

#include "trainer/landscape-plan.h"
#include "race/surface.h"
#include "sweep/result.h"

int generate_option(const struct cmd *c, int *at, const char **help, struct cmd_option *o)
{
    const char *const texts[] = {c->help, c->more, "  -h, --help     print this help\n  -V, --version  print the version\n"};

    for (; *at < 3; ++*at, *help = NULL) {
        if (!*help)
            *help = texts[*at] ? texts[*at] : "";
        if (cmd_option_next(help, o))
            return 1;
    }
    return 0;
}

static const char *surface_name(int i)
{
    return surface_at(i) ? surface_at(i)->name : NULL;
}

static const char *optimizer_name(int i)
{
    return knob_choice(KNOB_OPTIMIZER, i);
}

static const char *schedule_name(int i)
{
    return knob_choice(KNOB_SCHEDULE, i);
}

static const char *fold_by_name(int i)
{
    return knob_choice(KNOB_FOLD_BY, i);
}

static const char *direction_name(int i)
{
    return i < LANDSCAPE_KINDS ? landscape_kind_name(i) : NULL;
}

const char *generate_choices(const struct cmd_option *o)
{
    static const struct {
        const char *option, *choices;
        const char *(*name)(int i); /* the i-th choice, NULL beyond the last */
    } known[] = {{"palette", "dark light contrast terminal", NULL}, {"colormap", "cividis viridis inferno grey", NULL},
                 {"cells", "braille sextants octants", NULL},
                 {"colors", "24 256 16 8 0", NULL}, {"split", "train val test", NULL},
                 {"data", "sample", NULL},
                 {"recipe", "quick simple medium strong rnn boss-window boss-utterance", NULL},
                 {"directions", NULL, direction_name},
                 {"fold-by", NULL, fold_by_name}, {"metric", NULL, sweep_metric_name},
                 {"surface", NULL, surface_name}, {"optimizer", NULL, optimizer_name}, {"schedule", NULL, schedule_name}};
    static char all[512];

    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(known[i].option, o->name) != 0)
            continue;
        if (known[i].choices)
            return known[i].choices;
        all[0] = '\0';
        for (int k = 0; known[i].name(k); k++)
            snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", k ? " " : "", known[i].name(k));
        return all;
    }
    return NULL;
}

int generate_takes_file(const struct cmd_option *o)
{
    return strstr(o->value, "FILE") || strncmp(o->value, "F.", 2) == 0 || strcmp(o->value, "D") == 0;
}

const char *generate_knob_choice(enum knob_id id, int i)
{
    static const char *const words[] = {"on", "off"};

    if (knob_row(id)->type == KNOB_SWITCH)
        return i < 2 ? words[i] : NULL;
    return knob_row(id)->type == KNOB_CHOICE ? knob_choice(id, i) : NULL;
}

int generate(const char *what)
{
    static const struct {
        const char *name;
        void (*write)(void);
    } kinds[] = {{"man", generate_man}, {"bash", generate_bash}, {"zsh", generate_zsh}, {"fish", generate_fish}};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, what) == 0) {
            kinds[i].write();
            return 0;
        }
    fprintf(stderr, "saddle: --generate %s: choose from man, bash, zsh, fish\n", what);
    return ERR_USAGE;
}
