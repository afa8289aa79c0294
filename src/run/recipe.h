/* SPDX-License-Identifier: MIT */
/* Recipes: INI files of knobs, for example
 *     [training]
 *     batch_size = 512
 * Lines end before column 199 (the parser's limit); a long network goes on in indented lines. */
#ifndef SADDLE_RUN_RECIPE_H
#define SADDLE_RUN_RECIPE_H

#include "run/hyperparameter.h"

/* Set the knobs that the recipe names; others keep their value. `name` is a file (it contains a slash
 * or ends in .ini) or the name of a recipe that comes with saddle. Errors: ERR_INPUT with file and line. */
int recipe_load(struct knobs *k, const char *name, struct err *e);

#endif
