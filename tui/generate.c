#include "generate.h"

#include <stdio.h>
#include <string.h>

int generate_option(const struct cmd *c, int *at, const char **help, struct cmd_option *o)
{
    const char *const texts[] = {c->help, c->more, "  --help  what there is\n"};

    for (; *at < 3; ++*at, *help = NULL) {
        if (!*help)
            *help = texts[*at] ? texts[*at] : "";
        if (cmd_option_next(help, o))
            return 1;
    }
    return 0;
}

const char *generate_choices(const struct cmd_option *o)
{
    static const struct {
        const char *option, *choices;
    } known[] = {{"palette", "dark light contrast"}, {"split", "train val test"}, {"recipe", "quick simple medium strong rnn boss-window boss-utterance"},
                 {"directions", "random gradient top ends line pca"}};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].option, o->name) == 0)
            return known[i].choices;
    return NULL;
}

int generate_takes_file(const struct cmd_option *o)
{
    return strstr(o->value, "FILE") || strcmp(o->value, "D") == 0;
}

int generate(const char *what)
{
    static const struct {
        const char *name;
        void (*write)(void);
    } kinds[] = {{"man", generate_man}, {"bash", generate_bash}, {"zsh", generate_zsh}, {"fish", generate_fish}};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, what) == 0) {
            kinds[i].write();
            return fflush(stdout) || ferror(stdout) ? ERR_RUNTIME : 0;
        }
    fprintf(stderr, "saddle: --generate %s: choose from man, bash, zsh, fish\n", what);
    return ERR_USAGE;
}
