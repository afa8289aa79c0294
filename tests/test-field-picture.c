/* SPDX-License-Identifier: MIT */
/* A map as a picture: its image, lines and labels against the surface they are made of. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "draw/contour-lines.h"
#include "draw/field.h"
#include "draw/png.h"
#include "draw/thin.h"
#include "markup.h"

enum { N = 25, W = 640, H = 480, LETTERS = 32 };

/* A turned bowl 2 (x − .3)² + 7 (y + .1)² + (x − .3)(y + .1) over −2 … 2 and −1 … 1. */
static double bowl(double x, double y)
{
    x -= .3, y += .1;
    return 2 * x * x + 7 * y * y + x * y;
}

static double bowl_slope(double x, double y)
{
    x -= .3, y += .1;
    return hypot(4 * x + y, 14 * y + x);
}

struct scene {
    float z[N * N];
    struct field_mark mark;
    struct field f;
};

static void scene_init(struct scene *s, double aspect)
{
    *s = (struct scene){
        .mark = {.name = "minimum", .x = .3, .y = -.1, .style = STYLE_STRONG, .glyph = 0xd7},
        .f = {.name = "bowl", .x = {.lo = -2, .hi = 2, .unit = "x"}, .y = {.lo = -1, .hi = 1, .unit = "y"}, .z_name = "loss", .columns = N, .rows = N,
              .mark_count = 1, .aspect = aspect},
    };
    for (int i = 0; i < N * N; i++)
        s->z[i] = (float)bowl(-2 + 4. * (i % N) / (N - 1), -1 + 2. * (i / N) / (N - 1));
    s->f.z = s->z;
    s->f.marks = &s->mark;
    field_fit(&s->f, 4);
}

/* The map on the page. */
struct box {
    double x, y, w, h;
};

static struct box box_of(const char *text)
{
    struct box b;
    const char *at = strstr(text, "<image class=\"cells\"");

    assert_non_null(at);
    assert_int_equal(sscanf(at, "<image class=\"cells\" x=\"%lf\" y=\"%lf\" width=\"%lf\" height=\"%lf\"", &b.x, &b.y, &b.w, &b.h), 4);
    return b;
}

static double to_x(const struct box *b, double px)
{
    return -2 + 4 * (px - b->x) / b->w;
}

static double to_y(const struct box *b, double py)
{
    return 1 - 2 * (py - b->y) / b->h;
}

/* ---- lines -------------------------------------------------------------------------------------- */

/* How far a point of the page is from the ellipse of a level, in pixels. */
static double away(const struct box *b, double level, double px, double py)
{
    double x = to_x(b, px), y = to_y(b, py);

    return fabs(bowl(x, y) - level) / bowl_slope(x, y) * b->w / 4;
}

static int check_line(const struct box *b, double level, const char *d, int *pieces)
{
    int points = 0, used;
    double x, y, before[2] = {0, 0};

    for (; *d != '"'; d += used) {
        if (*d == 'Z') {
            used = 1;
            continue;
        }
        assert_int_equal(sscanf(d + 1, "%lf %lf%n", &x, &y, &used), 2);
        used++;
        *pieces += *d == 'M';
        if (away(b, level, x, y) > .5)
            fail_msg("level %g: %g, %g is %g pixels off", level, x, y, away(b, level, x, y));
        if (*d == 'L' && away(b, level, (x + before[0]) / 2, (y + before[1]) / 2) > .5)
            fail_msg("level %g: the middle before %g, %g is off", level, x, y);
        before[0] = x, before[1] = y;
        points++;
    }
    return points;
}

static void lines_are_the_ellipses(void **state)
{
    struct scene s;
    struct box b;
    char *text;
    int levels = 0;

    (void)state;
    scene_init(&s, 2);
    text = field_to_svg(&s.f, THEME_LIGHT, W, H);
    markup_check(text);
    b = box_of(text);
    for (const char *at = text; (at = strstr(at, "class=\"contour\" data-level=\"")) != NULL; at++, levels++) {
        double level = atof(at + strlen("class=\"contour\" data-level=\""));
        int pieces = 0, closed = level < 6; /* these do not reach the border */
        const char *d = strstr(at, " d=\"") + 4;
        int points = check_line(&b, level, d, &pieces);
        if (closed)
            assert_true(points > 20 && pieces == 1 && strchr(d, '"')[-1] == 'Z');
    }
    assert_true(levels >= 5);
    free(text);
}

