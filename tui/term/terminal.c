/* SPDX-License-Identifier: MIT */
#include "term/terminal.h"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>

#include "draw/escape.h"
#include "term/stray-output.h"
#include "term/signals.h"
#include "term/crash.h"

enum { ESCAPE_MS = 25 };

static struct {
    SCREEN *screen;
    FILE *out;           /* the terminal, apart from stdout */
    int out_fd;          /* the same */
    WINDOW *keys;        /* a pad: reading from it never draws */
    struct termios modes;
    enum charset charset;
    struct cell *shown;  /* what is on the screen */
    int w, h;
    attr_t attribute[STYLE_COUNT];
    short pair[STYLE_COUNT];
    int colours;
    int direct; /* cells are written past curses, with grounds; without, shades are glyphs */
    enum theme theme;
    enum colormap colormap; /* of what is shown */
    struct escape_page page;
    int mouse;
    char remark[160];
} term = {.out_fd = -1};

/* ---- opening --------------------------------------------------------------------------------- */

/* vt100 and its kin had no Unicode at all. */
static int terminal_is_plain(void)
{
    const char *name = getenv("TERM");

    return name && strncmp(name, "vt", 2) == 0;
}

static enum charset choose_charset(int ascii)
{
    const char *name = getenv("TERM");

    if (ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        return CHARSET_ASCII;
    if (name && strcmp(name, "linux") == 0)
        return CHARSET_BLOCK; /* the console's fonts have no braille */
    return terminal_is_plain() ? CHARSET_ASCII : CHARSET_BRAILLE;
}

/* A locale nobody chose ("C") costs the fine plots; tell how to have them, once, unless something else is wrong. */
static void remark_on_locale(int ascii)
{
    const char *locale = setlocale(LC_CTYPE, NULL);
    int chosen = !locale || (strcmp(locale, "C") != 0 && strcmp(locale, "POSIX") != 0);

    if (ascii || chosen || terminal_is_plain() || term.remark[0])
        return;
    snprintf(term.remark, sizeof term.remark, "The locale is %s, so plots are drawn in ASCII. LANG=C.UTF-8 gives finer plots.",
             locale);
}

static int can(const char *capability)
{
    const char *s = tigetstr(capability);

    return s && s != (char *)-1;
}

/* Whether terminfo knows the terminal: 1, 0, or −1 when it cannot place its cursor. Asked before
 * curses starts, which would print what such a terminal cannot show. */
static int terminal_known(const char *name)
{
    int found, places;

    if (!name || !*name || setupterm(name, term.out_fd, &found) != OK)
        return 0;
    places = can("cup");
    del_curterm(cur_term);
    return places ? 1 : -1;
}

void term_describe(char *out, size_t size)
{
    const char *name = getenv("TERM");
    int found;

    snprintf(out, size, "TERM=%.40s is not known here", name ? name : "");
    if (!name || !*name || setupterm(name, STDOUT_FILENO, &found) != OK)
        return;
    snprintf(out, size, "%.40s: %d colours%s%s", name, tigetnum("colors") > 0 ? tigetnum("colors") : 0,
             can("cup") ? "" : ", cannot place its cursor", can("kmous") ? ", mouse" : "");
    del_curterm(cur_term);
}

static int new_screen(struct err *e)
{
    const char *name = getenv("TERM");
    int known = terminal_known(name);

    term.remark[0] = '\0';
    if (known < 0)
        return err_set(e, ERR_RUNTIME,
                       "the terminal (TERM=%.40s) cannot place its cursor; saddle train runs without a screen", name);
    if (!known)
        snprintf(term.remark, sizeof term.remark, "TERM=%.40s is not known here: taken for xterm-256color",
                 name ? name : "");
    term.screen = newterm(known ? name : "xterm-256color", term.out, stdin);
    if (!term.screen)
        return err_set(e, ERR_RUNTIME, "TERM=%.40s is not known here, nor is xterm-256color: install ncurses-term",
                       name ? name : "");
    return 0;
}

/* ---- colours ---------------------------------------------------------------------------------- */

/* Whether all colours can be shown: the terminal says so by itself, or by its terminfo entry. GNU screen hands on what
 * another terminal said of itself. */
static int has_true_colour(void)
{
    const char *says = getenv("COLORTERM"), *name = getenv("TERM");
    int screen = name && strncmp(name, "screen", 6) == 0 && !getenv("TMUX");

    if (tigetflag("RGB") > 0 || tigetflag("Tc") > 0 || tigetnum("RGB") > 0 || can("RGB"))
        return 1;
    return says && !screen && (strcmp(says, "truecolor") == 0 || strcmp(says, "24bit") == 0);
}

/* The sequences of escape.h are those of this terminal. */
static int is_ecma(void)
{
    return can("cup") && strcmp(tigetstr("cup"), "\033[%i%p1%d;%p2%dH") == 0;
}

static int count_colours(const struct term_options *o)
{
    const char *no_color = getenv("NO_COLOR");

    if (o->no_color || (no_color && *no_color) || !has_colors() || start_color() != OK)
        return 0;
    use_default_colors();
    if (o->colours >= 0)
        return o->colours < COLORS || is_ecma() ? o->colours : COLORS;
    return COLORS >= 8 && is_ecma() && has_true_colour() ? TRUE_COLOUR : COLORS;
}

static short make_pair(int s, int colour)
{
    if (term.colours < 8 || colour >= COLORS || colour < 0 || s + 1 >= COLOR_PAIRS)
        return 0;
    return init_pair((short)(s + 1), (short)colour, -1) == OK ? (short)(s + 1) : 0;
}

static void init_styles(const struct term_options *o)
{
    term.colours = count_colours(o);
    term.direct = term.colours >= 256 && is_ecma();
    term.theme = o->palette;
    for (int s = 0; s < STYLE_COUNT; s++) {
        struct ink ink = style_ink(o->palette, term.colours, (enum style)s);
        term.attribute[s] = (ink.attributes & INK_BOLD ? A_BOLD : 0) | (ink.attributes & INK_DIM ? A_DIM : 0) |
                            (ink.attributes & INK_REVERSE ? A_REVERSE : 0) |
                            (ink.attributes & INK_UNDERLINE ? A_UNDERLINE : 0);
        term.pair[s] = make_pair(s, ink.colour);
    }
}

static void add_capability(char *bytes, size_t *size, size_t room, const char *name)
{
    const char *s = can(name) ? tigetstr(name) : "";

    if (*size + strlen(s) < room) {
        memcpy(bytes + *size, s, strlen(s));
        *size += strlen(s);
    }
}

/* Text written after a crash, when terminfo can no longer be used. */
static void prepare_restore(void)
{
    static const char mouse_off[] = "\033[?1000l\033[?1002l\033[?1006l";
    char bytes[400];
    size_t size = 0;

    if (term.mouse) {
        memcpy(bytes, mouse_off, sizeof mouse_off - 1);
        size = sizeof mouse_off - 1;
    }
    add_capability(bytes, &size, sizeof bytes, "rmkx");
    add_capability(bytes, &size, sizeof bytes, "sgr0");
    add_capability(bytes, &size, sizeof bytes, "cnorm");
    add_capability(bytes, &size, sizeof bytes, "rmcup");
    crash_restore(term.out_fd, bytes, size, &term.modes);
}

/* Ask for the movement of the pointer while its button is down, or no more; curses itself never does. */
static void follow_drags(int on)
{
    static const char codes[2][9] = {"\033[?1002l", "\033[?1002h"};
    ssize_t n = term.mouse && term.out_fd >= 0 ? write(term.out_fd, codes[on], 8) : 0;

    (void)n; /* a terminal that is gone is found out by whoever reads from it */
}

static void init_input(const struct term_options *o)
{
    const char *delay = getenv("ESCDELAY");

    cbreak();
    noecho();
    nonl();
    curs_set(0);
    term.keys = newpad(1, 1);
    keypad(term.keys, TRUE);
    nodelay(term.keys, TRUE);
    set_escdelay(delay && *delay ? (int)strtol(delay, NULL, 10) : ESCAPE_MS);
    term.mouse = 0;
    if (!o->no_mouse && can("kmous")) {
        mouseinterval(0);
        term.mouse = mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED | REPORT_MOUSE_POSITION, NULL) != 0;
    }
}

