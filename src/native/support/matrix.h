// Products of float matrices in row order, on the calling thread.
#pragma once
#include <cstdint>

#include "ahead.h"
#include "buffer.h"

namespace runner {

/** What a matrix holds: floats, or words of two bfloat16 (bfloat16.h), which are then what rows and depth count. */
enum class Numbers { kFloats, kPairs };

/** matrix [depth, columns] in the form that `multiply` takes. */
Buffer pack(const float* matrix, int64_t depth, int64_t columns);

/** The transpose of matrix [columns, depth] in the form that `multiply` takes. */
Buffer packTransposed(const float* matrix, int64_t depth, int64_t columns);

/** y [rows, columns] = x [rows, depth] · packed [depth, columns]. */
void multiply(const float* x, int64_t rows, int64_t depth, const Buffer& packed, int64_t columns, float* y,
              Ahead ahead = {}, Numbers numbers = Numbers::kFloats);

/** How often `multiply` asks for what is ahead. */
int64_t tilesOf(int64_t rows, int64_t columns);

/** sum [K, N] += xᵀ · dy, where x is [rows, K] and dy [rows, N]. */
void correlate(const float* x, const float* dy, int64_t rows, int64_t K, int64_t N, float* sum,
               Numbers numbers = Numbers::kFloats);

}  // namespace runner
