# SPDX-License-Identifier: MIT
# SADDLE_SANITIZER: --enable-sanitizer=LIST hands LIST to -fsanitize= for code and link. gcc's -Wformat-truncation rests on
# ranges that its optimizer finds, and a sanitizer's checks hide them: there it would warn of text that is never cut.
AC_DEFUN([SADDLE_SANITIZER],[
  saddle_sanitizer=none
  AC_ARG_ENABLE([sanitizer],
    [AS_HELP_STRING([--enable-sanitizer=LIST],[build with -fsanitize=LIST (address,undefined or thread)])],
    [AS_IF([test "x$enableval" != xno -a "x$enableval" != xyes],[
       saddle_sanitizer=$enableval
       SADDLE_CFLAGS="$SADDLE_CFLAGS -g -fno-omit-frame-pointer -fsanitize=$enableval -fno-sanitize-recover=all"
       SADDLE_LDFLAGS="$SADDLE_LDFLAGS -fsanitize=$enableval"])])
  AS_IF([test "x$saddle_sanitizer" != xnone],[
    AC_CACHE_CHECK([whether $CC knows -Wno-format-truncation],[saddle_cv_no_format_truncation],[
      saddle_save_CFLAGS=$CFLAGS
      CFLAGS="$CFLAGS -Werror -Wno-format-truncation"
      AC_COMPILE_IFELSE([AC_LANG_PROGRAM()],[saddle_cv_no_format_truncation=yes],[saddle_cv_no_format_truncation=no])
      CFLAGS=$saddle_save_CFLAGS])
    AS_IF([test "$saddle_cv_no_format_truncation" = yes],[SADDLE_CFLAGS="$SADDLE_CFLAGS -Wno-format-truncation"])])
  AM_CONDITIONAL([SANITIZER],[test "x$saddle_sanitizer" != xnone])
])
