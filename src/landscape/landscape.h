/* SPDX-License-Identifier: MIT */
/* A landscape: the loss over a slice through given weights, and the figures that belong under it. One call
 * for front ends, free of `real`; the network is computed in float, as it is trained. landscape-find.h is the
 * same for any objective.
 *
 * Batch norm is in evaluation mode with the running statistics of the point, dropout off, weight decay no
 * part of the loss, as in probe.h. On the line between two points running means are mixed linearly, as the
 * weights are, and variances geometrically (σ₀²)^(1−a) (σ₁²)^a: so both ends are the losses of these networks
 * to the bit and no variance becomes negative beyond them. Mixed statistics are not those of the mixed
 * network: with point.batch_statistics they are taken from the batch at every place instead (the ends are
 * then in batch mode too). A curve is computed in that way throughout: batch norm takes its statistics from the batch
 * at every point of it, as at every point of the line beside it. */
#ifndef SADDLE_LANDSCAPE_LANDSCAPE_H
#define SADDLE_LANDSCAPE_LANDSCAPE_H

#include "landscape/grid.h"
#include "hessian/probe.h"
#include "landscape/sharpness-report.h"

enum landscape_kind {
    LANDSCAPE_RANDOM,   /* two random filter-normalised directions */
    LANDSCAPE_GRADIENT, /* the gradient, and what H g has orthogonal to it */
    LANDSCAPE_TOP,      /* eigenvectors of the two largest eigenvalues */
    LANDSCAPE_ENDS,     /* of the largest and of the most negative one */
    LANDSCAPE_LINE,     /* from the point, 0, to another, 1; one axis */
    LANDSCAPE_PCA,      /* principal components of a path that ends in the point */
    LANDSCAPE_CURVE,    /* the line again, and beside it a curve of low loss (bezier.h) between the same ends */
    LANDSCAPE_KINDS
};

/* "random" …, NULL beyond the last; and back, or −1. */
const char *landscape_kind_name(int kind);
int landscape_kind_find(const char *name);
/* Whether it leads to another point: a line, a curve. */
int landscape_kind_joins(int kind);

enum { LANDSCAPE_POINTS = 21, LANDSCAPE_LINE_POINTS = 81 };

struct landscape;
/* Whenever there is more to show: what is being done and counted ("landscape, point"), and how far. Everything in l
 * that is there already may be looked at (landscape_grid_picture). Not 0 ends the work with ERR_CANCELLED. */
typedef int landscape_progress(void *context, const struct landscape *l, const char *what, int done, int of);

struct landscape_wish {
    enum landscape_kind kind;
    int axes;   /* 1 or 2; 0: as many as the kind has */
    int points; /* of an axis, odd; 0: LANDSCAPE_POINTS, of one axis LANDSCAPE_LINE_POINTS */
    /* Extent from the point along each axis, in lengths of θ's filters (random), in distance (a line: beyond
     * its ends, as a share of it). 0: 1 (random), ½ (line), all of the path and a margin, or as far as the
     * loss should double (landscape-extent.h). */
    double extent;
    int no_figures; /* the heights alone */
    int vectors;    /* the directions themselves are kept */
    double epsilon; /* of the sharpness; 0: SHARPNESS_EPSILON */
    int curve_steps;   /* of the curve's training; 0: BEZIER_STEPS */
    double curve_rate; /* 0: BEZIER_RATE */
    uint64_t seed;
    landscape_progress *progress; /* may be NULL */
    void *context;
};

struct landscape_direction { /* of an axis; NaN: not asked for */
    const char *name;
    double length;               /* of the step from coordinate 0 to 1, in weight space */
    double slope, curvature;     /* gᵀd and dᵀHd at the point */
    double eigenvalue, residual; /* ‖Hd − λd‖ */
    int converged;               /* the residual is at most a tenth of |λ| */
    double share;                /* of the path's variance */
};

struct landscape_foot {             /* the figures under a point; NaN where not there (yet) */
    double loss, highest, residual; /* f, λmax */
    int converged;
    struct sharpness_report sharpness;
};

/* A point of a path beside the plane it is drawn on; NaN: not there (yet). */
struct landscape_path_point {
    double loss, on_plane; /* at the point itself, and at its place on the plane */
    double distance;       /* from the plane, as |θ − place| … */
    double length;         /* … and from the plane's origin, |θ − θ₀| */
};

struct landscape {
    enum landscape_kind kind;
    int64_t parameters;
    int axes;
    struct landscape_direction direction[2];
    struct landscape_grid grid;
    int feet; /* 1; of a line 2: its other end */
    struct landscape_foot foot[2];
    int path_points;
    double (*path)[2]; /* [path_points] coordinates, the last (0, 0) */
    struct landscape_path_point *path_point; /* [path_points] */
    /* Of a curve: the loss on it at the grid's coordinates, of the line at z; NaN where unknown. */
    double *curve; /* [grid.x.points] or NULL */
    /* How much higher than between the ends' losses it gets on the way: the largest
     *     loss(t) − ((1 − t) loss(0) + t loss(1))
     * over the grid's 0 ≤ t ≤ 1, of the line and of the curve; NaN: not known. */
    double line_barrier, curve_barrier;
    float *control; /* [parameters] the curve's control point; NULL unless wished for */
    int products;      /* with the Hessian, for eigenvalues */
    /* Of each axis the step from coordinate 0 to 1, [parameters]: at (x, y) stands θ + x vector[0] + y vector[1]
     * (on a line in other words, (1 − x) θ + x other). NULL unless wished for. */
    float *vector[2];
};

struct landscape_ask {
    /* Of this the point, how it is to be computed, shards, pool and cancel (see probe.h). */
    struct probe_ask point;
    struct landscape_wish wish;
    const float *other, *other_statistics; /* the line's other end */
    /* Of pca, 2 … PCA_MOST_POINTS; on other planes it is shown as it falls on them, if there is one: */
    int path_points;
    const float *const *path;              /* [path_points][parameters], the last one is the point's theta */
    const struct probe_batch *train;       /* of a curve: what its mini-batches are cut from */
};

struct landscape_network {
    /* Errors: ERR_INPUT, ERR_RUNTIME, ERR_DIVERGED (a point that is not finite, where figures or directions
     * need it), ERR_CANCELLED; l is empty then. */
    int (*run)(const struct landscape_ask *a, struct landscape *l, struct err *e);
};
extern const struct landscape_network landscape_network_f, landscape_network_d;

int landscape_run(const struct landscape_ask *a, struct landscape *l, struct err *e);
void landscape_free(struct landscape *l);

#endif
