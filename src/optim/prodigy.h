/* SPDX-License-Identifier: MIT */
/* Prodigy's scalars, for who shows them: r, d, d̂max, t − 1. */
#ifndef SADDLE_OPTIM_PRODIGY_H
#define SADDLE_OPTIM_PRODIGY_H

enum { PRODIGY_RATIO, PRODIGY_DISTANCE, PRODIGY_LARGEST, PRODIGY_STEPS, PRODIGY_SCALARS };

#endif
