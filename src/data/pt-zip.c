/* SPDX-License-Identifier: MIT */
#include "data/pt-zip.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/memory.h"

enum { MOST_ENTRIES = 10000 };
static const int64_t most_bytes = (int64_t)1 << 32; /* of a file */

/* Check the first bytes before libzip does, for an error that fits. */
static int check_kind(struct pt_zip *r, int fd)
{
    static const unsigned char old[4] = {0x80, 0x02, 0x8a, 0x0a}, zip[4] = {'P', 'K', 3, 4};
    unsigned char start[4] = {0};
    struct stat st;

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return err_set(r->e, ERR_INPUT, "%s: not a regular file", r->path);
    if (st.st_size > most_bytes)
        return err_set(r->e, ERR_INPUT, "%s: larger than %lld MB", r->path,
                       (long long)(most_bytes / 1000000));
    r->file_size = st.st_size;
    if (pread(fd, start, sizeof start, 0) == 4 && memcmp(start, old, 4) == 0)
        return err_set(
            r->e, ERR_INPUT,
            "%s: saved in PyTorch's old format (before 1.6); load it there and torch.save it again", r->path);
    if (memcmp(start, zip, 4) != 0)
        return err_set(r->e, ERR_INPUT, "%s: not a .pt file: torch.save writes a zip",
                       r->path);
    return 0;
}

int pt_zip_open(struct pt_zip *r)
{
    /* Not blocking: a pipe in the place of a file must not hang the lab. */
    int fd = open(r->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), why, bad;

    if (fd < 0)
        return err_set(r->e, ERR_INPUT, "%s: cannot read: %s", r->path, strerror(errno));
    bad = check_kind(r, fd);
    if (bad == 0)
        r->zip = zip_fdopen(fd, 0, &why);
    if (!r->zip)
        close(fd);
    if (bad == 0 && !r->zip)
        bad = err_set(r->e, ERR_INPUT, "%s: truncated or damaged: the zip's directory is missing", r->path);
    if (r->zip && zip_get_num_entries(r->zip, 0) > MOST_ENTRIES)
        bad =
            err_set(r->e, ERR_INPUT, "%s: a zip of more than %d entries is not a .pt file", r->path, MOST_ENTRIES);
    return bad;
}

static int check_entry(const struct pt_zip *r, const zip_stat_t *st, int64_t most)
{
    if (st->comp_method != ZIP_CM_STORE || st->encryption_method != ZIP_EM_NONE)
        return err_set(r->e, ERR_INPUT, "%s: %.60s is compressed or encrypted; torch.save does neither",
                       r->path, st->name);
    if (st->size != st->comp_size || st->size > (zip_uint64_t)most || st->size > (zip_uint64_t)r->file_size)
        return err_set(r->e, ERR_INPUT, "%s: %.60s claims %llu bytes, more than saddle supports", r->path, st->name,
                       (unsigned long long)st->size);
    return 0;
}

/* Read an entry of at most `most` bytes whole; the caller frees *bytes, after an error too. */
static int read_entry(const struct pt_zip *r, zip_int64_t entry, int64_t most, unsigned char **bytes,
                      int64_t *size)
{
    zip_stat_t st;
    zip_file_t *file;
    zip_int64_t got = -1, rest = -1;
    int bad;

    if (zip_stat_index(r->zip, (zip_uint64_t)entry, 0, &st) != 0)
        return err_set(r->e, ERR_INPUT, "%s: the zip is damaged", r->path);
    bad = check_entry(r, &st, most);
    if (bad)
        return bad;
    *size = (int64_t)st.size;
    if (memory_need(r->path, st.size, r->e))
        return -ERR_RUNTIME;
    *bytes = malloc((size_t)st.size + 1);
    if (!*bytes)
        return err_memory(r->e, r->path, st.size);
    file = zip_fopen_index(r->zip, (zip_uint64_t)entry, 0);
    if (file) {
        got = zip_fread(file, *bytes, st.size);
        rest = zip_fread(file, *bytes + st.size, 1); /* the check sum is compared at the end */
        zip_fclose(file);
    }
    if (got != *size || rest != 0)
        return err_set(r->e, ERR_INPUT, "%s: truncated or damaged: %.60s cannot be read", r->path, st.name);
    return 0;
}

static int find_pickle(struct pt_zip *r)
{
    zip_int64_t n = zip_get_num_entries(r->zip, 0);
    int found = 0;

    for (zip_int64_t i = 0; i < n; i++) {
        const char *name = zip_get_name(r->zip, (zip_uint64_t)i, ZIP_FL_ENC_RAW);
        const char *slash = name ? strchr(name, '/') : NULL;
        if (!slash || strcmp(slash, "/data.pkl") != 0)
            continue;
        r->pickle = i;
        r->stem = (size_t)(slash - name) + 1;
        found++;
    }
    if (found == 1)
        return 0;
    return err_set(r->e, ERR_INPUT, "%s: a zip with %s data.pkl is not a .pt file", r->path,
                   found ? "more than one" : "no");
}

/* The entry STEM/name beside the pickle, or −1. */
static zip_int64_t find_entry(const struct pt_zip *r, const char *name)
{
    const char *pickle = zip_get_name(r->zip, (zip_uint64_t)r->pickle, ZIP_FL_ENC_RAW);
    char wanted[400];
    int n = snprintf(wanted, sizeof wanted, "%.*s%s", (int)r->stem, pickle, name);

    return n > 0 && (size_t)n < sizeof wanted ? zip_name_locate(r->zip, wanted, ZIP_FL_ENC_RAW) : -1;
}

/* PyTorch notes the byte order since 2.1; before, it was that of the machine, nearly always this one. */
static int check_byte_order(const struct pt_zip *r)
{
    zip_int64_t entry = find_entry(r, "byteorder");
    unsigned char *bytes = NULL;
    int64_t size;
    int bad = entry < 0 ? 0 : read_entry(r, entry, PT_MOST_NOTE, &bytes, &size);

    if (bad == 0 && entry >= 0 && (size != 6 || memcmp(bytes, "little", 6) != 0))
        bad = err_set(r->e, ERR_INPUT, "%s: its numbers are not little-endian", r->path);
    free(bytes);
    return bad;
}

int pt_zip_pickle(struct pt_zip *r, int64_t most, unsigned char **bytes, int64_t *size)
{
    int bad = find_pickle(r);

    if (bad == 0)
        bad = read_entry(r, r->pickle, most, bytes, size);
    return bad ? bad : check_byte_order(r);
}

static int check_storage(const struct pickle_tensor *p, int64_t bytes, const char *path, struct err *e)
{
    int64_t width = storage_width(p->storage);

    if (bytes % width == 0 && p->elements == bytes / width)
        return 0;
    return err_set(e, ERR_INPUT, "%s: storage of %lld elements takes %lld bytes, not %lld each", path,
                   (long long)p->elements, (long long)bytes, (long long)width);
}

int pt_zip_storage(const struct pt_zip *r, const struct pickle_tensor *p, unsigned char **bytes)
{
    char name[PICKLE_KEY_SIZE + 8];
    zip_int64_t entry;
    int64_t size;
    int bad;

    snprintf(name, sizeof name, "data/%s", p->key);
    entry = find_entry(r, name);
    if (entry < 0)
        return err_set(r->e, ERR_INPUT, "%s: its storage %s is missing", r->path, name);
    bad = read_entry(r, entry, most_bytes, bytes, &size);
    return bad ? bad : check_storage(p, size, r->path, r->e);
}

void pt_zip_close(struct pt_zip *r)
{
    if (r->zip)
        zip_discard(r->zip);
    r->zip = NULL;
}
