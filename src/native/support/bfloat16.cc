#include "bfloat16.h"

#include "tiles.h"

#if defined(__x86_64__) && ((defined(__clang__) && __clang_major__ >= 9) || (!defined(__clang__) && __GNUC__ >= 10))
#include <immintrin.h>

namespace runner {
bool hasBfloat16() { return __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512vl"); }
}  // namespace runner

// What follows is compiled for processors with these instructions, whatever the other files are compiled for. So it uses
// no template of theirs: one that the linker took from here would end other kernels on other processors.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512bf16,avx512f,avx512vl,avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512bf16,avx512f,avx512vl,avx2,fma")
#endif

namespace runner {
namespace {

using Words = Vec __attribute__((aligned(4), may_alias));  // of which half a lane is a number

inline Vec loadWords(const float* address) { return *reinterpret_cast<const Words*>(address); }
inline void storeWords(float* address, Vec words) { *reinterpret_cast<Words*>(address) = words; }

/** sum + the products of the pairs in each lane. */
template <class V>
inline V multiplyAdd(V sum, V a, V b) {
  if constexpr (sizeof(V) == 64)
    return (V)_mm512_dpbf16_ps((__m512)sum, (__m512bh)a, (__m512bh)b);
  else
    return (V)_mm256_dpbf16_ps((__m256)sum, (__m256bh)a, (__m256bh)b);
}

template <int Rows>
inline void multiplyTile(bool add, const float* a, int64_t rowStride, int64_t stride, const float* panel,
                         int64_t panelStride, int64_t depth, float* y, int64_t yStride, int64_t columns) {
  Vec sum[Rows][2] = {};
  for (int64_t k = 0; k < depth; k++) {
    const Vec b0 = loadWords(panel), b1 = loadWords(panel + kLanes);
    panel += panelStride;
#pragma GCC unroll 12
    for (int i = 0; i < Rows; i++) {
      const Vec value = a[i * rowStride] - Vec{};
      sum[i][0] = multiplyAdd(sum[i][0], value, b0);
      sum[i][1] = multiplyAdd(sum[i][1], value, b1);
    }
    a += stride;
  }
  float rest[Rows][kPanel];
#pragma GCC unroll 12
  for (int i = 0; i < Rows; i++) {
    float* row = columns >= kPanel ? y + i * yStride : rest[i];
    if (add && columns >= kPanel) {
      sum[i][0] += loadWords(row);
      sum[i][1] += loadWords(row + kLanes);
    }
    storeWords(row, sum[i][0]);
    storeWords(row + kLanes, sum[i][1]);
  }
  if (columns >= kPanel) return;
  for (int i = 0; i < Rows; i++)
    for (int64_t j = 0; j < columns; j++) y[i * yStride + j] = (add ? y[i * yStride + j] : 0.0f) + rest[i][j];
}

template <int Rows, class... Arguments>
inline void multiplyTileOf(int rows, Arguments... arguments) {
  if constexpr (Rows > 1) {
    if (rows < Rows) return multiplyTileOf<Rows - 1>(rows, arguments...);
  }
  multiplyTile<Rows>(arguments...);
}

/** A float as a word's first number, rounded by the instruction that rounds eight. */
inline uint32_t rounded(float number) {
  return static_cast<uint16_t>(_mm_extract_epi16((__m128i)_mm_cvtneps_pbh(_mm_set_ss(number)), 0));
}

inline void storePair(float* word, float first, float second) {
  const uint32_t pair = rounded(first) | rounded(second) << 16;
  __builtin_memcpy(word, &pair, sizeof pair);
}

}  // namespace

void pairColumns(const float* x, int64_t rows, int64_t columns, float* words) {
  for (int64_t r = 0; r < rows; r++, x += columns, words += wordsOf(columns)) {
    int64_t c = 0;
    for (; c + 16 <= columns; c += 16)
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(words + c / 2),
                          (__m256i)_mm256_cvtne2ps_pbh(_mm256_loadu_ps(x + c + 8), _mm256_loadu_ps(x + c)));
    for (; c < columns; c += 2) storePair(words + c / 2, x[c], c + 1 < columns ? x[c + 1] : 0.0f);
  }
}

void pairRows(const float* x, int64_t rows, int64_t columns, float* words) {
  for (int64_t r = 0; r < rows; r += 2, x += 2 * columns, words += columns) {
    const bool isLast = r + 1 == rows;
    int64_t c = 0;
    for (; !isLast && c + 8 <= columns; c += 8) {
      const __m128i first = (__m128i)_mm256_cvtneps_pbh(_mm256_loadu_ps(x + c));
      const __m128i second = (__m128i)_mm256_cvtneps_pbh(_mm256_loadu_ps(x + columns + c));
      _mm_storeu_si128(reinterpret_cast<__m128i*>(words + c), _mm_unpacklo_epi16(first, second));
      _mm_storeu_si128(reinterpret_cast<__m128i*>(words + c + 4), _mm_unpackhi_epi16(first, second));
    }
    for (; c < columns; c++) storePair(words + c, x[c], isLast ? 0.0f : x[columns + c]);
  }
}

void multiplyTileOfPairs(int rows, bool add, const float* a, int64_t rowStride, int64_t stride, const float* panel,
                         int64_t panelStride, int64_t depth, float* y, int64_t yStride, int64_t columns) {
  multiplyTileOf<kTileRows>(rows, add, a, rowStride, stride, panel, panelStride, depth, y, yStride, columns);
}

}  // namespace runner

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#else  // another processor, or a compiler that does not know the instructions

namespace runner {

bool hasBfloat16() { return false; }
void pairColumns(const float*, int64_t, int64_t, float*) { __builtin_trap(); }
void pairRows(const float*, int64_t, int64_t, float*) { __builtin_trap(); }
void multiplyTileOfPairs(int, bool, const float*, int64_t, int64_t, const float*, int64_t, int64_t, float*, int64_t,
                         int64_t) {
  __builtin_trap();
}

}  // namespace runner

#endif
