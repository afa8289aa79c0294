#include "app/command-help.h"

#include <string.h>

#include "race/commands.h"

static int commands(void)
{
    int n = 0;

    while (command_text(n))
        n++;
    return n;
}

static int race_commands(void)
{
    int n = 0;

    while (race_command_text(n))
        n++;
    return n;
}

/* Of a view: what its key says. */
static int tell_view(enum view_id view, struct command_text *t)
{
    const char key[] = "view-";

    for (int i = 0; key_row(i); i++)
        if (strncmp(key_row(i)->name, key, strlen(key)) == 0 &&
            strcmp(key_row(i)->name + strlen(key), view_name(view)) == 0) {
            *t = (struct command_text){view_name(view), "", key_row(i)->help};
            return 1;
        }
    return 0;
}

/* The landscape's view has a command. */
int command_line_tell(int i, struct command_text *t)
{
    static const enum view_id views[] = {VIEW_TRAIN, VIEW_CURVATURE, VIEW_RACE};
    const struct command_text *text = command_text(i);
    int view = i - commands() - race_commands();

    if (!text)
        text = race_command_text(i - commands());
    if (text) {
        *t = *text;
        return 1;
    }
    return view >= 0 && view < (int)(sizeof views / sizeof *views) && tell_view(views[view], t);
}

const char *command_line_tell_word(int i, int k)
{
    if (i < commands())
        return command_line_word(i, k);
    i -= commands();
    return i < race_commands() ? race_command_word(i, "", k) : NULL;
}
