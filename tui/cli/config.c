/* SPDX-License-Identifier: MIT */
#include "cli/config.h"

#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "core/text.h"
#include "store/store.h"

enum { MOST_BYTES = 1 << 16, MOST_LINE = 198 }; /* inih cuts longer lines without a word */

struct reading {
    struct app_options *options;
    struct err first; /* what was wrong first */
};

static int take_switch(const char *name, const char *value, int on, int *flag, struct err *e)
{
    int said;

    if (text_switch(value, &said) == 0) {
        *flag = said == on;
        return 0;
    }
    return err_set(e, ERR_INPUT, "%s: \"%.40s\" is neither on nor off", name, value);
}

static int take_seconds(const char *name, const char *value, double *seconds, struct err *e)
{
    char *end;
    double v = strtod(value, &end);

    if (end == value || *end || !(v >= 0 && v <= 86400))
        return err_set(e, ERR_INPUT, "%s: \"%.40s\" is not a number of seconds, 0 to 86400", name, value);
    *seconds = v;
    return 0;
}

static int take_setting(struct app_options *o, const char *name, const char *value, struct err *e)
{
    int palette, colormap, cells;

    if (strcmp(name, "ascii") == 0)
        return take_switch(name, value, 1, &o->ascii, e);
    if (strcmp(name, "mouse") == 0)
        return take_switch(name, value, 0, &o->no_mouse, e);
    if (strcmp(name, "color") == 0)
        return take_switch(name, value, 0, &o->no_color, e);
    if (strcmp(name, "autosave") == 0)
        return take_seconds(name, value, &o->autosave, e);
    if (strcmp(name, "colormap") == 0) {
        colormap = colormap_find(value);
        if (colormap < 0)
            return err_set(e, ERR_INPUT, "colormap: \"%.40s\" is unknown; choose from cividis, viridis, inferno, grey", value);
        o->colormap = (enum colormap)colormap;
        return 0;
    }
    if (strcmp(name, "cells") == 0) {
        cells = mosaic_find(value);
        if (cells < 0)
            return err_set(e, ERR_INPUT, "cells: \"%.40s\" is unknown; choose from braille, sextants, octants", value);
        o->mosaic = (enum mosaic)cells;
        return 0;
    }
    if (strcmp(name, "palette") != 0)
        return err_set(e, ERR_INPUT, "unknown setting \"%.40s\"; choose from palette, colormap, cells, ascii, color, mouse, autosave", name);
    palette = theme_find(value);
    if (palette < 0)
        return err_set(e, ERR_INPUT, "palette: \"%.40s\" is unknown; choose from dark, light, contrast, terminal", value);
    o->palette = (enum theme)palette;
    return 0;
}

static int take_checkpoints(const char *value, int *count, struct err *e)
{
    char *end;
    long n = strtol(value, &end, 10);

    if (strcmp(value, "all") == 0) {
        *count = STORE_KEEP_ALL;
        return 0;
    }
    if (end == value || *end || n < 1 || n > 1000000)
        return err_set(e, ERR_INPUT, "checkpoints: \"%.40s\" is not a number of files from 1 on, or all", value);
    *count = (int)n;
    return 0;
}

static int take_store_setting(struct app_options *o, const char *name, const char *value, struct err *e)
{
    if (strcmp(name, "record") == 0)
        return take_switch(name, value, 0, &o->no_record, e);
    if (strcmp(name, "checkpoints") == 0)
        return take_checkpoints(value, &o->checkpoints, e);
    return err_set(e, ERR_INPUT, "unknown setting \"%.40s\"; choose from record, checkpoints", name);
}

/* inih's callback: 1 when all is well. */
static int on_value(void *context, const char *section, const char *name, const char *value)
{
    struct reading *r = context;

    if (r->first.code) /* the parser goes on after an error; the first one is the one to tell */
        return 0;
    if (strcmp(section, "screen") == 0)
        return take_setting(r->options, name, value, &r->first) == 0;
    if (strcmp(section, "store") == 0)
        return take_store_setting(r->options, name, value, &r->first) == 0;
    if (strcmp(section, "keys") == 0)
        return keys_bind(name, value, &r->first) == 0;
    return err_set(&r->first, ERR_INPUT, "unknown section [%.40s]; choose from screen, store, keys", section), 0;
}

static int long_line(const char *text)
{
    for (int line = 1; *text; line++) {
        size_t n = strcspn(text, "\n");
        if (n > MOST_LINE)
            return line;
        text += n + (text[n] == '\n');
    }
    return 0;
}

/* The line that sets `name`, 0 when none does. */
static int line_of(const char *text, const char *name)
{
    size_t n = strlen(name);
    int found = 0;

    for (int line = 1; *text; line++) {
        text += strspn(text, " \t");
        if (strncmp(text, name, n) == 0 && strchr(" \t=:", text[n]))
            found = line;
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
    return found;
}

static int check_conflicts(const char *path, const char *text, struct err *e)
{
    const struct key_binding *a, *b;
    int line;

    if (!keys_conflict(&a, &b))
        return 0;
    line = line_of(text, a->name) > line_of(text, b->name) ? line_of(text, a->name) : line_of(text, b->name);
    return err_set(e, ERR_INPUT, "%s:%d: %s and %s would have the same key", path, line, a->name, b->name);
}

int settings_parse(struct app_options *o, const char *path, const char *text, struct err *e)
{
    struct reading r = {.options = o};
    int line = long_line(text);

    if (line)
        return err_set(e, ERR_INPUT, "%s:%d: longer than %d characters", path, line, MOST_LINE);
    line = ini_parse_string(text, on_value, &r);
    if (line != 0)
        return err_set(e, ERR_INPUT, "%s:%d: %.300s", path, line,
                       r.first.code ? r.first.text : "neither a [section] nor name = value");
    return check_conflicts(path, text, e);
}

int settings_checkpoints(const struct app_options *o)
{
    return o->checkpoints ? o->checkpoints : STORE_CHECKPOINTS_KEPT;
}

char *settings_path(void)
{
    return file_xdg("config", "config.ini");
}

int settings_load(struct app_options *o, struct err *e)
{
    char *path = settings_path(), *text;
    size_t size;
    int r = 0;

    if (path && access(path, F_OK) == 0) {
        r = file_read(path, MOST_BYTES, &text, &size, e);
        if (r == 0) {
            r = strlen(text) == size ? settings_parse(o, path, text, e) : err_set(e, ERR_INPUT, "%s: not a text file", path);
            free(text);
        }
    }
    free(path);
    return r;
}
