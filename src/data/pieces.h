/* SPDX-License-Identifier: MIT */
/* Pieces: utterances cut into stretches of at most so many frames, the last one of each shorter: the
 * examples of whole-utterance training, where every frame has its label. */
#ifndef SADDLE_DATA_PIECES_H
#define SADDLE_DATA_PIECES_H

#include "data/split.h"

struct piece_set {
    const struct frame_set *set; /* borrowed */
    int length;                  /* frames of a piece, at most */
    int64_t count;
    int64_t *first;              /* [utterances + 1] number of its first piece; first[utterances] = count */
};

/* length ≥ 1. Errors: ERR_RUNTIME, no memory. Free accepts a zeroed struct. */
int piece_set_make(struct piece_set *p, const struct frame_set *set, int length, struct err *e);
void piece_set_free(struct piece_set *p);

/* Piece number i of [0, count): its first frame in the data set, and in *frames how many it has. */
int64_t piece_set_locate(const struct piece_set *p, const struct dataset *d, int64_t i, int *frames);

#endif
