/* SPDX-License-Identifier: MIT */
#include "trainer/session.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/text.h"
#include "math/products.h"
#include "run/comparison.h"
#include "run/journal.h"
#include "trainer/snapshot.h"

static const char TITLE[] = "saddle session 1";
static const size_t LARGEST = (size_t)64 << 20; /* bytes of a file */

static char *copy_of(const char *text)
{
    return text ? strdup(text) : NULL;
}

int session_begin(struct session *s, const struct run *l, const char *recipe, const char *from, struct err *e)
{
    *s = (struct session){.recipe = copy_of(recipe),
                          .data = copy_of(run_data(l)->path),
                          .from = copy_of(from),
                          .fingerprint = run_data(l)->fingerprint,
                          .first = *run_knobs(l),
                          .text = calloc(1, 1)};
    products_describe((enum products_source)s->first.value[KNOB_PRODUCTS], s->products, sizeof s->products);
    if (s->recipe && s->data && s->text && (!from || s->from))
        return 0;
    session_free(s);
    return err_memory(e, "the session", 1);
}

void session_free(struct session *s)
{
    free(s->recipe);
    free(s->data);
    free(s->from);
    free(s->text);
    memset(s, 0, sizeof *s);
}

int session_copy(struct session *to, const struct session *from, struct err *e)
{
    *to = *from;
    to->recipe = copy_of(from->recipe);
    to->data = copy_of(from->data);
    to->from = copy_of(from->from);
    to->text = malloc(from->size + 1);
    if (!to->recipe || !to->data || !to->text || (from->from && !to->from)) {
        session_free(to);
        return err_memory(e, "the session", from->size);
    }
    memcpy(to->text, from->text, from->size + 1);
    return 0;
}

/* ---- writing -------------------------------------------------------------------------------- */

static int append(struct session *s, const char *text, struct err *e)
{
    size_t n = strlen(text);
    char *grown = realloc(s->text, s->size + n + 1);

    if (!grown)
        return err_memory(e, "the session", s->size + n);
    memcpy(grown + s->size, text, n + 1);
    s->text = grown;
    s->size += n;
    return 0;
}

int session_add(struct session *s, const struct session_line *line, struct err *e)
{
    char text[SESSION_NAME + KNOB_VALUE_SIZE + 96];
    int n = 0;

    if (isfinite(line->seconds))
        n = snprintf(text, sizeof text, "# %.3f\n", line->seconds);
    snprintf(text + n, sizeof text - (size_t)n, "%" PRIu64 " %c %s%s%s\n", line->step, 'A' + line->run, line->name,
             *line->value ? " " : "", line->value);
    return append(s, text, e);
}

static int append_settings(struct session *s, const struct knobs *k, struct err *e)
{
    char text[KNOB_VALUE_SIZE], line[KNOB_VALUE_SIZE + SESSION_NAME + 16];
    int r = 0;

    for (int i = 0; i < KNOB_COUNT && r == 0; i++) {
        struct knob_value value = knobs_value(k, (enum knob_id)i);
        if (value.standard)
            continue;
        knob_format((enum knob_id)i, &value, text, sizeof text);
        snprintf(line, sizeof line, "setting %s %s\n", knob_row((enum knob_id)i)->name, text);
        r = append(s, line, e);
    }
    return r;
}

static char *head_text(const struct session *s)
{
    return text_format("%s\nrecipe %s\ndata %s\nfingerprint %016" PRIx64 "\nproducts %s\nseed %.0f\nshards %.0f\n%s%s%s",
                       TITLE, s->recipe, s->data, s->fingerprint, s->products, s->first.value[KNOB_SEED],
                       s->first.value[KNOB_SHARDS], s->from ? "from " : "", s->from ? s->from : "", s->from ? "\n" : "");
}

char *session_text(const struct session *s)
{
    struct session whole = {.text = head_text(s)};
    struct err e;

    whole.size = whole.text ? strlen(whole.text) : 0;
    if (whole.text && append_settings(&whole, &s->first, &e) == 0 && append(&whole, "begin\n", &e) == 0 &&
        append(&whole, s->text, &e) == 0)
        return whole.text;
    free(whole.text);
    return NULL;
}

/* ---- reading -------------------------------------------------------------------------------- */

struct reader {
    const char *path, *at, *end;
    int line; /* number of the one last read */
    char text[SESSION_NAME + KNOB_VALUE_SIZE + 96];
};

static int wrong(const struct reader *r, struct err *e, const char *what)
{
    return err_set(e, ERR_INPUT, "%s: line %d: %s", r->path, r->line, what);
}

