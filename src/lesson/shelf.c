/* SPDX-License-Identifier: MIT */
#include "lesson/shelf.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "core/file.h"
#include "core/text.h"
#include "data/dataset.h"

enum { GLOSSARY_BYTES = 1 << 18 };

/* ---- folders ---------------------------------------------------------------------------------- */

/* Those that come with saddle: beside the data sets in an installed tree, beside their folder in a build tree. */
static char *home_folder(void)
{
    char *home = dataset_home(), *path = home ? text_format("%s/lessons", home) : NULL;

    if (path && access(path, R_OK) != 0) {
        free(path);
        path = text_format("%s/../lessons", home);
    }
    free(home);
    return path;
}

char *shelf_own_folder(void)
{
    return file_xdg("data", "lessons");
}

static char *language_folder(char *folder, const char *language)
{
    char *path = folder && *language ? text_format("%s/%s", folder, language) : NULL;

    if (*language)
        free(folder);
    return *language ? path : folder;
}

/* Only letters, digits and - : it becomes part of a path. */
static int is_language(const char *text)
{
    size_t n = strlen(text);

    if (n < 2 || n >= SHELF_LANGUAGE)
        return 0;
    for (; *text; text++)
        if (!isalnum((unsigned char)*text) && *text != '-')
            return 0;
    return 1;
}

void shelf_language(const char *wanted, char out[SHELF_LANGUAGE])
{
    char name[SHELF_LANGUAGE], *folder;

    out[0] = '\0';
    snprintf(name, sizeof name, "%.*s", (int)strcspn(wanted, ".@"), wanted);
    for (char *at = name; *at; at++)
        *at = *at == '_' ? '-' : *at;
    if (!is_language(name) || strncasecmp(name, "en", 2) == 0)
        return;
    if (strncasecmp(name, "zh-Hant", 7) == 0 || strcasecmp(name, "zh-HK") == 0 || strcasecmp(name, "zh-TW") == 0)
        text_copy(name, sizeof name, "zh-TW");
    folder = language_folder(home_folder(), name);
    if (folder && access(folder, R_OK) == 0)
        text_copy(out, SHELF_LANGUAGE, name);
    free(folder);
}

void shelf_user_language(const char *option, char out[SHELF_LANGUAGE])
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    const char *wanted = option;

    for (int i = 0; i < 3 && !(wanted && *wanted); i++)
        wanted = getenv(names[i]);
    shelf_language(wanted ? wanted : "", out);
}

/* ---- the list --------------------------------------------------------------------------------- */

static int is_lesson(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name);

    return n > 3 && entry->d_name[0] != '.' && strcmp(entry->d_name + n - 3, ".md") == 0 &&
           strcmp(entry->d_name, "glossary.md") != 0 && strcmp(entry->d_name, "README.md") != 0;
}

static void read_entry(struct shelf_entry *x, char *path, int own)
{
    struct lesson *l;
    const char *base = strrchr(path, '/') + 1;

    *x = (struct shelf_entry){.path = path, .own = own};
    if (lesson_read(&l, path, &x->why) == 0) {
        x->number = l->number;
        memcpy(x->name, l->name, sizeof x->name);
        x->title = strdup(l->title);
        x->minutes = l->minutes;
        lesson_free(l);
        return;
    }
    x->number = lesson_number(base);
    base += x->number ? strcspn(base, "-") + 1 : 0;
    snprintf(x->name, sizeof x->name, "%.*s", (int)strlen(base) - 3, base);
}

static void forget_entry(struct shelf_entry *x)
{
    free(x->path);
    free(x->title);
}

/* In the place of one that has its name, or a new one. */
static void put(struct shelf *s, const struct shelf_entry *x)
{
    for (int i = 0; i < s->count; i++)
        if (strcmp(s->entry[i].name, x->name) == 0) {
            forget_entry(&s->entry[i]);
            s->entry[i] = *x;
            return;
        }
    if (s->count < SHELF_LESSONS)
        s->entry[s->count++] = *x;
    else
        free(x->path), free(x->title);
}

/* Folders without lessons are as good as none. */
static int add_folder(struct shelf *s, char *folder, int own, struct err *e)
{
    struct dirent **found = NULL;
    int count = folder ? scandir(folder, &found, is_lesson, alphasort) : -1, r = 0;

    for (int i = 0; i < count; i++) {
        char *path = r ? NULL : text_format("%s/%s", folder, found[i]->d_name);
        struct shelf_entry x;
        free(found[i]);
        if (!path) {
            r = r ? r : err_memory(e, "the list of lessons", 256);
            continue;
        }
        read_entry(&x, path, own);
        put(s, &x);
    }
    free(found);
    free(folder);
    return r;
}

