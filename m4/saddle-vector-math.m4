# SADDLE_VECTOR_MATH: glibc's libmvec has vector forms of expf, tanhf, ... that the
# compiler only uses when their prototypes say so. Elsewhere plain loops are used.
AC_DEFUN([SADDLE_VECTOR_MATH],[
  saddle_save_LIBS=$LIBS; saddle_save_CFLAGS=$CFLAGS
  LIBS="-lmvec -lm $LIBS"; CFLAGS="$CFLAGS -O3 -fno-math-errno -mavx2"
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
AC_DEFUN([SADDLE_TARGET_CLONES],[
  AC_CACHE_CHECK([for functions in several instruction sets],[saddle_cv_target_clones],[
    AC_LINK_IFELSE([AC_LANG_PROGRAM([[
__attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
static void twice(float *x) { for (int i = 0; i < 64; i++) x[i] *= 2; }
static const struct { void (*run)(float *x); } kind = {twice};
float x[64];]],
      [[kind.run(x);]])],
      [saddle_cv_target_clones=yes],[saddle_cv_target_clones=no])])
  AS_IF([test "$saddle_cv_target_clones" = yes],
    [AC_DEFINE([HAVE_TARGET_CLONES],[1],[functions may be compiled for x86-64-v4, -v3 and the baseline at once])])
])
