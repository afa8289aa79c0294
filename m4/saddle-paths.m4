# SPDX-License-Identifier: MIT
# SADDLE_NO_BUILD_PATHS: the program shall hold no path of the machine it was built on. Debug information and
# __FILE__ count from the tree's top, saddle info names the compiler and its switches without paths, and the installed
# data is found from the program's own place.
AC_DEFUN([SADDLE_NO_BUILD_PATHS],[
  saddle_build=`pwd -P`
  saddle_source=`cd "$srcdir" && pwd -P`
  AC_CACHE_CHECK([whether $CC maps the names of source files],[saddle_cv_prefix_map],[
    saddle_save_CFLAGS=$CFLAGS
    CFLAGS="$CFLAGS -ffile-prefix-map=/saddle=."
    AC_COMPILE_IFELSE([AC_LANG_PROGRAM()],[saddle_cv_prefix_map=yes],[saddle_cv_prefix_map=no])
    CFLAGS=$saddle_save_CFLAGS])
  AS_IF([test "$saddle_cv_prefix_map" = yes],
    [SADDLE_CFLAGS="$SADDLE_CFLAGS -ffile-prefix-map=$saddle_source=. -ffile-prefix-map=$saddle_build=."])
  saddle_compiler=
  for saddle_word in $CC $CFLAGS; do
    AS_CASE([$saddle_word],
      [-*/*],[continue],
      [*/*],[saddle_word=`AS_BASENAME(["$saddle_word"])`])
    saddle_compiler="$saddle_compiler${saddle_compiler:+ }$saddle_word"
  done
  dnl From where the program is installed to where its data is.
  saddle_data=`
    test "x$prefix" != xNONE || prefix=$ac_default_prefix
    test "x$exec_prefix" != xNONE || exec_prefix=$prefix
    eval "saddle_bin=$bindir"; eval "saddle_bin=$saddle_bin"
    eval "saddle_share=$datadir"; eval "saddle_share=$saddle_share"
    realpath -m --relative-to="$saddle_bin" "$saddle_share/saddle" 2>/dev/null || AS_ECHO([../share/saddle])`
  AC_DEFINE_UNQUOTED([SADDLE_DATA_FROM_PROGRAM],["$saddle_data"],[where the installed data is, seen from the program])
])
