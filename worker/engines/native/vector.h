// What the translated kernel is written with: the types and operations of AssemblyScript, for EDGESWEEP_LANES lanes. Vector extensions of
// GCC and Clang: the compiler splits what is wider than the machine's vectors, so every number of lanes works everywhere.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#if defined(__FAST_MATH__) || __FLT_EVAL_METHOD__ != 0
#error "every operation has to round to float32 by itself"
#endif

#define ALWAYS_INLINE inline __attribute__((always_inline))
#define NOINLINE __attribute__((noinline))

namespace {

using i32 = int32_t;
using u32 = uint32_t;
using u64 = uint64_t;
using usize = uintptr_t;
using f32 = float;
using f64 = double;

constexpr i32 LANES = EDGESWEEP_LANES;
/** bytes of a vector */
constexpr usize BYTES = 4 * LANES;

/** A vector for each network's own lane, and one of four lanes whatever the machine has. */
typedef f32 v128 __attribute__((vector_size(4 * EDGESWEEP_LANES)));
typedef f32 four __attribute__((vector_size(16)));

/** The same bits as integers, and as a vector in memory that is aligned as a float32 is. */
template <int bytes> struct Kin;
template <> struct Kin<16> {
  typedef f32 V __attribute__((vector_size(16), aligned(4), may_alias));
  typedef i32 I __attribute__((vector_size(16)));
  typedef u32 U __attribute__((vector_size(16)));
};
template <> struct Kin<32> {
  typedef f32 V __attribute__((vector_size(32), aligned(4), may_alias));
  typedef i32 I __attribute__((vector_size(32)));
  typedef u32 U __attribute__((vector_size(32)));
};
template <> struct Kin<64> {
  typedef f32 V __attribute__((vector_size(64), aligned(4), may_alias));
  typedef i32 I __attribute__((vector_size(64)));
  typedef u32 U __attribute__((vector_size(64)));
};
template <class V> using I = typename Kin<sizeof(V)>::I;
template <class V> using U = typename Kin<sizeof(V)>::U;
template <class V> using Memory = typename Kin<sizeof(V)>::V;

template <class T> ALWAYS_INLINE T load(usize p, usize offset = 0) {
  T value;
  memcpy(&value, (const void *)(p + offset), sizeof value);
  return value;
}
template <class T> ALWAYS_INLINE void store(usize p, T value, usize offset = 0) {
  memcpy((void *)(p + offset), &value, sizeof value);
}
template <class A, class B> ALWAYS_INLINE auto min(A a, B b) { return b < a ? b : a; }
template <class A, class B> ALWAYS_INLINE auto max(A a, B b) { return a < b ? b : a; }
ALWAYS_INLINE f64 Math_ceil(f64 x) { return (f64)(int64_t)x < x ? (f64)((int64_t)x + 1) : (f64)(int64_t)x; }
ALWAYS_INLINE void memory_fill(usize p, int value, usize bytes) { memset((void *)p, value, bytes); }

template <class V> ALWAYS_INLINE V v128_load(usize p, usize offset = 0) { return *(const Memory<V> *)(p + offset); }
template <class V> ALWAYS_INLINE void v128_store(usize p, V v, usize offset = 0) { *(Memory<V> *)(p + offset) = v; }
template <class V> ALWAYS_INLINE V f32x4_splat(f32 x) { return x - (V){}; }
template <class V> ALWAYS_INLINE V i32x4_splat(i32 x) { return (V)(x - (I<V>){}); }
template <class V> ALWAYS_INLINE V v128_load32_splat(usize p, usize offset = 0) { return f32x4_splat<V>(load<f32>(p, offset)); }
template <class V> ALWAYS_INLINE V i32x4(i32 a, i32 b, i32 c, i32 d) { return (V)(I<V>){a, b, c, d}; }

template <class V> ALWAYS_INLINE V f32x4_add(V a, V b) { return a + b; }
template <class V> ALWAYS_INLINE V f32x4_sub(V a, V b) { return a - b; }
template <class V> ALWAYS_INLINE V f32x4_mul(V a, V b) { return a * b; }
template <class V> ALWAYS_INLINE V f32x4_div(V a, V b) { return a / b; }
template <class V> ALWAYS_INLINE V f32x4_neg(V a) { return -a; }
template <class V> ALWAYS_INLINE V f32x4_sqrt(V a) {
  V root;
  for (int i = 0; i < (int)(sizeof a / 4); i++) root[i] = __builtin_sqrtf(a[i]);
  return root;
}
template <class V> ALWAYS_INLINE V f32x4_abs(V a) { return (V)((I<V>)a & 0x7fffffff); }
template <class V> ALWAYS_INLINE V f32x4_lt(V a, V b) { return (V)(a < b); }
template <class V> ALWAYS_INLINE V f32x4_gt(V a, V b) { return (V)(a > b); }
// the first operand where either is NaN, and of zeros of either sign
template <class V> ALWAYS_INLINE V f32x4_pmin(V a, V b) { return b < a ? b : a; }
template <class V> ALWAYS_INLINE V f32x4_pmax(V a, V b) { return a < b ? b : a; }
template <class V> ALWAYS_INLINE V f32x4_convert_i32x4_s(V a) { return __builtin_convertvector((I<V>)a, V); }
template <class V> ALWAYS_INLINE f32 f32x4_extract_lane(V a, int lane) { return a[lane]; }

template <class V> ALWAYS_INLINE V v128_and(V a, V b) { return (V)((I<V>)a & (I<V>)b); }
/** a where the mask is all ones, b where it is 0 */
template <class V> ALWAYS_INLINE V v128_bitselect(V a, V b, V mask) { return (I<V>)mask ? a : b; }

template <class V> ALWAYS_INLINE V v128_xor(V a, V b) { return (V)((I<V>)a ^ (I<V>)b); }

template <class V> ALWAYS_INLINE V i32x4_mul(V a, V b) { return (V)((U<V>)a * (U<V>)b); }
template <class V> ALWAYS_INLINE V i32x4_add(V a, V b) { return (V)((U<V>)a + (U<V>)b); }
template <class V> ALWAYS_INLINE V i32x4_sub(V a, V b) { return (V)((U<V>)a - (U<V>)b); }
template <class V> ALWAYS_INLINE V i32x4_shl(V a, int by) { return (V)((U<V>)a << by); }
template <class V> ALWAYS_INLINE V i32x4_shr_s(V a, int by) { return (V)((I<V>)a >> by); }
template <class V> ALWAYS_INLINE V i32x4_lt_s(V a, V b) { return (V)((I<V>)a < (I<V>)b); }

typedef f64 d2 __attribute__((vector_size(16)));
template <class V> ALWAYS_INLINE V f64x2_splat(f64 x) { return (V)(d2){x, x}; }
template <class V> ALWAYS_INLINE V f64x2_add(V a, V b) { return (V)((d2)a + (d2)b); }
template <class V> ALWAYS_INLINE V f64x2_mul(V a, V b) { return (V)((d2)a * (d2)b); }
template <class V> ALWAYS_INLINE f64 f64x2_extract_lane(V a, int lane) { return ((d2)a)[lane]; }

/** The upper 32 bits of each product of two unsigned 32-bit integers: of the even ones and the odd ones by themselves. */
ALWAYS_INLINE v128 mulHigh(v128 a, v128 b) {
  typedef u64 Pair __attribute__((vector_size(BYTES)));
  const Pair x = (Pair)a, y = (Pair)b, low = (Pair){} + 0xffffffff;
#if EDGESWEEP_LANES == 16 && defined(__AVX512F__)
#define MULTIPLY(x, y) (Pair) _mm512_mul_epu32((__m512i)(x), (__m512i)(y))
#elif EDGESWEEP_LANES == 8 && defined(__AVX2__)
#define MULTIPLY(x, y) (Pair) _mm256_mul_epu32((__m256i)(x), (__m256i)(y))
#elif EDGESWEEP_LANES == 4 && defined(__SSE2__)
#define MULTIPLY(x, y) (Pair) _mm_mul_epu32((__m128i)(x), (__m128i)(y))
#else
#define MULTIPLY(x, y) ((x) & low) * ((y) & low)
#endif
  const Pair even = MULTIPLY(x, y), odd = MULTIPLY(x >> 32, y >> 32);
  return (v128)((even >> 32) | (odd & ~low));
}

template <int bit> ALWAYS_INLINE void addPartners(usize p) {
  f32 of[16];
  memcpy(of, (const void *)p, sizeof of);
  for (int e = 0; e < 16; e++) store<f32>(p, of[e] + of[e ^ bit], 4 * e);
}

/** In the place of each of 16 float32 the sum of it and of the one whose number differs in this bit: 1, 2 or 4. */
ALWAYS_INLINE void pairSums(usize p, i32 bit) {
  if (bit == 4) addPartners<4>(p);
  else if (bit == 2) addPartners<2>(p);
  else addPartners<1>(p);
}

/** Bytes of a register. */
#if defined(__AVX512F__)
constexpr usize WIDEST = 64;
#elif defined(__AVX__)
constexpr usize WIDEST = 32;
#else
constexpr usize WIDEST = 16;
#endif

/** The value, in a register: GCC prefers to load an operand again at each use. */
ALWAYS_INLINE v128 held(v128 v) {
#if defined(__aarch64__)
#define REGISTER "w"
#else
#define REGISTER "v"
#endif
  if constexpr (BYTES <= WIDEST) asm("" : "+" REGISTER(v));
  return v;
}

#if defined(__GNUC__) && !defined(__clang__)
/** The lanes of two rows whose numbers have and have not the bit `step`: that of the columns is exchanged for that of the rows. */
template <int step> ALWAYS_INLINE void exchange(v128 *rows) {
  I<v128> low, high;
#pragma GCC unroll 16
  for (int l = 0; l < LANES; l++) {
    low[l] = l & step ? LANES + l - step : l;
    high[l] = l & step ? LANES + l : l + step;
  }
#pragma GCC unroll 16
  for (int i = 0; i < LANES; i++) {
    if (i & step) continue;
    const v128 a = rows[i], b = rows[i + step];
    rows[i] = __builtin_shuffle(a, b, low);
    rows[i + step] = __builtin_shuffle(a, b, high);
  }
}
#endif

/** LANES rows of as many float32, of which the last ones repeat row `rows` - 1, from [row][column] to [column][row]. */
NOINLINE void transposeSquare(usize source, usize rowBytes, i32 rows, usize target, usize targetBytes) {
#if defined(__GNUC__) && !defined(__clang__)
  if constexpr (BYTES <= WIDEST) {
    v128 square[LANES];
#pragma GCC unroll 16
    for (i32 i = 0; i < LANES; i++) square[i] = v128_load<v128>(source + (usize)min(i, rows - 1) * rowBytes);
    exchange<1>(square);
    exchange<2>(square);
    if constexpr (LANES >= 8) exchange<4>(square);
    if constexpr (LANES >= 16) exchange<8>(square);
#pragma GCC unroll 16
    for (i32 i = 0; i < LANES; i++) v128_store(target + (usize)i * targetBytes, square[i]);
    return;
  }
#endif
  for (i32 i = 0; i < LANES; i++) {
    const usize row = source + (usize)min(i, rows - 1) * rowBytes;
    for (i32 j = 0; j < LANES; j++) store<f32>(target + (usize)j * targetBytes, load<f32>(row, 4 * j), 4 * i);
  }
}

/** `count` values of a row for each lane, whose number is at `order`; the rows are `rowBytes` apart. */
ALWAYS_INLINE void gatherRow(usize source, usize rowBytes, usize order, usize target, i32 count) {
  usize rows[LANES];
  for (i32 l = 0; l < LANES; l++) rows[l] = source + (usize)load<i32>(order, 4 * l) * rowBytes;
  for (i32 i = 0; i < count; i++) {
    for (i32 l = 0; l < LANES; l++) store<f32>(target, load<f32>(rows[l], 4 * i), BYTES * i + 4 * l);
  }
}

}  // namespace
