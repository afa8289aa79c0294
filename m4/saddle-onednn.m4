# SPDX-License-Identifier: MIT
# SADDLE_ONEDNN: a second source of single-precision products, used where it is there. It has no pkg-config file on
# Debian. Only builds that make their threads by OpenMP, or none, will do: those can be told to use one.
AC_DEFUN([SADDLE_ONEDNN],[
  AC_ARG_WITH([onednn],
    [AS_HELP_STRING([--without-onednn],[leave all matrix products to OpenBLAS (default: use oneDNN where it is installed)])],
    [],[with_onednn=auto])
  saddle_onednn=no
  ONEDNN_LIBS=
  AS_IF([test "x$with_onednn" != xno],[
    saddle_save_LIBS=$LIBS
    LIBS="-ldnnl $LIBS"
    AC_CACHE_CHECK([for oneDNN],[saddle_cv_onednn],[
      AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <oneapi/dnnl/dnnl.h>
#if DNNL_CPU_THREADING_RUNTIME != DNNL_RUNTIME_OMP && DNNL_CPU_THREADING_RUNTIME != DNNL_RUNTIME_SEQ
#error threads that OMP_NUM_THREADS does not govern
#endif]],[[float x = 0; return dnnl_sgemm('N', 'N', 1, 1, 1, 1, &x, 1, &x, 1, 0, &x, 1) != dnnl_success;]])],
        [saddle_cv_onednn=yes],[saddle_cv_onednn=no])])
    LIBS=$saddle_save_LIBS
    AS_IF([test "$saddle_cv_onednn" = yes],
      [AC_DEFINE([HAVE_ONEDNN],[1],[single-precision products by oneDNN])
       ONEDNN_LIBS="-ldnnl"; saddle_onednn=yes],
      [test "x$with_onednn" = xyes],
      [AC_MSG_ERROR([oneDNN is missing: install the package libdnnl-dev (./bootstrap build does it)])])])
  AC_SUBST([ONEDNN_LIBS])
])
