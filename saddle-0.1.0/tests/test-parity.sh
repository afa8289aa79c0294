#!/bin/sh
# Every committed parity case, in both builds.
exec "${builddir:-.}"/tests/parity "${srcdir:-.}"/tests/cases/parity
