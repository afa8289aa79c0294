# SPDX-License-Identifier: MIT
# SADDLE_NEED(VARIABLE, MODULE, HEADER, FUNCTION, LIBS, PACKAGE)
# pkg-config first; then a plain link with LIBS; else a sentence that names the package.
AC_DEFUN([SADDLE_NEED],[
  PKG_CHECK_MODULES([$1],[$2],[],[
    saddle_save_LIBS=$LIBS
    LIBS="$5 $LIBS"
    AC_MSG_CHECKING([for $4 in $5 without pkg-config])
    AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <stdio.h>
#include <$3>]],[[(void)&$4;]])],
      [AC_MSG_RESULT([yes]); $1_CFLAGS=""; $1_LIBS="$5"],
      [AC_MSG_RESULT([no]); AC_MSG_ERROR([$2 is missing: install the package $6 (./bootstrap build does it)])])
    LIBS=$saddle_save_LIBS])
  AC_SUBST([$1_CFLAGS])
  AC_SUBST([$1_LIBS])
])

# SADDLE_SYSTEM_HEADERS(VARIABLE): a library's folders are searched as the system's, whose headers give no warnings
# (openblas_config.h defines what newer compilers define themselves).
AC_DEFUN([SADDLE_SYSTEM_HEADERS],[$1=`AS_ECHO([" $$1"]) | sed 's/ -I */ -isystem /g'`])

# The curses library goes by several names; wide characters are needed for braille.
AC_DEFUN([SADDLE_CURSES],[
  saddle_curses=
  for saddle_module in ncursesw ncurses; do
    AS_IF([test -z "$saddle_curses"],[
      PKG_CHECK_EXISTS([$saddle_module],[
        CURSES_CFLAGS=`$PKG_CONFIG --cflags $saddle_module`
        CURSES_LIBS=`$PKG_CONFIG --libs $saddle_module`
        saddle_curses=$saddle_module])])
  done
  AS_IF([test -z "$saddle_curses"],[
    CURSES_CFLAGS="-D_DEFAULT_SOURCE -D_XOPEN_SOURCE=600"
    CURSES_LIBS="-lncursesw -ltinfo"
    saddle_curses="ncursesw without pkg-config"])
  saddle_save_LIBS=$LIBS; saddle_save_CPPFLAGS=$CPPFLAGS
  LIBS="$CURSES_LIBS $LIBS"; CPPFLAGS="$CURSES_CFLAGS $CPPFLAGS"
  AC_MSG_CHECKING([for wide-character ncurses])
  AC_LINK_IFELSE([AC_LANG_PROGRAM([[#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>]],[[cchar_t c; setcchar(&c, L"x", 0, 0, NULL); set_escdelay(25); (void)tigetstr("cup");]])],
    [AC_MSG_RESULT([$saddle_curses])],
    [AC_MSG_RESULT([no])
     AC_MSG_ERROR([wide-character ncurses is missing: install the package libncurses-dev (./bootstrap build does it)])])
  LIBS=$saddle_save_LIBS; CPPFLAGS=$saddle_save_CPPFLAGS
  AC_SUBST([CURSES_CFLAGS])
  AC_SUBST([CURSES_LIBS])
])

# Only the tests need cmocka: without it everything is built and installed, and make check says what is missing.
AC_DEFUN([SADDLE_CMOCKA],[
  PKG_CHECK_MODULES([CMOCKA],[cmocka],[saddle_tests=yes],[
    saddle_save_LIBS=$LIBS
    LIBS="-lcmocka $LIBS"
    AC_MSG_CHECKING([for cmocka without pkg-config])
    AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>]],[[(void)&_cmocka_run_group_tests;]])],
      [saddle_tests=yes; CMOCKA_CFLAGS=""; CMOCKA_LIBS="-lcmocka"],[saddle_tests=no])
    AC_MSG_RESULT([$saddle_tests])
    LIBS=$saddle_save_LIBS])
  SADDLE_SYSTEM_HEADERS([CMOCKA_CFLAGS])
  AC_SUBST([CMOCKA_CFLAGS])
  AC_SUBST([CMOCKA_LIBS])
  AM_CONDITIONAL([CMOCKA],[test "$saddle_tests" = yes])
])

AC_DEFUN([SADDLE_LIBRARIES],[
  SADDLE_NEED([OPENBLAS],[openblas],[cblas.h],[cblas_sgemm],[-lopenblas],[libopenblas-dev])
  SADDLE_SYSTEM_HEADERS([OPENBLAS_CFLAGS])
  SADDLE_NEED([LIBZIP],[libzip],[zip.h],[zip_open],[-lzip],[libzip-dev])
  SADDLE_NEED([ZLIB],[zlib],[zlib.h],[compress2],[-lz],[zlib1g-dev])
  SADDLE_NEED([JANSSON],[jansson],[jansson.h],[json_loadb],[-ljansson],[libjansson-dev])
  SADDLE_NEED([INIH],[inih],[ini.h],[ini_parse_string],[-linih],[libinih-dev])
  SADDLE_NEED([SNDFILE],[sndfile],[sndfile.h],[sf_open],[-lsndfile],[libsndfile1-dev])
  SADDLE_NEED([SQLITE],[sqlite3 >= 3.37],[sqlite3.h],[sqlite3_changes64],[-lsqlite3],[libsqlite3-dev])
  SADDLE_CMOCKA
  SADDLE_CURSES
  saddle_openblas=`$PKG_CONFIG --modversion openblas 2>/dev/null`
  saddle_save_LIBS=$LIBS; saddle_save_CPPFLAGS=$CPPFLAGS
  LIBS="$OPENBLAS_LIBS $LIBS"; CPPFLAGS="$OPENBLAS_CFLAGS $CPPFLAGS"
  AC_MSG_CHECKING([for OpenBLAS's own thread control])
  AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <cblas.h>]],
      [[openblas_set_num_threads(1); return openblas_get_parallel();]])],
    [AC_MSG_RESULT([yes])],
    [AC_MSG_RESULT([no])
     AC_MSG_ERROR([this BLAS is not OpenBLAS: install the package libopenblas-dev (./bootstrap build does it)])])
  LIBS=$saddle_save_LIBS; CPPFLAGS=$saddle_save_CPPFLAGS
])
