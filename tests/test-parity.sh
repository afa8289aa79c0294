#!/bin/sh
# SPDX-License-Identifier: MIT
# Every committed parity case, in both builds.
exec "${builddir:-.}"/tests/parity "${srcdir:-.}"/tests/cases/parity "${srcdir:-.}"/tests/cases/today
