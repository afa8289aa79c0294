/* SPDX-License-Identifier: MIT */
/* A run's network in the Open Neural Network Exchange format, to be run elsewhere. */
#ifndef SADDLE_RUN_ONNX_H
#define SADDLE_RUN_ONNX_H

#include "run/run.h"

/* Write the network as it is in evaluation mode, opset 17. Its input "frames" is [batch, context·dims], or
 * [batch, steps, dims] where the network goes along time; its output "logits" [batch, classes], or [batch, steps, classes]
 * where every frame has its own. Weights bear their names. Errors: ERR_RUNTIME. */
int onnx_write(const struct run *l, const char *path, struct err *e);

#endif
