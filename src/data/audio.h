/* SPDX-License-Identifier: MIT */
/* Speech from a file: 16 kHz, one channel, any container and sample format libsndfile reads. */
#ifndef SADDLE_DATA_AUDIO_H
#define SADDLE_DATA_AUDIO_H

#include <stdint.h>

#include "core/err.h"

enum {
    AUDIO_RATE = 16000,               /* samples a second; nothing is resampled */
    AUDIO_LEAST = 400,                /* samples: one frame of data/mfcc.h */
    AUDIO_MOST = 30 * 60 * AUDIO_RATE /* half an hour, 115 MB as float */
};

struct audio {
    float *samples; /* [count], in the scale of 16-bit integers, −32768 … 32767, whatever the file's */
    int64_t count;
};

/* Errors: ERR_INPUT, naming the path, for what is not there, not audio, of another rate, of several
 * channels, too short, too long, damaged, or holds a value that is not finite. A wav file that is cut
 * off is taken as far as it goes. */
int audio_read(struct audio *a, const char *path, struct err *e);
/* The same of what comes through a pipe until it ends; `name` is what errors call it. Of at most as many bytes as half an
 * hour in 32 bits has. */
int audio_read_stream(struct audio *a, int fd, const char *name, struct err *e);
/* Accepts a zeroed struct and what a failed read left. */
void audio_free(struct audio *a);

#endif