/* 1, 0 at the end, or an error. */
static int read_line(struct reader *r, struct err *e)
{
    const char *end = memchr(r->at, '\n', (size_t)(r->end - r->at));
    size_t n = (size_t)((end ? end : r->end) - r->at);

    if (r->at == r->end)
        return 0;
    r->line++;
    if (n >= sizeof r->text)
        return wrong(r, e, "line too long");
    if (memchr(r->at, '\0', n))
        return wrong(r, e, "zero byte");
    memcpy(r->text, r->at, n);
    r->text[n] = '\0';
    r->at += n + (end != NULL);
    return 1;
}

/* What follows a word at the beginning of the line, or NULL. */
static const char *after(const char *text, const char *word)
{
    size_t n = strlen(word);

    return strncmp(text, word, n) == 0 && text[n] == ' ' ? text + n + 1 : NULL;
}

static int take_text(struct reader *r, char **to, const char *value, struct err *e)
{
    if (*to)
        return wrong(r, e, "given twice");
    *to = strdup(value);
    return *to ? 0 : err_memory(e, "a session", strlen(value));
}

static int take_setting(struct reader *r, struct session *s, const char *rest, struct err *e)
{
    char name[SESSION_NAME];
    struct err why;
    int n = 0, id;

    if (sscanf(rest, "%63s%n", name, &n) != 1 || (id = knob_find(name)) < 0)
        return wrong(r, e, "unknown setting");
    rest += n;
    rest += *rest == ' ';
    if (knobs_parse(&s->first, (enum knob_id)id, rest, &why) == 0)
        return 0;
    return err_set(e, ERR_INPUT, "%s: line %d: %.300s", r->path, r->line, why.text);
}

/* What a run depends on, whoever chose it: its value without its having been set. */
static int take_number(struct reader *r, struct session *s, enum knob_id id, const char *value, struct err *e)
{
    struct knob_value v;
    struct err why;

    if (knob_parse(id, value, &v, &why) != 0)
        return err_set(e, ERR_INPUT, "%s: line %d: %.300s", r->path, r->line, why.text);
    s->first.value[id] = v.number;
    return 0;
}

static int take_fingerprint(struct reader *r, struct session *s, const char *value, struct err *e)
{
    if (strlen(value) != 16 || strspn(value, "0123456789abcdef") != 16)
        return wrong(r, e, "expected a fingerprint of 16 hex digits");
    s->fingerprint = strtoull(value, NULL, 16);
    return 0;
}

static int take_head(struct reader *r, struct session *s, struct err *e)
{
    const char *value;

    if ((value = after(r->text, "recipe"))) {
        text_make_printable(r->text); /* it is shown */
        return take_text(r, &s->recipe, value, e);
    }
    if ((value = after(r->text, "data")))
        return take_text(r, &s->data, value, e);
    if ((value = after(r->text, "from")))
        return take_text(r, &s->from, value, e);
    if ((value = after(r->text, "fingerprint")))
        return take_fingerprint(r, s, value, e);
    if ((value = after(r->text, "seed")))
        return take_number(r, s, KNOB_SEED, value, e);
    if ((value = after(r->text, "shards")))
        return take_number(r, s, KNOB_SHARDS, value, e);
    if ((value = after(r->text, "setting")))
        return take_setting(r, s, value, e);
    if ((value = after(r->text, "products"))) {
        text_copy(s->products, sizeof s->products, value);
        return 0;
    }
    return wrong(r, e, "expected recipe, data, fingerprint, products, seed, shards, from, setting or begin");
}

static int read_head(struct reader *r, struct session *s, struct err *e)
{
    int n = read_line(r, e);

    if (n < 0)
        return n;
    if (n == 0 || strcmp(r->text, TITLE) != 0)
        return err_set(e, ERR_INPUT, "%s: not a session file: it does not begin with \"%s\"", r->path, TITLE);
    while ((n = read_line(r, e)) > 0) {
        int result;
        if (strcmp(r->text, "begin") == 0)
            break;
        result = take_head(r, s, e);
        if (result)
            return result;
    }
    if (n < 0)
        return n;
    if (n == 0 || !s->recipe || !s->data)
        return err_set(e, ERR_INPUT, "%s: recipe, data or begin is missing", r->path);
    knobs_follow(&s->first);
    return 0;
}

/* Cut a line "step run name value" into its parts; a sentence where it is none. */
static const char *cut_line(const char *text, struct session_line *line)
{
    size_t n;

    if (text_unsigned(&text, (uint64_t)1 << 53, &line->step) != 0 || *text++ != ' ')
        return "expected a step at the beginning";
    line->run = *text - 'A';
    if (line->run < 0 || line->run >= TRAINER_RUNS || text[1] != ' ')
        return "expected a run, A to D, after the step";
    text += 2;
    n = strcspn(text, " ");
    if (n == 0 || n >= sizeof line->name)
        return "expected a setting or an action after the run";
    memcpy(line->name, text, n);
    line->name[n] = '\0';
    text += n + (text[n] == ' ');
    if (strlen(text) >= sizeof line->value)
        return "value too long";
    text_copy(line->value, sizeof line->value, text);
    return NULL;
}

