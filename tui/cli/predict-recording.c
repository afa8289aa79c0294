/* SPDX-License-Identifier: MIT */
/* saddle predict --wav: the phones of a recording, with their times. */
#include "cli/predict.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/json-line.h"
#include "data/audio.h"
#include "data/libriphone.h"
#include "data/mfcc.h"
#include "data/names.h"
#include "data/timit.h"

static double seconds(int64_t frame)
{
    return (double)frame * MFCC_HOP / AUDIO_RATE;
}

static void print_segment(const struct predict_request *q, const char *phone, int64_t from, int64_t to, double probability)
{
    json_t *o;

    if (!q->json) {
        printf("%.2f %.2f %s %.4f\n", seconds(from), seconds(to), phone, probability);
        return;
    }
    o = json_object();
    json_line_number(o, "start", seconds(from));
    json_line_number(o, "end", seconds(to));
    json_object_set_new(o, "phone", json_string(phone));
    json_line_number(o, "probability", probability);
    json_line_print(o);
}

static void print_segments(const struct predict_request *q, const struct prediction *p, char *const *name)
{
    for (int64_t from = 0, to; from < p->frames; from = to) {
        int class = prediction_class(p, from, NULL);
        double sum = 0;
        for (to = from; to < p->frames && prediction_class(p, to, NULL) == class && !(q->frames && to > from); to++)
            sum += prediction_probability(p, to, class);
        print_segment(q, name[class], from, to, sum / (double)(to - from));
    }
}

/* The names of the classes the network was trained on. A folder's are the homework's, and so are those of data that is not
 * there any more, as far as anybody can tell: their number is checked with the network. malloced. */
static int class_names(const struct predict_request *q, char **names, struct err *e)
{
    const char *data = q->data ? q->data : q->checkpoint[0].data;
    char numbers[TIMIT_NAMES];
    struct dataset d = {0};
    struct stat st;
    int there = stat(data, &st) == 0, r = 0;

    *names = NULL;
    if (strcmp(data, "sample") == 0 || (there && !S_ISDIR(st.st_mode)) || (!there && q->data)) {
        r = dataset_open(&d, data, NULL, NULL, NULL, e);
        if (r == 0)
            *names = name_list_join(&d.classes);
    } else if (timit_has(data, TIMIT_TRAIN)) {
        timit_class_names(numbers);
        *names = strdup(numbers);
    } else
        *names = strdup(libriphone_classes);
    dataset_free(&d);
    return r || *names ? r : err_memory(e, "the names of the classes", 1);
}

int predict_recording(const struct predict_request *q, struct err *e)
{
    struct prediction p = {0};
    struct setup s = {0};
    char *names;
    int r = class_names(q, &names, e);

    if (r == 0)
        r = setup_open_recording(&s, q->recording, names, (int)q->threads, e);
    if (r == 0)
        r = predict_all(q, &s, &p, e);
    if (r == 0)
        r = prediction_smooth(&p, (int)q->smooth, e);
    if (r == 0)
        print_segments(q, &p, s.data.classes.names);
    prediction_free(&p);
    setup_close(&s);
    free(names);
    return r;
}