static int by_number(const void *a, const void *b)
{
    const struct shelf_entry *x = a, *y = b;
    int nx = x->number ? x->number : 1 << 20, ny = y->number ? y->number : 1 << 20;

    return nx != ny ? (nx > ny) - (nx < ny) : strcmp(x->name, y->name);
}

/* The glossary of a folder, which is freed, malloced; NULL: there is none. */
static char *glossary_of(char *folder)
{
    char *path = folder ? text_format("%s/glossary.md", folder) : NULL, *bytes = NULL;
    size_t size;

    free(folder);
    if (!path || file_read(path, GLOSSARY_BYTES, &bytes, &size, NULL) != 0)
        bytes = NULL;
    free(path);
    return bytes;
}

static void add_terms(struct shelf *s, char *folder)
{
    char *bytes = glossary_of(folder);

    for (const char *at = bytes; at && (at = strstr(at, "\n## ")) && s->terms < SHELF_TERMS; at += 4) {
        char *name = text_format("%.*s", (int)strcspn(at + 4, "\r\n"), at + 4);
        if (name && *name)
            s->term[s->terms++] = name;
        else
            free(name);
    }
    free(bytes);
}

int shelf_open(struct shelf **out, const char *language, struct err *e)
{
    struct shelf *s = calloc(1, sizeof *s);
    int r;

    *out = NULL;
    if (!s)
        return err_memory(e, "the list of lessons", sizeof *s);
    text_copy(s->language, sizeof s->language, language);
    r = add_folder(s, home_folder(), 0, e);
    if (r == 0 && *language)
        r = add_folder(s, language_folder(home_folder(), language), 0, e);
    if (r == 0)
        r = add_folder(s, shelf_own_folder(), 1, e);
    if (r == 0 && *language)
        r = add_folder(s, language_folder(shelf_own_folder(), language), 1, e);
    if (r) {
        shelf_free(s);
        return r;
    }
    add_terms(s, language_folder(home_folder(), language));
    if (!s->terms)
        add_terms(s, home_folder());
    add_terms(s, shelf_own_folder());
    qsort(s->entry, (size_t)s->count, sizeof s->entry[0], by_number);
    *out = s;
    return 0;
}

void shelf_free(struct shelf *s)
{
    for (int i = 0; s && i < s->terms; i++)
        free(s->term[i]);
    for (int i = 0; s && i < s->count; i++)
        forget_entry(&s->entry[i]);
    free(s);
}

const struct shelf_entry *shelf_find(const struct shelf *s, const char *name)
{
    char *end;
    long number = strtol(name, &end, 10);

    for (int i = 0; i < s->count; i++)
        if (strcmp(s->entry[i].name, name) == 0 || (*name && !*end && number > 0 && s->entry[i].number == number))
            return &s->entry[i];
    return NULL;
}

int shelf_read(const struct shelf *s, const char *name, struct lesson **l, struct err *e)
{
    size_t n = strlen(name);
    const struct shelf_entry *x;

    if (strchr(name, '/') || (n > 3 && strcmp(name + n - 3, ".md") == 0))
        return lesson_read(l, name, e);
    x = shelf_find(s, name);
    if (!x)
        return err_set(e, ERR_USAGE, "there is no lesson \"%.60s\"; saddle lesson list shows all", name);
    return lesson_read(l, x->path, e);
}

/* ---- the glossary ----------------------------------------------------------------------------- */

/* "minimum-ratio", as a link of Markdown has it, is the heading "Minimum ratio". */
static int is_heading(const char *line, const char *term)
{
    size_t n = strcspn(line, "\r\n");

    for (size_t i = 0; i < n || term[i]; i++) {
        unsigned char a = (unsigned char)(i < n ? line[i] : 0), b = (unsigned char)term[i];
        if (!a || !b || (tolower(a == ' ' ? '-' : a) != tolower(b == ' ' ? '-' : b)))
            return 0;
    }
    return 1;
}

static char *term_in(char *folder, const char *term)
{
    char *bytes = glossary_of(folder), *found = NULL;

    for (const char *at = bytes; at && !found && (at = strstr(at, "\n## ")); at += 4)
        if (is_heading(at + 4, term)) {
            const char *end = strstr(at + 4, "\n## ");
            found = text_format("%.*s", end ? (int)(end - at - 4) : (int)strlen(at + 4), at + 4);
        }
    free(bytes);
    if (found)
        for (char *at = found; *at; at++)
            *at = *at == '\r' ? ' ' : *at;
    return found;
}

char *shelf_term(const struct shelf *s, const char *term)
{
    char *found = *s->language ? term_in(language_folder(home_folder(), s->language), term) : NULL;

    if (!found)
        found = term_in(home_folder(), term);
    return found ? found : term_in(shelf_own_folder(), term);
}
