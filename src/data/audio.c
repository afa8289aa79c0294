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

/* What libsndfile has opened, or NULL where it would not. */
static int read_opened(struct audio *a, SNDFILE *file, const SF_INFO *info, const char *path, struct err *e)
{
    int r;

    if (!file)
        return err_set(e, ERR_INPUT, "%s: is not audio that can be read: %s", path, sf_strerror(NULL));
    r = check_format(info, path, e);
    if (r == 0)
        r = read_samples(a, file, info->frames, path, e);
    sf_close(file);
    if (r != 0)
        audio_free(a);
    return r;
}

int audio_read(struct audio *a, const char *path, struct err *e)
{
    SF_INFO info = {0};
    int fd, r;

    *a = (struct audio){0};
    r = open_regular(path, &fd, e);
    if (r != 0)
        return r;
    r = read_opened(a, sf_open_fd(fd, SFM_READ, &info, 0), &info, path, e);
    close(fd);
    return r;
}

/* ---- from a pipe ---------------------------------------------------------------------------- */

/* A recording in memory, as libsndfile reads it. */
struct memory_file {
    char *bytes;
    sf_count_t size, at;
};

static sf_count_t memory_length(void *context)
{
    return ((struct memory_file *)context)->size;
}

static sf_count_t memory_seek(sf_count_t offset, int whence, void *context)
{
    struct memory_file *m = context;
    sf_count_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? m->at : m->size;

    if (offset < -from || offset > m->size - from)
        return -1;
    return m->at = from + offset;
}

static sf_count_t memory_read(void *to, sf_count_t count, void *context)
{
    struct memory_file *m = context;
    sf_count_t n = count < m->size - m->at ? count : m->size - m->at;

    memcpy(to, m->bytes + m->at, (size_t)n);
    m->at += n;
    return n;
}

static sf_count_t memory_tell(void *context)
{
    return ((struct memory_file *)context)->at;
}

static int grow(struct memory_file *m, size_t *room, struct err *e)
{
    size_t more = *room ? 2 * *room : 1 << 16;
    char *bytes = realloc(m->bytes, more);

    if (!bytes)
        return err_memory(e, "a recording", more);
    m->bytes = bytes;
    *room = more;
    return 0;
}

/* All that comes, up to the size of the longest recording that is taken and its header. */
static int read_all(struct memory_file *m, int fd, const char *name, struct err *e)
{
    enum { MOST = AUDIO_MOST * (int)sizeof(float) + (1 << 20) };
    size_t room = 0;
    ssize_t n;

    do {
        int r = (size_t)m->size == room ? grow(m, &room, e) : 0;
        if (r)
            return r;
        n = read(fd, m->bytes + m->size, room - (size_t)m->size);
        if (n < 0 && errno != EINTR)
            return err_set(e, ERR_INPUT, "%s: cannot read: %s", name, strerror(errno));
        m->size += n > 0 ? n : 0;
        if (m->size > MOST)
            return err_set(e, ERR_INPUT, "%s: more than %d bytes, longer than half an hour", name, MOST);
    } while (n != 0);
    return 0;
}

int audio_read_stream(struct audio *a, int fd, const char *name, struct err *e)
{
    static SF_VIRTUAL_IO calls = {.get_filelen = memory_length, .seek = memory_seek, .read = memory_read, .tell = memory_tell};
    struct memory_file m = {0};
    SF_INFO info = {0};
    int r;

    *a = (struct audio){0};
    r = read_all(&m, fd, name, e);
    if (r == 0)
        r = read_opened(a, sf_open_virtual(&calls, SFM_READ, &info, &m), &info, name, e);
    free(m.bytes);
    return r;
}

void audio_free(struct audio *a)
{
    free(a->samples);
    *a = (struct audio){0};
}
