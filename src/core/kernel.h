/* SPDX-License-Identifier: MIT */
/* KERNEL before a function: its loops are worth the widest vectors the processor has. It is compiled for
 * x86-64-v4, x86-64-v3 and the baseline, and the choice is made when the program starts; what it calls inline
 * goes with it. Other compilers and processors get the plain function, and so does a build under the
 * thread sanitizer, whose runtime is not up when the choice is made. */
#ifndef SADDLE_CORE_KERNEL_H
#define SADDLE_CORE_KERNEL_H

#include "config.h"

#if defined(HAVE_TARGET_CLONES) && !defined(__SANITIZE_THREAD__)
#define KERNEL __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define KERNEL
#endif

/* Mark functions that a kernel calls within a loop, so that they are inlined into each of the kernel's versions (GCC 12
 * does not vectorise a loop whose calls it inlines later). */
#define KERNEL_INLINE static inline __attribute__((always_inline))

#endif
