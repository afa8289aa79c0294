# SPDX-License-Identifier: MIT
# SADDLE_VECTOR_MATH: glibc's libmvec has vector forms of expf, tanhf, ... that the
# compiler only uses when their prototypes say so. Elsewhere plain loops are used.
AC_DEFUN([SADDLE_VECTOR_MATH],[
  saddle_save_LIBS=$LIBS; saddle_save_CFLAGS=$CFLAGS
  dnl A compiler that ignores the attribute (clang) makes no vector calls: that is a no.
  LIBS="-lmvec -lm $LIBS"; CFLAGS="$CFLAGS -O3 -fno-math-errno -mavx2 -Werror=attributes"
  AC_CACHE_CHECK([for libmvec],[saddle_cv_libmvec],[
    AC_LINK_IFELSE([AC_LANG_PROGRAM([[
extern float expf(float) __attribute__((simd("notinbranch")));
extern float tanhf(float) __attribute__((simd("notinbranch")));
extern double exp(double) __attribute__((simd("notinbranch")));
extern double tanh(double) __attribute__((simd("notinbranch")));
extern float erff(float) __attribute__((simd("notinbranch")));
extern double expm1(double) __attribute__((simd("notinbranch")));
float x[64]; double y[64];]],
      [[for (int i = 0; i < 64; i++) x[i] = expf(x[i]) + tanhf(x[i]) + erff(x[i]);
        for (int i = 0; i < 64; i++) y[i] = exp(y[i]) + tanh(y[i]) + expm1(y[i]);]])],
      [saddle_cv_libmvec=yes],[saddle_cv_libmvec=no])])
  LIBS=$saddle_save_LIBS; CFLAGS=$saddle_save_CFLAGS
  AS_IF([test "$saddle_cv_libmvec" = yes],
    [AC_DEFINE([HAVE_LIBMVEC],[1],[vector exp and tanh from libmvec])
     VECTOR_LIBS="-lmvec -lm"; saddle_vector_math="libmvec"],
    [VECTOR_LIBS="-lm"; saddle_vector_math="plain loops"])
  AC_SUBST([VECTOR_LIBS])
])

# SADDLE_TARGET_CLONES: one function compiled for several instruction sets, chosen at start (src/core/kernel.h).
# Two files with a static function of the same name must link: clang exports the symbols that choose, also of static functions.
AC_DEFUN([SADDLE_TARGET_CLONES],[
  AC_CACHE_CHECK([for functions in several instruction sets],[saddle_cv_target_clones],[
    AC_LANG_CONFTEST([AC_LANG_SOURCE([[
__attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
static void twice(float *x) { for (int i = 0; i < 64; i++) x[i] *= 2; }
struct kind { void (*run)(float *x); };
extern const struct kind first, second;
#ifdef SECOND
const struct kind second = {twice};
#else
static float x[64];
const struct kind first = {twice};
int main(void) { first.run(x); second.run(x); return 0; }
#endif]])])
    saddle_compile="$CC $CPPFLAGS $CFLAGS -Werror=attributes"
    saddle_cv_target_clones=no
    AS_IF([$saddle_compile -c conftest.$ac_ext -o conftest-first.$OBJEXT >&AS_MESSAGE_LOG_FD 2>&1 &&
           $saddle_compile -DSECOND -c conftest.$ac_ext -o conftest-second.$OBJEXT >&AS_MESSAGE_LOG_FD 2>&1 &&
           $CC $CFLAGS $LDFLAGS conftest-first.$OBJEXT conftest-second.$OBJEXT -o conftest$EXEEXT >&AS_MESSAGE_LOG_FD 2>&1],
      [saddle_cv_target_clones=yes])
    rm -f conftest*])
  AS_IF([test "$saddle_cv_target_clones" = yes],
    [AC_DEFINE([HAVE_TARGET_CLONES],[1],[functions may be compiled for x86-64-v4, -v3 and the baseline at once])])
])

# SADDLE_NO_HINT_WARNINGS: clang warns where it makes no vectors of a loop that LAYER_LOOP marks. The pragma allows them;
# it is no fault of the code when there are none.
AC_DEFUN([SADDLE_NO_HINT_WARNINGS],[
  AC_CACHE_CHECK([whether $CC warns of loops without vectors],[saddle_cv_pass_failed],[
    saddle_save_CFLAGS=$CFLAGS
    CFLAGS="$CFLAGS -Werror -Wpass-failed"
    AC_COMPILE_IFELSE([AC_LANG_PROGRAM()],[saddle_cv_pass_failed=yes],[saddle_cv_pass_failed=no])
    CFLAGS=$saddle_save_CFLAGS])
  AS_IF([test "$saddle_cv_pass_failed" = yes],[SADDLE_CFLAGS="$SADDLE_CFLAGS -Wno-pass-failed"])
])
