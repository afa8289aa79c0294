/* saddle lab: the screen on a run of one's own. */
#include "config.h"

#include <string.h>

#include "cmd.h"
#include "lab/lane.h"
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

static int run(int argc, char **argv, struct err *e)
{
    struct screen_options o = {0};
    struct run_options options = {0};
    struct lane *lane = NULL;
    struct trainer *trainer = NULL;
    struct err end = {0};
    int code;

    argc = take_screen_options(argc, argv, &o, e);
    if (argc < 0)
        return argc;
    /* >>> from options to a lane: the one place to wire */
    code = run_options_parse(&options, argc, argv, e);
    if (!code)
        code = run_options_lane(&options, &lane, e);
    o.app.checkpoint = options.checkpoint;
    /* <<< */
    if (!code)
        code = trainer_start(&trainer, lane, o.app.checkpoint, o.paused, e);
    if (!code)
        code = app_run(trainer, &o.app, e);
    /* Stopping saves; that it could not is worse news than why the screen ended. */
    if (trainer && trainer_stop(trainer, &end))
        *e = end, code = -end.code;
    lane_free(lane);
    run_options_free(&options);
    return code;
}

const struct cmd cmd_lab = {
    .name = "lab",
    .synopsis = "lab [OPTION]…",
    .summary = "train on a live screen and turn every knob (the default)",
    .help = "  --data D           sample, or a libriphone directory or file\n"
            "  --recipe R         quick, simple, medium, strong or a file\n"
            "  --set NAME=VALUE   a knob (again for more)\n"
            "  --seed S           of weights, order and dropout\n"
            "  --threads N        workers\n"
            "  --checkpoint F     where the run is saved on leaving and by :save\n"
            "  --from F           go on from a checkpoint\n"
            "  --paused           wait for space\n"
            "  --ascii            no character beyond 7 bits\n"
            "  --no-color         so does NO_COLOR\n"
            "  --no-mouse         leave the mouse to the terminal\n"
            "  --palette=NAME     dark, light or contrast\n",
    .run = run,
};
