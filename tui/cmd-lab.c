/* saddle lab: the screen on a run of one's own. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "core/file.h"
#include "run-options.h"
#include "run.h"

struct screen_options {
    struct app_options app;
    int paused;
};

/* The screen's own options; what is left in argv is the run's. Returns the new argc. */
static int take_screen_options(int argc, char **argv, struct screen_options *o, struct err *e)
{
    int kept = 1;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--ascii") == 0)
            o->app.ascii = 1;
        else if (strcmp(argv[i], "--no-color") == 0)
            o->app.no_color = 1;
        else if (strcmp(argv[i], "--no-mouse") == 0)
            o->app.no_mouse = 1;
        else if (strcmp(argv[i], "--paused") == 0)
            o->paused = 1;
        else if (strncmp(argv[i], "--palette=", 10) == 0) {
            int palette = palette_find(argv[i] + 10);
            if (palette < 0)
                return err_set(e, ERR_USAGE, "--palette: \"%.40s\" is none of dark, light, contrast", argv[i] + 10);
            o->app.palette = (enum palette)palette;
        } else
            argv[kept++] = argv[i];
    }
    argv[kept] = NULL;
    return kept;
}

/* Where a run is saved that nobody named a file for; the one before is kept beside it. */
static char *standard_checkpoint(void)
{
    char *path = file_xdg("state", "last.safetensors"), *before = file_xdg("state", "before.safetensors");
    char *folder = file_xdg("state", "");
    struct err e;

    if (!path || !before || !folder || file_make_directories(folder, &e) != 0) {
        free(path);
        path = NULL;
    } else if (access(path, F_OK) == 0) {
        rename(path, before);
    }
    free(before);
    free(folder);
    return path;
}

/* The screen on an open run. Stopping saves; that it could not is worse news than why the screen ended. */
static int show(struct run *r, const struct screen_options *o, struct err *e)
{
    struct trainer *trainer = NULL;
    struct err end = {0};
    int code = trainer_start(&trainer, r->lane, r->recipe, o->app.checkpoint, o->paused, e);

    if (code)
        return code;
    code = app_run(trainer, &o->app, e);
    if (trainer_stop(trainer, &end)) {
        *e = end;
        return -end.code;
    }
    if (o->app.checkpoint && (code == 0 || e->code > 128))
        fprintf(stderr, "saddle: saved. To go on: saddle --from %s\n", o->app.checkpoint);
    return code;
}

static int run(int argc, char **argv, struct err *e)
{
    struct screen_options o = {0};
    struct run_options options = {0};
    struct run r = {0};
    char *standard = NULL;
    int code = take_screen_options(argc, argv, &o, e);

    argc = code;
    for (int i = 1; code >= 0 && i < argc; i++) {
        code = run_options_take(&options, argc, argv, &i, e);
        if (code == 0)
            code = option_unknown(argv[i], e);
    }
    if (code < 0)
        return code;
    code = run_open(&r, &options, e);
    if (code)
        return code;
    if (!options.checkpoint)
        standard = standard_checkpoint();
    o.app.checkpoint = options.checkpoint ? options.checkpoint : standard;
    code = show(&r, &o, e);
    run_close(&r);
    free(standard);
    return code;
}

const struct cmd cmd_lab = {
    .name = "lab",
    .synopsis = "[lab] [OPTION]…",
    .summary = "train on a live screen and turn every knob (the default)",
    .help = "  --paused            wait for space\n"
            "  --ascii             no character beyond 7 bits\n"
            "  --no-color          so does NO_COLOR\n"
            "  --no-mouse          leave the mouse to the terminal\n"
            "  --palette=NAME      dark, light or contrast\n",
    .more = run_options_help,
    .run = run,
};
