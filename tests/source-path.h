/* SPDX-License-Identifier: MIT */
/* Files of the source tree, for programs that run in a build tree. */
#ifndef SADDLE_TESTS_SOURCE_PATH_H
#define SADDLE_TESTS_SOURCE_PATH_H

/* `name` counted from the top of the source tree. Good until the next call. */
const char *source_path(const char *name);

#endif