int term_open(const struct term_options *o, struct err *e)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &term.modes))
        return err_set(e, ERR_RUNTIME, "the lab needs a terminal; saddle train runs without one");
    term.out_fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    term.out = term.out_fd < 0 ? NULL : fdopen(term.out_fd, "w");
    if (!term.out)
        return err_set(e, ERR_RUNTIME, "the terminal cannot be opened: %s", strerror(errno));
    if (term_signal_init(e) || new_screen(e)) {
        struct err cause = *e;
        term_close();
        *e = cause;
        return -cause.code;
    }
    term.charset = choose_charset(o->ascii);
    remark_on_locale(o->ascii);
    init_input(o);
    init_styles(o);
    refresh(); /* what curses begins a screen with */
    follow_drags(1);
    prepare_restore();
    term_prints_keep();
    return 0;
}

void term_close(void)
{
    if (term.keys)
        delwin(term.keys);
    term.keys = NULL;
    if (term.screen) {
        follow_drags(0);
        endwin();
        delscreen(term.screen);
        tcsetattr(STDIN_FILENO, TCSANOW, &term.modes);
    }
    term.screen = NULL;
    term_signal_free();
    term_prints_replay();
    if (term.out)
        fclose(term.out);
    term.out = NULL;
    term.out_fd = -1;
    free(term.shown);
    term.shown = NULL;
    term.w = term.h = 0;
    escape_free(&term.page);
}

