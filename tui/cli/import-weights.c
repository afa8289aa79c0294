/* SPDX-License-Identifier: MIT */
/* saddle import-weights: a checkpoint from a model that PyTorch trained. */
#include <stdio.h>
#include <string.h>

#include "cli/figure.h"
#include "cli/json-line.h"
#include "cli/output.h"
#include "cli/setup.h"
#include "cli/subcommand.h"
#include "run/import.h"

struct importing {
    struct setup_options options;
    const char *file, *out;
    int json;
};

static int take(struct importing *v, int argc, char **argv, int *i, struct err *e)
{
    const struct option_text texts[] = {{"-o", &v->out}, {"--output", &v->out}, {NULL, NULL}};
    int r = option_take_text(texts, argc, argv, i, e);

    if (r == 0)
        r = setup_options_take(&v->options, argc, argv, i, e);
    if (r == 0 && strcmp(argv[*i], "--json") == 0)
        r = v->json = 1;
    if (r == 0 && argv[*i][0] != '-') {
        if (v->file)
            return err_set(e, ERR_USAGE, "one file at a time: %.60s and %.60s", v->file, argv[*i]);
        v->file = argv[*i];
        r = 1;
    }
    return r ? r : option_unknown(argv[*i], e);
}

static int parse(struct importing *v, int argc, char **argv, struct err *e)
{
    const char *inputs[] = {NULL, NULL};
    int r = 0;

    for (int i = 1; r >= 0 && i < argc; i++)
        r = take(v, argc, argv, &i, e);
    if (r < 0)
        return r;
    if (!v->file)
        return err_set(e, ERR_USAGE, "the file of weights is missing");
    if (!v->out)
        return err_set(e, ERR_USAGE, "-o FILE is missing");
    if (v->options.from || v->options.checkpoint)
        return err_set(e, ERR_USAGE, "--from and --checkpoint have no use here: FILE is read, and -o names the checkpoint");
    inputs[0] = v->file;
    return output_check(v->out, OUTPUT_CHECKPOINT, inputs, v->options.force, e);
}

static void report(const struct importing *v, const struct run *l)
{
    long long parameters = run_network(l)->parameters;
    int tensors = run_network(l)->places + run_network(l)->statistic_places;
    char out[FIGURE_NAME], from[FIGURE_NAME];

    if (v->json) {
        json_t *o = json_object();
        json_object_set_new(o, "checkpoint", json_string(v->out));
        json_line_integer(o, "tensors", tensors);
        json_line_integer(o, "parameters", parameters);
        json_line_print(o);
    } else {
        printf("%s: %d tensors, %lld parameters from %s\n", figure_name(out, v->out), tensors, parameters, figure_name(from, v->file));
    }
}

static int run(int argc, char **argv, struct err *e)
{
    struct importing v = {0};
    struct state_dict weights = {0};
    struct setup run = {0};
    int r = parse(&v, argc, argv, e);

    if (r == 0)
        r = state_dict_read(&weights, v.file, e);
    if (r == 0)
        r = setup_open(&run, &v.options, e);
    if (r == 0)
        r = import_weights(run.run, &weights, v.file, e);
    if (r == 0)
        r = checkpoint_write(run.run, v.out, e);
    if (r == 0)
        report(&v, run.run);
    state_dict_free(&weights);
    setup_close(&run);
    return r;
}

const struct cmd cmd_import_weights = {
    .name = "import-weights",
    .synopsis = "import-weights FILE -o CHECKPOINT [OPTION]…",
    .summary = "make a checkpoint from the weights of a PyTorch model",
    .help = "FILE is a state dict: what torch.save(model.state_dict(), FILE) writes, or safetensors. The recipe and --set\n"
            "give the network. A layer takes the weights of the first module in FILE with the same shapes; names need\n"
            "not agree.\n\n"
            "  -o, --output FILE   the checkpoint to write\n"
            "  --data D            data set that the network classifies (default: sample)\n"
            "  --recipe NAME|FILE  recipe of the network (default: quick)\n"
            "  --set NAME=VALUE    change a setting of the recipe; may be repeated\n"
            "  --force             replace FILE even if it holds something else\n"
            "  --json              print {\"checkpoint\",\"tensors\",\"parameters\"}\n",
    .computes = 1,
    .run = run,
};
