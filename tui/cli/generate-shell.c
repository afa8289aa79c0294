/* SPDX-License-Identifier: MIT */
/* Completions. The first word is a command; an option there belongs to `saddle lab`. */
#include <stdio.h>
#include <string.h>

#include "cli/generate.h"
#include "run/hyperparameter.h"

static void print_knobs(const char *suffix)
{
    for (int i = 0; i < KNOB_COUNT; i++)
        printf("%s%s%s", i ? " " : "", knob_row((enum knob_id)i)->name, suffix);
}

static void print_commands(void)
{
    for (int i = 0; cmd_at(i); i++)
        printf("%s%s", i ? " " : "", cmd_at(i)->name);
}

/* Text between single quotes; `special` characters get a backslash. */
static void quoted(const char *text, const char *special)
{
    for (; *text; text++) {
        if (*text == '\'')
            fputs("'\\'", stdout);
        else if (strchr(special, *text))
            putchar('\\');
        putchar(*text);
    }
}

/* ---- bash ------------------------------------------------------------------------------------ */

/* The words an option's value may be, and files where it may be one. */
static void bash_values(void)
{
    for (int i = 0; cmd_at(i); i++) {
        struct cmd_option o;
        const char *help = NULL;
        int at = 0;
        while (generate_option(cmd_at(i), &at, &help, &o))
            if (o.value[0] && strcmp(o.name, "set") != 0) {
                const char *choices = generate_choices(&o);
                printf("    %s:--%s) _saddle_words '%s'%s; return ;;\n", cmd_at(i)->name, o.name, choices ? choices : "",
                       generate_takes_file(&o) ? "; _saddle_files" : "");
            }
    }
}

static void bash_verbs(void)
{
    for (int i = 0; cmd_at(i); i++)
        if (cmd_at(i)->verbs)
            printf("    %s:2) _saddle_words '%s'; return ;;\n", cmd_at(i)->name, cmd_at(i)->verbs);
}

/* The values of settings that have names. */
static void bash_knob_values(void)
{
    for (int i = 0; i < KNOB_COUNT; i++) {
        const struct knob *row = knob_row((enum knob_id)i);
        if (!generate_knob_choice((enum knob_id)i, 0))
            continue;
        printf("        %s%s%s) words='", row->name, row->alias ? "|" : "", row->alias ? row->alias : "");
        for (int k = 0; generate_knob_choice((enum knob_id)i, k); k++)
            printf("%s%s", k ? " " : "", generate_knob_choice((enum knob_id)i, k));
        puts("' ;;");
    }
}

static void bash_options(void)
{
    for (int i = 0; cmd_at(i); i++) {
        struct cmd_option o;
        const char *help = NULL;
        int at = 0;
        printf("    %s) words='", cmd_at(i)->name);
        while (generate_option(cmd_at(i), &at, &help, &o))
            printf("--%s ", o.name);
        puts("' ;;");
    }
}

/* Bash cuts words at '=': --set optimizer=adam comes as four, --surface=saddle as three. */
static const char bash_begin[] =
    "# bash completion for saddle; written by saddle --generate bash\n"
    "_saddle_words() {\n    mapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$cur\")\n}\n"
    "# Names with spaces are typed with a backslash or after a quote; readline puts it back.\n"
    "_saddle_files() {\n    local name=${cur//\\\\/}\n    name=${name#[\\\"\\']}\n    compopt -o filenames\n"
    "    mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- \"$name\")\n}\n"
    "_saddle() {\n"
    "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}\n"
    "    local words= before= at=0\n"
    "    COMPREPLY=()\n    case $command in -*) command=lab ;; esac\n"
    "    if [ \"$cur\" = = ]; then\n        at=$COMP_CWORD cur=\n"
    "    elif [ \"$prev\" = = ]; then\n        at=$((COMP_CWORD - 1))\n    fi\n"
    "    if [ \"$at\" -gt 1 ]; then\n"
    "        prev=${COMP_WORDS[at-1]} before=${COMP_WORDS[at-2]}\n"
    "        [ \"$before\" != = ] || before=${COMP_WORDS[at-3]}\n    fi\n";

void generate_bash(void)
{
    fputs(bash_begin, stdout);
    fputs("    if [ \"$COMP_CWORD\" -eq 1 ] && [ \"${cur#-}\" = \"$cur\" ]; then\n        _saddle_words '", stdout);
    print_commands();
    puts("'\n        return\n    fi\n    if [ \"$before\" = --set ]; then\n        case $prev in");
    bash_knob_values();
    puts("        esac\n        _saddle_words \"$words\"\n        return\n    fi\n    case $command:$prev in");
    fputs("    *:--set) compopt -o nospace; _saddle_words '", stdout);
    print_knobs("=");
    puts("'; return ;;");
    bash_values();
    puts("    esac\n    case $command:$COMP_CWORD in");
    bash_verbs();
    puts("    esac\n    case $command in");
    bash_options();
    puts("    esac\n    case $cur in\n    -*) _saddle_words \"$words\" ;;\n    *) _saddle_files ;;\n    esac\n}\n"
         "complete -F _saddle saddle");
}