enum charset term_charset(void)
{
    return term.charset;
}

const char *term_remark(void)
{
    return term.remark;
}

int term_fd(void)
{
    return STDIN_FILENO;
}

void term_size(int *w, int *h)
{
    struct winsize size;

    *w = COLS;
    *h = LINES;
    if (ioctl(term.out_fd, TIOCGWINSZ, &size) == 0 && size.ws_col && size.ws_row) {
        *w = size.ws_col < 1000 ? size.ws_col : 1000;
        *h = size.ws_row < 1000 ? size.ws_row : 1000;
    }
}

int term_is_gone(void)
{
    int waiting = 0;

    return ioctl(STDIN_FILENO, FIONREAD, &waiting) < 0 || waiting == 0;
}

/* ---- input ------------------------------------------------------------------------------------- */

static uint32_t hand_of(wint_t key)
{
    static const struct {
        int curses;
        uint32_t hand;
    } hands[] = {
        {KEY_UP, INPUT_UP},         {KEY_DOWN, INPUT_DOWN},       {KEY_LEFT, INPUT_LEFT}, {KEY_RIGHT, INPUT_RIGHT},
        {KEY_PPAGE, INPUT_PAGE_UP}, {KEY_NPAGE, INPUT_PAGE_DOWN}, {KEY_HOME, INPUT_HOME}, {KEY_END, INPUT_END},
        {KEY_DC, INPUT_DELETE},     {KEY_BTAB, INPUT_BACK_TAB},   {KEY_ENTER, INPUT_ENTER},
        {KEY_BACKSPACE, INPUT_BACKSPACE}, {KEY_SLEFT, INPUT_SHIFT_LEFT}, {KEY_SRIGHT, INPUT_SHIFT_RIGHT},
    };

    if (key >= KEY_F(1) && key <= KEY_F(12))
        return INPUT_F1 + key - KEY_F(1);
    for (size_t i = 0; i < sizeof hands / sizeof *hands; i++)
        if ((wint_t)hands[i].curses == key)
            return hands[i].hand;
    return 0;
}

static int read_mouse(struct event *event)
{
    MEVENT m;

    if (getmouse(&m) != OK)
        return 0;
    event->x = m.x;
    event->y = m.y;
    event->key = m.bstate & BUTTON4_PRESSED   ? INPUT_WHEEL_UP
                 : m.bstate & BUTTON5_PRESSED ? INPUT_WHEEL_DOWN
                 : m.bstate & BUTTON1_PRESSED ? INPUT_PRESS
                 : m.bstate & REPORT_MOUSE_POSITION ? INPUT_DRAG
                                              : 0;
    return event->key != 0;
}