static void a_grid_is_walked_from_end_to_end(void **state)
{
    enum { SIDE = 8 };
    struct contour_lines lines = {0};
    float z[SIDE * SIDE];

    (void)state;
    for (int i = 0; i < SIDE * SIDE; i++)
        z[i] = (float)((i % SIDE - 3.5) * (i / SIDE - 3.5)); /* a saddle: four open lines at ±2 */
    for (int sign = -1; sign <= 1; sign += 2) {
        assert_int_equal(contour_lines_find(&lines, z, SIDE, SIDE, 2 * sign), 0);
        assert_int_equal(lines.lines, 2);
        for (int i = 0; i < 2; i++) {
            const double *first = lines.at[lines.line[i].first], *last = lines.at[lines.line[i].first + lines.line[i].count - 1];
            assert_true(first[0] == 0 || first[1] == 0 || first[0] == SIDE - 1 || first[1] == SIDE - 1);
            assert_true(last[0] == 0 || last[1] == 0 || last[0] == SIDE - 1 || last[1] == SIDE - 1);
        }
    }
    for (int i = 0; i < SIDE * SIDE; i++)
        z[i] = i == 27 || i == 45 ? 1 : 0; /* two peaks */
    z[63] = NAN;
    assert_int_equal(contour_lines_find(&lines, z, SIDE, SIDE, .5), 0);
    assert_int_equal(lines.lines, 2);
    assert_int_equal(lines.line[0].count, 5);
    assert_memory_equal(lines.at[0], lines.at[4], sizeof *lines.at);
    contour_lines_free(&lines);
}

static void thin_lines_stay_near(void **state)
{
    enum { COUNT = 2000 };
    static double at[COUNT][2], time[COUNT];
    static uint8_t keep[COUNT];

    (void)state;
    for (int i = 0; i < COUNT; i++) {
        double t = 20. * i / COUNT;
        at[i][0] = 100 * exp(-.1 * t) * cos(t), at[i][1] = 100 * exp(-.1 * t) * sin(t) + (i > 1000 ? 20 : 0);
        time[i] = t * t;
    }
    for (int timed = 0; timed < 2; timed++) {
        const struct thin_line l = {COUNT, (const double (*)[2])at, timed ? time : NULL};
        int kept = thin_line(&l, .5, keep), last = 0;
        assert_true(kept > 20 && kept < COUNT / 4 && keep[0] && keep[COUNT - 1]);
        for (int next = 1; next < COUNT; next++) {
            if (!keep[next])
                continue;
            for (int i = last; timed && i <= next; i++) {
                double s = (time[i] - time[last]) / (time[next] - time[last]);
                assert_true(hypot(at[last][0] + s * (at[next][0] - at[last][0]) - at[i][0], at[last][1] + s * (at[next][1] - at[last][1]) - at[i][1]) < .5001);
            }
            last = next;
        }
    }
    assert_int_equal(thin_line(&(const struct thin_line){1, (const double (*)[2])at, NULL}, .5, keep), 1);
}

/* ---- labels ------------------------------------------------------------------------------------- */

struct label {
    double x, y, angle, width;
    char text[LETTERS];
};

static int find_labels(const char *text, struct label *label, int most)
{
    int n = 0;

    for (const char *at = text; (at = strstr(at, "<text class=\"level\"")) != NULL && n < most; at++, n++) {
        const char *body = strchr(at, '>') + 1;
        assert_int_equal(sscanf(at, "<text class=\"level\" transform=\"translate(%lf %lf) rotate(%lf)\"", &label[n].x, &label[n].y, &label[n].angle), 3);
        snprintf(label[n].text, LETTERS, "%.*s", (int)strcspn(body, "<"), body);
        label[n].width = 6 * (double)strlen(label[n].text);
        assert_true(fabs(label[n].angle) <= 90.01);
    }
    return n;
}

static double nearest(const struct label *a, const struct label *b)
{
    double least = INFINITY;

    for (int i = -4; i <= 4; i++)
        for (int k = -4; k <= 4; k++) {
            double s = a->width * i / 8, t = b->width * k / 8, u = a->angle * M_PI / 180, v = b->angle * M_PI / 180;
            least = fmin(least, hypot(a->x + s * cos(u) - b->x - t * cos(v), a->y + s * sin(u) - b->y - t * sin(v)));
        }
    return least;
}

static void labels_stand_on_their_lines(void **state)
{
    enum { MOST = 40, HIGH = 11 };
    struct label label[MOST];
    struct scene s;

    (void)state;
    for (int size = 0; size < 3; size++) {
        scene_init(&s, 2);
        char *text = field_to_svg(&s.f, THEME_DARK, W - 50 * size, H);
        struct box b = box_of(text);
        int n = find_labels(text, label, MOST);
        assert_true(n >= 3);
        for (int i = 0; i < n; i++) {
            assert_true(away(&b, atof(label[i].text), label[i].x, label[i].y) < 3);
            for (int k = 0; k < i; k++)
                if (nearest(&label[i], &label[k]) < HIGH)
                    fail_msg("\"%s\" and \"%s\" touch", label[i].text, label[k].text);
        }
        free(text);
    }
}

