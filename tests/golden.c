#include "golden.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/text.h"
#include "source-path.h"

static void compare_text(const char *name, const char *text)
{
    char *path = text_format("%s/%s.txt", source_path("tests/golden"), name), *golden = NULL;
    struct err e = {0};
    size_t size;

    assert_non_null(path);
    if (getenv("SADDLE_UPDATE_GOLDEN"))
        assert_int_equal(file_replace(path, text, strlen(text), &e), 0);
    if (file_read(path, 1 << 20, &golden, &size, &e))
        fail_msg("%s", e.text);
    if (strcmp(golden, text) != 0)
        fail_msg("%s differs; this is drawn now:\n%s", path, text);
    free(golden);
    free(path);
}

void golden_screen(const char *name, struct stage *s, int w, int h, enum charset charset)
{
    static const char *const suffixes[] = {"", "-block", "-ascii"};
    struct canvas c;
    char *text, *file = text_format("%s-%dx%d%s", name, w, h, suffixes[charset]);

    assert_int_equal(canvas_init(&c, w, h, charset), 0);
    app_resize(&s->app, w, h);
    app_draw(&s->app, &c);
    text = canvas_to_text(&c);
    compare_text(file, text);
    free(text);
    free(file);
    canvas_free(&c);
}

void golden_guarded(const struct model *m, const struct pane *pane, int w, int h, enum charset charset)
{
    enum { EDGE = 3, SENTINEL = 0x2603 };
    struct canvas c, part;

    assert_int_equal(canvas_init(&c, w + 2 * EDGE, h + 2 * EDGE, charset), 0);
    for (int i = 0; i < c.w * c.h; i++)
        c.cells[i] = (struct cell){SENTINEL, 0, STYLE_COUNT, 0};
    part = canvas_part(&c, (struct rect){EDGE, EDGE, w, h});
    if (!pane)
        help_draw(m, &part);
    else
        pane->draw(m, &part);
    for (int y = 0; y < c.h; y++)
        for (int x = 0; x < c.w; x++)
            if (x < EDGE || y < EDGE || x >= EDGE + w || y >= EDGE + h)
                if (c.cells[y * c.w + x].ch != SENTINEL || c.cells[y * c.w + x].style != STYLE_COUNT)
                    fail_msg("%s at %d×%d writes outside, at %d, %d", pane ? pane->name : "the help", w, h, x - EDGE, y - EDGE);
    canvas_free(&c);
}
