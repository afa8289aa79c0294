/* SPDX-License-Identifier: MIT */
/* saddle export-weights: a checkpoint's network for other programs. */
#include <stdio.h>
#include <string.h>

#include "cli/figure.h"
#include "cli/json-line.h"
#include "cli/output.h"
#include "cli/setup.h"
#include "cli/subcommand.h"
#include "run/onnx.h"

struct exporting {
    const char *checkpoint, *data, *out;
    int json, force;
};

static int parse(struct exporting *v, int argc, char **argv, struct err *e)
{
    const struct option_text texts[] = {
        {"--checkpoint", &v->checkpoint}, {"--data", &v->data}, {"-o", &v->out}, {"--output", &v->out}, {NULL, NULL}};
    const struct option_switch switches[] = {{"--json", &v->json}, {"--force", &v->force}, {NULL, NULL}};
    const char *inputs[] = {NULL, NULL};

    for (int i = 1; i < argc; i++) {
        int r = option_take_text(texts, argc, argv, &i, e);
        if (r == 0)
            r = option_take_switch(switches, argv[i]);
        if (r == 0)
            r = option_unknown(argv[i], e);
        if (r < 0)
            return r;
    }
    if (!v->checkpoint)
        return err_set(e, ERR_USAGE, "--checkpoint FILE is missing");
    if (!v->out)
        return err_set(e, ERR_USAGE, "-o FILE is missing");
    inputs[0] = v->checkpoint;
    return output_check(v->out, OUTPUT_ONNX, inputs, v->force, e);
}

static void report(const struct exporting *v, const struct run *l)
{
    const struct network *n = run_network(l);
    char name[FIGURE_NAME];

    if (v->json) {
        json_t *o = json_object();
        json_object_set_new(o, "file", json_string(v->out));
        json_line_integer(o, "parameters", n->parameters);
        json_line_integer(o, "steps", n->in.steps);
        json_line_integer(o, "width", n->in.width);
        json_line_integer(o, "classes", n->classes);
        json_line_print(o);
    } else {
        printf("%s: %lld parameters\n", figure_name(name, v->out), (long long)n->parameters);
    }
}

static int run(int argc, char **argv, struct err *e)
{
    struct exporting v = {0};
    struct setup run = {0};
    int r = parse(&v, argc, argv, e);

    if (r == 0)
        r = setup_open_checkpoint(&run, v.checkpoint, v.data, e);
    if (r == 0)
        r = onnx_write(run.run, v.out, e);
    if (r == 0)
        report(&v, run.run);
    setup_close(&run);
    return r;
}

const struct cmd cmd_export_weights = {
    .name = "export-weights",
    .synopsis = "export-weights --checkpoint FILE -o FILE.onnx [OPTION]…",
    .summary = "write a checkpoint's network as ONNX",
    .help = "The network is written as it is in evaluation mode, opset 17. Its input \"frames\" is [batch, width], or\n"
            "[batch, steps, width] for recurrent networks; its output \"logits\" has one column per class. PyTorch needs\n"
            "no export: a checkpoint is a safetensors file whose tensors bear the names of a torch.nn.Sequential called\n"
            "layers.\n\n"
            "  --checkpoint FILE   checkpoint to export\n"
            "  -o, --output FILE   file to write\n"
            "  --data D            data set (default: the one it was trained on)\n"
            "  --force             replace FILE even if it holds something else\n"
            "  --json              print {\"file\",\"parameters\",\"steps\",\"width\",\"classes\"}\n",
    .computes = 1,
    .run = run,
};
