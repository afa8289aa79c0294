/* SPDX-License-Identifier: MIT */
/* Enough of XML to find the parts of a drawing: elements, nested as they should be, and their attributes. */
#ifndef SADDLE_MARKUP_H
#define SADDLE_MARKUP_H

/* Fails the test unless `text` is one element whose parts nest, with quoted attributes and known entities. */
void markup_check(const char *text);
/* How many elements have this name and this class (NULL: any) among their classes. */
int markup_count(const char *text, const char *name, const char *class);
/* Whether an attribute of some element has this value. */
int markup_has(const char *text, const char *attribute, const char *value);

#endif
