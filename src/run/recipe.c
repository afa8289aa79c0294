/* SPDX-License-Identifier: MIT */
#include "run/recipe.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "core/file.h"
#include "core/text.h"
#include "data/dataset.h"
#include "net/spec.h"
#include "run/ini-text.h"
#include "core/nearest.h"
#include "run/setting-unknown.h"

enum { MOST_BYTES = 1 << 16 };

struct reading {
    struct knobs *knobs;
    struct err first;    /* what was wrong first */
    int set[KNOB_COUNT]; /* how often each was named */
    char network[KNOB_TEXT_SIZE];
};

static int join_network(struct reading *r, const char *value, struct err *e)
{
    size_t used = strlen(r->network), more = strlen(value);

    if (used + more + 2 > sizeof r->network)
        return err_set(e, ERR_INPUT, "network: longer than %d characters", KNOB_TEXT_SIZE - 1);
    if (used)
        r->network[used++] = ' ';
    memcpy(r->network + used, value, more + 1);
    return knobs_parse(r->knobs, KNOB_NETWORK, r->network, e);
}

/* inih's callback: 1 when all is well. A value that goes on in the next line comes again by its name. */
static int on_value(void *context, const char *section, const char *name, const char *value)
{
    struct reading *r = context;
    int id = knob_find(name);

    if (r->first.code) /* the parser goes on after an error; the first one is the one to tell */
        return 0;
    if (id < 0)
        return setting_unknown(ERR_INPUT, "", name, &r->first), 0;
    if (strcasecmp(section, knob_row(id)->section) != 0)
        return err_set(&r->first, ERR_INPUT, "%s belongs under [%s]", name, knob_row(id)->section), 0;
    if (r->set[id]++ && id != KNOB_NETWORK)
        return err_set(&r->first, ERR_INPUT, "%s is set twice", name), 0;
    if (id == KNOB_NETWORK)
        return join_network(r, value, &r->first) == 0;
    return knobs_parse(r->knobs, id, value, &r->first) == 0;
}

static int ends_in_ini(const char *name)
{
    size_t n = strlen(name);

    return n > 4 && strcmp(name + n - 4, ".ini") == 0;
}

static int is_recipe(const struct dirent *entry)
{
    return ends_in_ini(entry->d_name);
}

/* The names of the recipes in the folder of `path`, in a sentence. */
static int say_unknown(const char *name, const char *path, struct err *e)
{
    char *folder = text_format("%.*s", (int)(strrchr(path, '/') - path), path), list[256] = "", meant[NEAREST_WORDS];
    struct nearest nearest = nearest_to(name);
    struct dirent **found = NULL;
    int count = folder ? scandir(folder, &found, is_recipe, alphasort) : -1;

    for (int i = 0; i < count; i++) {
        size_t used = strlen(list);
        found[i]->d_name[strlen(found[i]->d_name) - 4] = '\0';
        snprintf(list + used, sizeof list - used, "%s, ", found[i]->d_name);
        nearest_offer(&nearest, found[i]->d_name);
        free(found[i]);
    }
    free(found);
    free(folder);
    return err_set(e, ERR_INPUT, "unknown recipe \"%.40s\"; choose from %sor a file that ends in .ini%s", name, list,
                   nearest_words(&nearest, meant, sizeof meant));
}

static char *find_file(const char *name)
{
    char *home, *path;

    if (strchr(name, '/') || ends_in_ini(name))
        return strdup(name);
    home = dataset_home();
    path = home ? text_format("%s/recipes/%s.ini", home, name) : NULL;
    free(home);
    return path;
}

static int check_network(const struct knobs *k, const char *path, struct err *e)
{
    struct network_spec *spec = malloc(sizeof *spec);
    struct err why;
    int r = spec ? spec_parse(spec, k->network, &why) : err_memory(&why, "a network", sizeof *spec);

    free(spec);
    return r ? err_set(e, ERR_INPUT, "%s: %.400s", path, why.text) : 0;
}

static int parse(struct knobs *k, const char *path, const char *text, size_t size, struct err *e)
{
    struct reading r = {.knobs = k};
    int result = ini_text_parse(path, text, size, on_value, &r, &r.first, e);

    return result ? result : check_network(k, path, e);
}

int recipe_load(struct knobs *k, const char *name, struct err *e)
{
    char *path = find_file(name), *text;
    struct knobs read = *k;
    size_t size;
    int r;

    if (!path)
        return err_memory(e, "a path", strlen(name));
    if (!ends_in_ini(name) && !strchr(name, '/') && access(path, F_OK) != 0) {
        r = say_unknown(name, path, e);
        free(path);
        return r;
    }
    r = file_read(path, MOST_BYTES, &text, &size, e);
    if (r == 0) {
        r = parse(&read, path, text, size, e);
        free(text);
    }
    if (r == 0)
        *k = read;
    free(path);
    return r;
}
