# SPDX-License-Identifier: MIT
# SADDLE_C11: the threads talk through C11 atomics; refuse a compiler without them.
AC_DEFUN([SADDLE_C11],[
  AC_CACHE_CHECK([for lock-free C11 atomics],[saddle_cv_atomics],[
    AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[#include <stdatomic.h>
#if ATOMIC_LLONG_LOCK_FREE != 2
#error no
#endif]],[[_Atomic long long x = 0; atomic_fetch_add(&x, 1);]])],
      [saddle_cv_atomics=yes],[saddle_cv_atomics=no])])
  AS_IF([test "$saddle_cv_atomics" != yes],
    [AC_MSG_ERROR([a C11 compiler with lock-free 64-bit atomics is needed (Debian: package gcc)])])
])