/* ---- zsh ------------------------------------------------------------------------------------- */

static void zsh_option(const struct cmd_option *o)
{
    const char *choices = generate_choices(o);

    printf(" \\\n        '%s--%s%s[", strcmp(o->name, "set") == 0 ? "*" : "", o->name, o->value[0] ? "=" : "");
    quoted(o->text, "[]:\\");
    putchar(']');
    if (strcmp(o->name, "set") == 0) {
        fputs(":setting:(", stdout);
        print_knobs("\\=");
        putchar(')');
    } else if (choices && generate_takes_file(o))
        printf(":value:_saddle_%s", o->name);
    else if (choices)
        printf(":value:(%s)", choices);
    else if (o->value[0])
        printf(":value:%s", generate_takes_file(o) ? "_files" : " ");
    putchar('\'');
}

static void zsh_command(const struct cmd *c)
{
    struct cmd_option o;
    const char *help = NULL;
    int at = 0;

    printf("    %s)\n        _arguments", c->name);
    while (generate_option(c, &at, &help, &o))
        zsh_option(&o);
    if (c->verbs)
        printf(" \\\n        '1:verb:(%s)'", c->verbs);
    puts(" \\\n        '*:file:_files' ;;");
}

/* The options of `lab` whose value is a word or a file have a function each; other commands share them by name. */
static void zsh_words_or_files(void)
{
    struct cmd_option o;
    const char *help = NULL;
    int at = 0;

    while (generate_option(&cmd_lab, &at, &help, &o))
        if (generate_choices(&o) && generate_takes_file(&o))
            printf("_saddle_%s() {\n    _alternative 'names:name:(%s)' 'files:file:_files'\n}\n", o.name,
                   generate_choices(&o));
}

void generate_zsh(void)
{
    puts("#compdef saddle\n# written by saddle --generate zsh");
    zsh_words_or_files();
    puts("_saddle() {\n    local command=$words[2]\n"
         "    local -a commands\n    commands=(");
    for (int i = 0; cmd_at(i); i++) {
        printf("        '%s:", cmd_at(i)->name);
        quoted(cmd_at(i)->summary, ":\\");
        puts("'");
    }
    puts("    )\n    if (( CURRENT == 2 )) && [[ $command != -* ]]; then\n        _describe command commands\n"
         "        return\n    fi\n    if [[ $command == -* ]]; then\n        command=lab\n    else\n"
         "        shift words\n        (( CURRENT-- ))\n    fi\n    case $command in");
    for (int i = 0; cmd_at(i); i++)
        zsh_command(cmd_at(i));
    puts("    esac\n}\n_saddle \"$@\"");
}

/* ---- fish ------------------------------------------------------------------------------------ */

static void fish_no_other(void)
{
    fputs("complete -c saddle -n 'not __fish_seen_subcommand_from", stdout);
    for (int i = 0; cmd_at(i); i++)
        if (cmd_at(i) != &cmd_lab)
            printf(" %s", cmd_at(i)->name);
    putchar('\'');
}

/* The values that have names, after their settings. */
static void fish_knob_values(void)
{
    for (int i = 0; i < KNOB_COUNT; i++)
        for (int k = 0; generate_knob_choice((enum knob_id)i, k); k++)
            printf(" %s=%s", knob_row((enum knob_id)i)->name, generate_knob_choice((enum knob_id)i, k));
}

static void fish_option(const char *command, const struct cmd_option *o)
{
    const char *choices = generate_choices(o);

    if (strcmp(command, "lab") == 0) /* the command one need not name */
        fish_no_other();
    else
        printf("complete -c saddle -n '__fish_seen_subcommand_from %s'", command);
    printf(" -l %s", o->name);
    if (o->letter[0])
        printf(" -s %s", o->letter);
    if (o->value[0])
        fputs(generate_takes_file(o) ? " -r -F" : " -x", stdout);
    if (choices)
        printf(" -a '%s'", choices);
    if (strcmp(o->name, "set") == 0) {
        fputs(" -a '", stdout);
        print_knobs("=");
        fish_knob_values();
        putchar('\'');
    }
    fputs(" -d '", stdout);
    quoted(o->text, "\\");
    puts("'");
}

void generate_fish(void)
{
    puts("# fish completion for saddle; written by saddle --generate fish");
    for (int i = 0; cmd_at(i); i++) {
        printf("complete -c saddle -n __fish_use_subcommand -f -a %s -d '", cmd_at(i)->name);
        quoted(cmd_at(i)->summary, "\\");
        puts("'");
        if (cmd_at(i)->verbs)
            printf("complete -c saddle -n '__fish_seen_subcommand_from %s' -a '%s'\n", cmd_at(i)->name,
                   cmd_at(i)->verbs);
    }
    for (int i = 0; cmd_at(i); i++) {
        struct cmd_option o;
        const char *help = NULL;
        int at = 0;
        while (generate_option(cmd_at(i), &at, &help, &o))
            fish_option(cmd_at(i)->name, &o);
    }
}