static int is_digest(const char *text)
{
    return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

static int is_place(const char *text)
{
    uint64_t n;

    return text_unsigned(&text, (uint64_t)1 << 53, &n) == 0 && *text++ == ':' && text_unsigned(&text, 1 << 30, &n) == 0 && !*text;
}

/* "seed 5": NULL, or what is wrong. */
static const char *check_restart(const char *text, char *why, size_t size)
{
    char name[SESSION_NAME];
    struct knob_value value;
    struct err e;
    int n = 0, id;

    if (sscanf(text, "%63s%n", name, &n) != 1 || (id = knob_find(name)) < 0)
        return "restart: expected a setting and its value";
    text += n;
    if (knob_parse((enum knob_id)id, text + (*text == ' '), &value, &e) == 0)
        return NULL;
    text_copy(why, size, e.text);
    return why;
}

/* What is wrong with its name or value; NULL: nothing. */
static const char *check_line(const struct session_line *line, char *why, size_t size)
{
    const char *value = line->value;
    struct knob_value parsed;
    struct err e;
    int id;

    if (strcmp(line->name, "fork") == 0)
        return value[0] >= 'A' && value[0] < 'A' + TRAINER_RUNS && !value[1] ? NULL : "fork: expected a run, A to D";
    if (strcmp(line->name, "compare") == 0)
        return comparison_find(value) ? NULL : "unknown comparison";
    if (strcmp(line->name, "restart") == 0)
        return check_restart(value, why, size);
    if (strcmp(line->name, "recipe") == 0)
        return *value ? NULL : "recipe: expected a name";
    if (strcmp(line->name, "back") == 0)
        return is_place(value) ? NULL : "back: expected STEP:LINES, as 300:2";
    if (strcmp(line->name, "drop") == 0)
        return *value ? "drop: takes no value" : NULL;
    if (strcmp(line->name, "end") == 0)
        return is_digest(value) ? NULL : "end: expected a checksum of 64 hex digits";
    if (strcmp(line->name, "probe") == 0 || strcmp(line->name, "escape") == 0 || strcmp(line->name, "escape_back") == 0 ||
        strcmp(line->name, JOURNAL_PRODUCTS) == 0)
        return NULL;
    id = knob_find(line->name);
    if (id < 0)
        return "unknown setting or action";
    if (!knob_row((enum knob_id)id)->live)
        return "this setting cannot change during a run";
    if (knob_parse((enum knob_id)id, value, &parsed, &e) == 0)
        return NULL;
    text_copy(why, size, e.text);
    return why;
}

int session_parse(struct session *s, const char *text, size_t size, const char *path, struct err *e)
{
    struct reader r = {.path = path, .at = text, .end = text + size};
    const char *body;
    int n;

    *s = (struct session){0};
    knobs_standard(&s->first);
    n = read_head(&r, s, e);
    body = r.at;
    s->lines_before = r.line;
    while (n == 0 && (n = read_line(&r, e)) > 0) {
        struct session_line line = {0};
        char why[200];
        const char *found = *r.text == '#' || !*r.text ? NULL : cut_line(r.text, &line);
        if (!found && line.name[0])
            found = check_line(&line, why, sizeof why);
        n = found ? wrong(&r, e, found) : 0;
    }
    if (n == 0) {
        s->size = (size_t)(r.end - body);
        s->text = malloc(s->size + 1);
        n = s->text ? 0 : err_memory(e, "a session", s->size);
    }
    if (n < 0) {
        session_free(s);
        return n;
    }
    memcpy(s->text, body, s->size);
    s->text[s->size] = '\0';
    return 0;
}

int session_load(struct session *s, const char *path, struct err *e)
{
    char *bytes;
    size_t size;
    int r = file_read(path, LARGEST, &bytes, &size, e);

    if (r)
        return r;
    r = session_parse(s, bytes, size, path, e);
    free(bytes);
    return r;
}

int session_is_one(const char *path)
{
    char *bytes;
    size_t size;
    int is;

    if (file_read(path, LARGEST, &bytes, &size, NULL) != 0)
        return 0;
    is = strncmp(bytes, TITLE, strlen(TITLE)) == 0;
    free(bytes);
    return is;
}

int session_next(const struct session *s, size_t *at, struct session_line *line)
{
    char text[SESSION_NAME + KNOB_VALUE_SIZE + 96];

    line->seconds = NAN;
    while (*at < s->size) {
        size_t n = strcspn(s->text + *at, "\n");
        const char *begin = s->text + *at;
        *at += n + (begin[n] == '\n');
        if (*begin == '#')
            line->seconds = strtod(begin + 1, NULL);
        if (*begin == '#' || n == 0 || n >= sizeof text)
            continue;
        memcpy(text, begin, n);
        text[n] = '\0';
        if (!cut_line(text, line))
            return 1;
    }
    return 0;
}
