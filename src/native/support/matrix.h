// Products of float matrices in row order, on the calling thread.
#pragma once
#include <cstdint>
#include <vector>

namespace runner {

/** matrix [depth, columns] in the form that `multiply` takes. */
std::vector<float> pack(const float* matrix, int64_t depth, int64_t columns);

/** The transpose of matrix [columns, depth] in the form that `multiply` takes. */
std::vector<float> packTransposed(const float* matrix, int64_t depth, int64_t columns);

/** y [rows, columns] = x [rows, depth] · packed [depth, columns]. */
void multiply(const float* x, int64_t rows, int64_t depth, const std::vector<float>& packed, int64_t columns,
              float* y);

/** sum [K, N] += xᵀ · dy, where x is [rows, K] and dy [rows, N]. */
void correlate(const float* x, const float* dy, int64_t rows, int64_t K, int64_t N, float* sum);

}  // namespace runner