int term_read(struct event *event)
{
    wint_t key;

    for (;;) {
        int kind = wget_wch(term.keys, &key);
        memset(event, 0, sizeof *event);
        if (kind == ERR)
            return 0;
        if (kind == OK) {
            event->key = (uint32_t)key;
            return 1;
        }
        if (key == KEY_MOUSE ? read_mouse(event) : (event->key = hand_of(key)) != 0)
            return 1;
    }
}

/* ---- output ------------------------------------------------------------------------------------ */

static int fit_to(int w, int h)
{
    struct cell *cells;

    if (term.shown && w == term.w && h == term.h)
        return 0;
    cells = realloc(term.shown, (size_t)w * (size_t)h * sizeof *cells);
    if (!cells)
        return -1;
    term.shown = cells;
    term.w = w;
    term.h = h;
    resizeterm(h, w);
    return 1;
}

/* Curses writes what the C library knows the width of: of octants (Unicode 16) it may know none. */
static wchar_t known_to_curses(uint32_t ch)
{
    return (wchar_t)(ch > 0xffff && wcwidth((wchar_t)ch) < 0 ? mosaic_as_braille(ch) : ch);
}

static void put_cell(int x, int y, struct cell cell)
{
    wchar_t text[3] = {known_to_curses(cell.ch), (wchar_t)cell.mark, 0};
    cchar_t out;

    if (cell.ch && setcchar(&out, text, term.attribute[cell.style], term.pair[cell.style], NULL) == OK)
        mvadd_wch(y, x, &out);
}

/* To the terminal, all of it; a terminal that is gone is found out by whoever reads from it. */
static void send(const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t sent = write(term.out_fd, bytes, n);
        struct pollfd p = {.fd = term.out_fd, .events = POLLOUT};
        if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
            poll(&p, 1, -1);
            continue;
        }
        if (sent <= 0)
            return;
        bytes += sent;
        n -= (size_t)sent;
    }
}

static int show_directly(const struct canvas *c, int whole)
{
    static const char clear[] = "\033[0m\033[H\033[2J";
    int left;

    if (whole) {
        send(clear, sizeof clear - 1);
        escape_blank(term.shown, (size_t)c->w * (size_t)c->h);
    } else if (c->colormap != term.colormap)
        for (int i = 0; i < c->w * c->h; i++) /* another shade than any: the cell is sent anew */
            if (term.shown[i].shade || term.shown[i].low)
                term.shown[i].shade = UINT16_MAX;
    term.colormap = c->colormap;
    term.page.used = 0;
    term.page.failed = 0;
    left = escape_update(&term.page, c, term.theme, term.colours, term.shown);
    send(term.page.bytes, term.page.used);
    return left;
}

static void show_by_curses(const struct canvas *c, int whole)
{
    if (whole) {
        erase();
        clearok(stdscr, TRUE);
    }
    for (int y = 0; y < c->h; y++)
        for (int x = 0; x < c->w; x++) {
            struct cell cell = canvas_cell_flat(c, x, y);
            struct cell *shown = &term.shown[y * c->w + x];
            if (!whole && shown->ch == cell.ch && shown->mark == cell.mark && shown->style == cell.style)
                continue;
            *shown = cell;
            put_cell(x, y, cell);
        }
    refresh();
}

int term_show(const struct canvas *c, int whole)
{
    int fitted = fit_to(c->w, c->h);

    if (fitted < 0)
        return 0;
    if (term.direct)
        return show_directly(c, fitted || whole);
    show_by_curses(c, fitted || whole);
    return 0;
}

void term_suspend(void)
{
    follow_drags(0);
    endwin();
    tcsetattr(STDIN_FILENO, TCSANOW, &term.modes);
}

void term_resume(void)
{
    reset_prog_mode(); /* a shell may have changed them */
    refresh();
    curs_set(0);
    clearok(stdscr, TRUE);
    follow_drags(1);
}
