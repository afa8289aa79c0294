# SPDX-License-Identifier: MIT
# SADDLE_SANITIZER: --enable-sanitizer=LIST hands LIST to -fsanitize= for code and link.
AC_DEFUN([SADDLE_SANITIZER],[
  saddle_sanitizer=none
  AC_ARG_ENABLE([sanitizer],
    [AS_HELP_STRING([--enable-sanitizer=LIST],[build with -fsanitize=LIST (address,undefined or thread)])],
    [AS_IF([test "x$enableval" != xno -a "x$enableval" != xyes],[
       saddle_sanitizer=$enableval
       SADDLE_CFLAGS="$SADDLE_CFLAGS -g -fno-omit-frame-pointer -fsanitize=$enableval -fno-sanitize-recover=all"
       SADDLE_LDFLAGS="$SADDLE_LDFLAGS -fsanitize=$enableval"])])
  AM_CONDITIONAL([SANITIZER],[test "x$saddle_sanitizer" != xnone])
])