/* ---- the axes ----------------------------------------------------------------------------------- */

static void equal_axes_are_equal(void **state)
{
    static const double aspects[] = {2, 1, .5, 3.9, .26};
    struct scene s;
    struct box b;
    char *text;

    (void)state;
    for (size_t i = 0; i < sizeof aspects / sizeof *aspects; i++) {
        scene_init(&s, aspects[i]);
        text = field_to_svg(&s.f, THEME_LIGHT, W, H);
        b = box_of(text);
        assert_true(fabs(b.w - aspects[i] * b.h) <= .5 + .5 * aspects[i]);
        assert_null(strstr(text, "same scale"));
        free(text);
    }
    for (int thin = 0; thin < 2; thin++) { /* too thin, and of two units */
        scene_init(&s, thin ? 4.2 : 0);
        text = field_to_svg(&s.f, THEME_LIGHT, W, H);
        b = box_of(text);
        assert_true(b.w > 300 && b.h > 300);
        assert_true(!strstr(text, "axes not to the same scale") == !thin);
        free(text);
    }
}

/* ---- what is not finite --------------------------------------------------------------------------- */

static void holes_are_named(void **state)
{
    static const float hole[] = {NAN, INFINITY, -INFINITY};
    struct scene s;

    (void)state;
    for (int i = 0; i < 3; i++) {
        char *text;
        scene_init(&s, 2);
        text = field_to_svg(&s.f, THEME_LIGHT, W, H);
        assert_null(strstr(text, "hatch"));
        free(text);
        s.z[5 * N + 5] = s.z[5 * N + 6] = s.z[0] = hole[i];
        text = field_to_svg(&s.f, THEME_LIGHT, W, H);
        markup_check(text);
        assert_true(markup_count(text, "pattern", NULL) == 1 && markup_count(text, "rect", "hole") == 2);
        assert_non_null(strstr(text, ">loss not finite</text>"));
        assert_true(!strstr(text, "nan") && !strstr(text, "inf"));
        free(text);
    }
    for (int i = 0; i < N * N; i++)
        s.z[i] = NAN;
    char *text = field_to_svg(&s.f, THEME_LIGHT, W, H);
    markup_check(text);
    free(text);
}

/* ---- the image ------------------------------------------------------------------------------------ */

static uint32_t word(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void check_image(int w, int h, int kind)
{
    uint8_t *pixel = malloc((size_t)w * (size_t)h), *rows = malloc((size_t)(w + 1) * (size_t)h), *file;
    struct png_picture p = {.w = w, .h = h, .pixel = pixel};
    size_t size;
    uLongf unpacked;
    unsigned seed = 1;

    for (int i = 0; i < w * h; i++) {
        seed = seed * 1103515245u + 12345u;
        pixel[i] = (uint8_t)(kind == 0 ? 7 : kind == 1 ? seed >> 16 : (unsigned)(i % w * (i / w)) / 64);
    }
    file = png_encode(&p, &size);
    assert_non_null(file);
    assert_memory_equal(file, "\x89PNG\r\n\x1a\n", 8);
    assert_int_equal(word(file + 16), w);
    assert_int_equal(word(file + 20), h);
    for (size_t at = 8; at < size; at += 12 + word(file + at)) {
        if (memcmp(file + at + 4, "IDAT", 4) != 0)
            continue;
        unpacked = (uLongf)((w + 1) * h);
        assert_int_equal(uncompress(rows, &unpacked, file + at + 8, word(file + at)), Z_OK);
        assert_int_equal(unpacked, (w + 1) * h);
        for (int y = 0; y < h; y++) {
            assert_int_equal(rows[y * (w + 1)], 2); /* each row as its difference from the one above */
            for (int x = 0; x < w; x++)
                assert_int_equal(rows[y * (w + 1) + 1 + x], (uint8_t)(pixel[y * w + x] - (y ? pixel[(y - 1) * w + x] : 0)));
        }
    }
    assert_memory_equal(file + size - 8, "IEND", 4);
    assert_int_equal(word(file + size - 4), 0xae426082); /* as everybody's */
    free(file);
    free(rows);
    free(pixel);
}

static void an_image_is_what_it_was(void **state)
{
    (void)state;
    for (int kind = 0; kind < 3; kind++) {
        check_image(1, 1, kind);
        check_image(3, 2, kind);
        check_image(200, 150, kind);
        check_image(480, 432, kind);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_the_ellipses),
        cmocka_unit_test(a_grid_is_walked_from_end_to_end),
        cmocka_unit_test(thin_lines_stay_near),
        cmocka_unit_test(labels_stand_on_their_lines),
        cmocka_unit_test(equal_axes_are_equal),
        cmocka_unit_test(holes_are_named),
        cmocka_unit_test(an_image_is_what_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
