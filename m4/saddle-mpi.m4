# SPDX-License-Identifier: MIT
# SADDLE_MPI: training on several machines, where an MPI is installed. Its flags come from pkg-config (Open MPI's or
# MPICH's), else from its compiler wrapper; the compiler stays the one that was chosen.
AC_DEFUN([SADDLE_MPI],[
  AC_ARG_WITH([mpi],
    [AS_HELP_STRING([--without-mpi],[leave out training on several machines (default: where MPI is installed)])],
    [],[with_mpi=auto])
  saddle_mpi=no
  AS_IF([test "x$with_mpi" != xno],[
    PKG_CHECK_MODULES([MPI],[ompi-c],[saddle_mpi=pkg-config],
      [PKG_CHECK_MODULES([MPI],[mpich],[saddle_mpi=pkg-config],
        [AC_CHECK_PROG([MPICC],[mpicc],[mpicc])
         AS_IF([test -n "$MPICC"],
           [MPI_CFLAGS=`$MPICC --showme:compile 2>/dev/null || $MPICC -compile_info 2>/dev/null | sed 's/^@<:@^ @:>@* //'`
            MPI_LIBS=`$MPICC --showme:link 2>/dev/null || $MPICC -link_info 2>/dev/null | sed 's/^@<:@^ @:>@* //'`
            saddle_mpi=mpicc])])])
    AS_IF([test "$saddle_mpi" != no],[
      SADDLE_SYSTEM_HEADERS([MPI_CFLAGS])
      saddle_save_LIBS=$LIBS; saddle_save_CPPFLAGS=$CPPFLAGS
      LIBS="$MPI_LIBS $LIBS"; CPPFLAGS="$MPI_CFLAGS $CPPFLAGS"
      AC_MSG_CHECKING([for MPI 3])
      AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <mpi.h>
#if MPI_VERSION < 3
#error matched probes
#endif]],[[int n; char text[MPI_MAX_LIBRARY_VERSION_STRING]; return MPI_Get_library_version(text, &n);]])],
        [AC_MSG_RESULT([yes])],[AC_MSG_RESULT([no]); saddle_mpi=no])
      LIBS=$saddle_save_LIBS; CPPFLAGS=$saddle_save_CPPFLAGS])
    AS_IF([test "$saddle_mpi" = no],[
      MPI_CFLAGS=
      MPI_LIBS=
      AS_IF([test "x$with_mpi" = xyes],
        [AC_MSG_ERROR([MPI is missing: install the package libopenmpi-dev (./bootstrap build does it)])])])])
  AC_SUBST([MPI_CFLAGS])
  AC_SUBST([MPI_LIBS])
  AM_CONDITIONAL([MPI],[test "$saddle_mpi" != no])
])
