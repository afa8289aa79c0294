/* SPDX-License-Identifier: MIT */
/* Errors: a function that can fail returns 0 or a negative code and fills a
 * struct err with one sentence the user can act on, naming file and place:
 *     features.pt: tensor is 3-D, expected [frames, 39]
 * The engine never prints and never exits; the front end does both. */
#ifndef SADDLE_CORE_ERR_H
#define SADDLE_CORE_ERR_H

enum err_code { /* also the exit code of a command that ends on it */
    ERR_RUNTIME = 1,  /* out of memory, disk full, a thread that would not start */
    ERR_USAGE = 2,    /* an unknown name, a value out of bounds, on the command line or the palette */
    ERR_INPUT = 3,    /* a file that does not hold what it should */
    ERR_DIVERGED = 4, /* training met a value that is not finite */
    ERR_CANCELLED = 5 /* the user asked to stop; never an exit code of its own */
};

struct err {
    int code;       /* enum err_code, 0 while nothing went wrong */
    char text[480]; /* one sentence that prints (core/text.h), no full stop at the end */
};

/* Fill e (which may be NULL) and return -code, so that "return err_set(...)" reads well. */
int err_set(struct err *e, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The error is about what stands in this file: put its name before the sentence, unless it is there. Returns -code. */
int err_in_file(struct err *e, const char *path);

/* The sentence for a failed allocation of `bytes` for `what`; returns -ERR_RUNTIME. */
int err_memory(struct err *e, const char *what, unsigned long long bytes);

#endif
