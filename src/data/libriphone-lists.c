/* SPDX-License-Identifier: MIT */
#include "data/libriphone-lists.h"

#include <stdlib.h>
#include <string.h>

#include "core/file.h"

enum { MOST_ID = 128, MOST_LIST = 1 << 26, MOST_LABELS = 1 << 30 };

static int at_line(const struct list *l, int64_t line, const char *what, struct err *e)
{
    return err_set(e, ERR_INPUT, "%s:%lld: %s", l->path, (long long)line, what);
}

/* The id decides which file is opened, so nothing that could leave the folder gets through. */
static int check_id(const struct list *l, const char *id, size_t length, int64_t line, struct err *e)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

    if (length == 0)
        return at_line(l, line, "the utterance id is empty", e);
    if (length > MOST_ID)
        return err_set(e, ERR_INPUT, "%s:%lld: an utterance id of %zu characters; at most %d are possible",
                       l->path, (long long)line, length, MOST_ID);
    if (strspn(id, allowed) != length)
        return err_set(e, ERR_INPUT,
                       "%s:%lld: utterance id \"%.60s\" has other characters than letters, digits, _ and -",
                       l->path, (long long)line, id);
    return 0;
}

static int add(struct list *l, const char *id, int64_t line, struct listed **item, struct err *e)
{
    if (l->count == l->room) {
        int64_t room = l->room * 2 + 64;
        struct listed *more = reallocarray(l->items, (size_t)room, sizeof *more);
        if (!more)
            return err_memory(e, l->path, sizeof *more * (unsigned long long)room);
        l->items = more;
        l->room = room;
    }
    *item = &l->items[l->count++];
    **item = (struct listed){.id = id, .line = line};
    return 0;
}

static int by_id(const void *a, const void *b)
{
    const struct listed *x = a, *y = b;
    int order = strcmp(x->id, y->id);

    return order ? order : x->line < y->line ? -1 : x->line > y->line;
}

static int sort(struct list *l, struct err *e)
{
    size_t bytes = sizeof *l->sorted * (size_t)l->count;

    if (l->count == 0)
        return err_set(e, ERR_INPUT, "%s: the file is empty", l->path);
    l->sorted = malloc(bytes);
    if (!l->sorted)
        return err_memory(e, l->path, bytes);
    memcpy(l->sorted, l->items, bytes);
    qsort(l->sorted, (size_t)l->count, sizeof *l->sorted, by_id);
    for (int64_t i = 1; i < l->count; i++)
        if (strcmp(l->sorted[i].id, l->sorted[i - 1].id) == 0)
            return err_set(e, ERR_INPUT, "%s:%lld: utterance %s is already in line %lld", l->path,
                           (long long)l->sorted[i].line, l->sorted[i].id, (long long)l->sorted[i - 1].line);
    return 0;
}

static int load(struct list *l, const char *path, size_t limit, size_t *size, struct err *e)
{
    const char *zero;
    int r;

    *l = (struct list){.path = strdup(path)};
    if (!l->path)
        return err_memory(e, path, strlen(path));
    r = file_read(path, limit, &l->text, size, e);
    if (r)
        return r;
    zero = memchr(l->text, 0, *size);
    if (zero)
        return err_set(e, ERR_INPUT, "%s: byte %lld is zero; this is not a text file", path,
                       (long long)(zero - l->text));
    return 0;
}

/* The line that begins at *cursor as a string without its end; *cursor moves to the next one. NULL at the
 * end. */
static char *next_line(char **cursor)
{
    char *line = *cursor, *end = line + strcspn(line, "\n");

    if (!*line)
        return NULL;
    *cursor = *end ? end + 1 : end;
    *end = 0;
    if (end > line && end[-1] == '\r')
        end[-1] = 0;
    return line;
}

int list_read_ids(struct list *l, const char *path, struct err *e)
{
    size_t size;
    int r = load(l, path, MOST_LIST, &size, e);
    char *cursor = l->text, *line;

    for (int64_t n = 1; r == 0 && (line = next_line(&cursor)); n++) {
        struct listed *item;
        r = check_id(l, line, strlen(line), n, e);
        if (r == 0)
            r = add(l, line, n, &item, e);
    }
    return r ? r : sort(l, e);
}

static int bad_label(const struct list *l, const struct listed *item, const char *text, int classes,
                     struct err *e)
{
    size_t length = strcspn(text, " \t");

    return err_set(e, ERR_INPUT, "%s:%lld: label %lld of %s is \"%.*s\", expected 0 to %d", l->path,
                   (long long)item->line, (long long)item->count + 1, item->id,
                   length < 20 ? (int)length : 20, text, classes - 1);
}

/* The labels of one line; *used counts those of the whole file. */
static int parse_labels(struct list *l, struct listed *item, char *text, int classes, int64_t *used,
                        struct err *e)
{
    item->first = *used;
    for (text += strspn(text, " \t"); *text; text += strspn(text, " \t")) {
        const char *start = text;
        int label = 0;
        for (; *text >= '0' && *text <= '9' && label < classes; text++)
            label = 10 * label + (*text - '0');
        if (text == start || label >= classes || (*text && *text != ' ' && *text != '\t'))
            return bad_label(l, item, start, classes, e);
        l->labels[(*used)++] = (uint8_t)label;
        item->count++;
    }
    if (item->count == 0)
        return err_set(e, ERR_INPUT, "%s:%lld: utterance %s has no labels", l->path, (long long)item->line,
                       item->id);
    return 0;
}

int list_read_labels(struct list *l, const char *path, int classes, struct err *e)
{
    size_t size;
    int64_t used = 0;
    int r = load(l, path, MOST_LABELS, &size, e);
    char *cursor = l->text, *line;

    if (r == 0 && !(l->labels = malloc(size / 2 + 1))) /* a label takes a digit and a space */
        r = err_memory(e, path, size / 2);
    for (int64_t n = 1; r == 0 && (line = next_line(&cursor)); n++) {
        struct listed *item = NULL;
        size_t length = strcspn(line, " \t");
        char *rest = line + length + (line[length] != 0);
        line[length] = 0;
        r = check_id(l, line, length, n, e);
        if (r == 0)
            r = add(l, line, n, &item, e);
        if (r == 0)
            r = parse_labels(l, item, rest, classes, &used, e);
    }
    return r ? r : sort(l, e);
}

const struct listed *list_find(const struct list *l, const char *id)
{
    int64_t low = 0, high = l->count;

    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        int order = strcmp(l->sorted[middle].id, id);
        if (order == 0)
            return &l->sorted[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

void list_free(struct list *l)
{
    free(l->path);
    free(l->text);
    free(l->items);
    free(l->sorted);
    free(l->labels);
    *l = (struct list){0};
}
