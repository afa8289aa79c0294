/* SPDX-License-Identifier: MIT */
#include "data/audio.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sndfile.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Only a regular file is opened: a pipe has no length to check, and a device may never end. */
static int open_regular(const char *path, int *fd, struct err *e)
{
    struct stat s;
    int bad;

    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (*fd < 0)
        return err_set(e, ERR_INPUT, "%s: cannot read: %s", path, strerror(errno));
    bad = fstat(*fd, &s) != 0 || !S_ISREG(s.st_mode);
    if (!bad)
        return 0;
    close(*fd);
    return err_set(e, ERR_INPUT, "%s: is not a regular file", path);
}

static int check_format(const SF_INFO *info, const char *path, struct err *e)
{
    if (info->samplerate != AUDIO_RATE)
        return err_set(e, ERR_INPUT, "%s: %d samples a second, expected %d", path, info->samplerate,
                       AUDIO_RATE);
    if (info->channels != 1)
        return err_set(e, ERR_INPUT, "%s: %d channels, expected 1", path, info->channels);
    if (info->frames < AUDIO_LEAST)
        return err_set(e, ERR_INPUT, "%s: %lld samples, at least %d make a frame", path,
                       (long long)info->frames, AUDIO_LEAST);
    if (info->frames > AUDIO_MOST)
        return err_set(e, ERR_INPUT, "%s: %lld samples, at most %d (half an hour) are taken", path,
                       (long long)info->frames, AUDIO_MOST);
    return 0;
}

static int read_samples(struct audio *a, SNDFILE *file, int64_t count, const char *path, struct err *e)
{
    sf_count_t got;

    a->samples = malloc((size_t)count * sizeof *a->samples);
    if (!a->samples)
        return err_memory(e, "audio", (unsigned long long)count * sizeof *a->samples);
    got = sf_readf_float(file, a->samples, count);
    if (got != count)
        return err_set(e, ERR_INPUT, "%s: ends after %lld of %lld samples", path, (long long)got,
                       (long long)count);
    a->count = count;
    for (int64_t i = 0; i < count; i++) {
        a->samples[i] *= 32768;
        if (!isfinite(a->samples[i]))
            return err_set(e, ERR_INPUT, "%s: sample %lld is not finite", path, (long long)i);
    }
    return 0;
}

int audio_read(struct audio *a, const char *path, struct err *e)
{
    SF_INFO info = {0};
    SNDFILE *file;
    int fd, r;

    *a = (struct audio){0};
    r = open_regular(path, &fd, e);
    if (r != 0)
        return r;
    file = sf_open_fd(fd, SFM_READ, &info, 0);
    if (!file) {
        r = err_set(e, ERR_INPUT, "%s: is not audio that can be read: %s", path, sf_strerror(NULL));
    } else {
        r = check_format(&info, path, e);
        if (r == 0)
            r = read_samples(a, file, info.frames, path, e);
        sf_close(file);
    }
    close(fd);
    if (r != 0)
        audio_free(a);
    return r;
}

void audio_free(struct audio *a)
{
    free(a->samples);
    *a = (struct audio){0};
}
