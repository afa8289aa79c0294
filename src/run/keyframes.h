/* SPDX-License-Identifier: MIT */
/* The keyframes of a run: states to go back to, from which any step is replayed. The store knows of an item its step,
 * its bytes and how to release it, nothing else. It is thinned to a number of bytes so that what stays is spaced about
 * logarithmically backwards: close together near the newest, the sparser the older. One thread's, as the run is. */
#ifndef SADDLE_RUN_KEYFRAMES_H
#define SADDLE_RUN_KEYFRAMES_H

#include <stddef.h>
#include <stdint.h>

struct keyframes;

/* `release` gives up one ownership of an item. `share` makes one more, and returns what the new owner holds: the same
 * pointer with one reference more, or NULL where it fails. NULL for `share`: the store cannot be copied. Returns NULL
 * when there is no memory. */
struct keyframes *keyframes_new(void (*release)(void *item), void *(*share)(void *item));
/* Releases every item. NULL is allowed. */
void keyframes_free(struct keyframes *k);
/* The same items in another store, for a fork: shared, not copied. Each store counts an item's bytes as its own,
 * though memory holds them once: the sum over stores is an upper bound of what they take. NULL: no memory, or an item
 * that could not be shared; then nothing has changed. */
struct keyframes *keyframes_copy(const struct keyframes *k);

/* Take an item over. Steps rise: one at the newest step replaces the item there, and one before it is refused (a run
 * that goes back cuts first). Returns 0; −1 when it is refused or there is no memory, then the item stays the
 * caller's. */
int keyframes_add(struct keyframes *k, uint64_t step, size_t bytes, void *item);
/* Drop items until those left have at most so many bytes. The oldest and the newest always stay, whatever they have.
 * Of the others the one goes whose removal leaves the smallest gap for its age: gap (between its neighbours) / age
 * (steps before the newest); the older one of two alike. */
void keyframes_bound(struct keyframes *k, size_t bytes);
/* Release every item; the store stays. */
void keyframes_clear(struct keyframes *k);
/* Release the items after `step`. */
void keyframes_cut(struct keyframes *k, uint64_t step);

/* The newest item at or before `step`, and its step in *found (may be NULL); NULL where there is none. It stays the
 * store's, until the next call that changes the store. */
const void *keyframes_nearest(const struct keyframes *k, uint64_t step, uint64_t *found);
int keyframes_count(const struct keyframes *k);
/* Step of the i-th item, 0 the oldest. */
uint64_t keyframes_step(const struct keyframes *k, int i);
size_t keyframes_bytes(const struct keyframes *k);

#endif
