/* SPDX-License-Identifier: MIT */
#include "lesson/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/file.h"
#include "core/text.h"

enum { PROGRESS_BYTES = 1 << 20 };

static int parse(struct progress *p, const char *bytes, size_t size, struct err *e)
{
    json_error_t why;

    p->all = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, &why);
    if (json_is_object(p->all))
        return 0;
    json_decref(p->all);
    p->all = NULL;
    return err_set(e, ERR_INPUT, "%s:%d: this is not how far the lessons got; move the file away to begin anew", p->path, why.line > 0 ? why.line : 1);
}

int progress_open(struct progress *p, struct err *e)
{
    char *bytes;
    size_t size;
    int r;

    *p = (struct progress){.path = file_xdg("data", "lessons.json")};
    if (p->path && access(p->path, F_OK) == 0) {
        r = file_read(p->path, PROGRESS_BYTES, &bytes, &size, e);
        if (r == 0) {
            r = parse(p, bytes, size, e);
            free(bytes);
        }
        return r;
    }
    p->all = json_object();
    return p->all ? 0 : err_memory(e, "how far the lessons got", 64);
}

void progress_close(struct progress *p)
{
    json_decref(p->all);
    free(p->path);
    *p = (struct progress){0};
}

static int whole(const json_t *of, const char *key)
{
    const json_t *value = json_object_get(of, key);

    return json_is_integer(value) && json_integer_value(value) >= 0 && json_integer_value(value) < 1 << 20
               ? (int)json_integer_value(value)
               : json_is_true(value);
}

struct progress_of progress_of(const struct progress *p, const char *lesson)
{
    const json_t *of = json_object_get(p->all, lesson), *answers = json_object_get(of, "answers"), *item;
    const char *when = json_string_value(json_object_get(of, "when"));
    struct progress_of now = {.step = whole(of, "step"), .steps = whole(of, "steps"), .done = whole(of, "done"),
                              .checks = whole(of, "checks"), .held = whole(of, "held")};
    size_t i;

    json_array_foreach(answers, i, item)
    {
        now.answers += json_is_string(json_object_get(item, "answer")) && !whole(item, "ungraded");
        now.right += whole(item, "right");
    }
    text_copy(now.when, sizeof now.when, when ? when : "");
    return now;
}

int progress_answer(const struct progress *p, const char *lesson, int i, struct progress_answer *answer)
{
    const json_t *item = json_array_get(json_object_get(json_object_get(p->all, lesson), "answers"), (size_t)i);

    *answer = (struct progress_answer){.question = json_string_value(json_object_get(item, "question")),
                                       .answer = json_string_value(json_object_get(item, "answer")),
                                       .truth = json_string_value(json_object_get(item, "truth")),
                                       .right = whole(item, "right"),
                                       .ungraded = whole(item, "ungraded")};
    return i >= 0 && answer->question != NULL;
}

static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

static json_t *list_of(const struct progress_answer *answer, int answers)
{
    json_t *list = json_array();

    for (int i = 0; list && i < answers; i++)
        json_array_append_new(list, json_pack("{s:o,s:o,s:o,s:b,s:b}", "question", text_or_null(answer[i].question), "answer",
                                              text_or_null(answer[i].answer), "truth", text_or_null(answer[i].truth), "right",
                                              answer[i].right, "ungraded", answer[i].ungraded));
    return list;
}

static void moment(char out[32])
{
    time_t now = time(NULL);
    struct tm local;

    if (!localtime_r(&now, &local) || strftime(out, 32, "%Y-%m-%d %H:%M", &local) == 0)
        out[0] = '\0';
}

int progress_write(const struct progress *p, struct err *e)
{
    char *text = json_dumps(p->all, JSON_INDENT(1) | JSON_SORT_KEYS), *slash;
    char *folder = strdup(p->path);
    int r = 0;

    if (!text || !folder)
        r = err_memory(e, "how far the lessons got", 4096);
    slash = folder ? strrchr(folder, '/') : NULL;
    if (r == 0 && slash) {
        *slash = '\0';
        r = file_make_directories(folder, e);
    }
    if (r == 0)
        r = file_replace(p->path, text, strlen(text), e);
    free(folder);
    free(text);
    return r;
}

int progress_keep(struct progress *p, const char *lesson, const struct progress_of *now, const struct progress_answer *answer,
                  int answers, struct err *e)
{
    struct progress_of before = progress_of(p, lesson);
    char when[32];
    json_t *of;

    if (!p->all || !p->path)
        return 0;
    moment(when);
    of = json_pack("{s:i,s:i,s:b,s:i,s:i,s:s,s:o}", "step", now->step > before.step ? now->step : before.step, "steps", now->steps,
                   "done", now->done || before.done, "checks", now->checks, "held", now->held, "when", when, "answers",
                   list_of(answer, answers));
    if (!of || json_object_set_new(p->all, lesson, of) != 0)
        return err_memory(e, "how far the lessons got", 4096);
    return progress_write(p, e);
}
