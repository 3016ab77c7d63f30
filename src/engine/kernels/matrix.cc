// Rows are many (images times pixels), K and N few, so that packing x as general products do would cost more than
// the product itself: only the right-hand matrix is packed.
#include "matrix.h"

#include <algorithm>
#include <type_traits>

#include "vectors.h"

namespace runner {
namespace {

#if defined(__AVX512F__)
constexpr int kTileRows = 12;  // 24 sums, 2 vectors of the panel and a number of x: 27 of 32 registers
#else
constexpr int kTileRows = 6;  // 12 sums, 2 and 1: 15 of 16 registers
#endif
constexpr int kPanel = 2 * kLanes;

/** sum[Rows][2 vectors] = Σ_k a(row, k) · panel[k], where a(row, k) = a[row · rowStride + k · stride]. */
template <int Rows>
inline void multiplyTile(const float* a, int64_t rowStride, int64_t stride, const float* panel, int64_t panelStride,
                         int64_t depth, Vec (&sum)[kTileRows][2]) {
  for (int i = 0; i < Rows; i++) sum[i][0] = sum[i][1] = Vec{};
  for (int64_t k = 0; k < depth; k++) {
    const Vec b0 = load<Vec>(panel + k * panelStride), b1 = load<Vec>(panel + k * panelStride + kLanes);
#pragma GCC unroll 12
    for (int i = 0; i < Rows; i++) {
      const Vec value = broadcast<Vec>(a[i * rowStride + k * stride]);
      sum[i][0] += value * b0;
      sum[i][1] += value * b1;
    }
  }
}

/** Writes, or adds, the first `columns` numbers of two vectors. */
template <bool Add>
inline void put(const Vec (&sum)[2], float* y, int64_t columns) {
  if (columns >= kPanel) {
    store(y, Add ? load<Vec>(y) + sum[0] : sum[0]);
    store(y + kLanes, Add ? load<Vec>(y + kLanes) + sum[1] : sum[1]);
    return;
  }
  float buffer[kPanel];
  store(buffer, sum[0]);
  store(buffer + kLanes, sum[1]);
  for (int64_t j = 0; j < columns; j++) y[j] = (Add ? y[j] : 0.0f) + buffer[j];
}

/** Calls body with `rows` as a compile-time number. */
template <int Rows = kTileRows, class Body>
inline void withRows(int64_t rows, const Body& body) {
  if constexpr (Rows > 1) {
    if (rows < Rows) return withRows<Rows - 1>(rows, body);
  }
  body(std::integral_constant<int, Rows>{});
}

int64_t panels(int64_t columns) { return (columns + kPanel - 1) / kPanel; }

}  // namespace

std::vector<float> pack(const float* matrix, int64_t depth, int64_t columns) {
  std::vector<float> packed(panels(columns) * depth * kPanel);
  for (int64_t p = 0; p < panels(columns); p++)
    for (int64_t k = 0; k < depth; k++)
      std::copy_n(matrix + k * columns + p * kPanel, std::min<int64_t>(kPanel, columns - p * kPanel),
                  packed.data() + (p * depth + k) * kPanel);
  return packed;
}

std::vector<float> packTransposed(const float* matrix, int64_t depth, int64_t columns) {
  std::vector<float> packed(panels(columns) * depth * kPanel);
  for (int64_t n = 0; n < columns; n++)
    for (int64_t k = 0; k < depth; k++)
      packed[(n / kPanel * depth + k) * kPanel + n % kPanel] = matrix[n * depth + k];
  return packed;
}

void multiply(const float* x, int64_t rows, int64_t depth, const std::vector<float>& packed, int64_t columns,
              float* y) {
  // Rows of x that stay in the second-level cache while all panels pass by.
  const int64_t step = std::max<int64_t>(kTileRows, 32768 / depth / kTileRows * kTileRows);
  for (int64_t begin = 0; begin < rows; begin += step) {
    const int64_t end = std::min(begin + step, rows);
    for (int64_t p = 0; p < panels(columns); p++) {
      const float* panel = packed.data() + p * depth * kPanel;
      for (int64_t r = begin; r < end; r += kTileRows)
        withRows(std::min<int64_t>(kTileRows, end - r), [&](auto count) {
          Vec sum[kTileRows][2];
          multiplyTile<count()>(x + r * depth, depth, 1, panel, kPanel, depth, sum);
          for (int i = 0; i < count(); i++)
            put<false>(sum[i], y + (r + i) * columns + p * kPanel, columns - p * kPanel);
        });
    }
  }
}

void correlate(const float* x, const float* dy, int64_t rows, int64_t K, int64_t N, float* sum) {
  // Rows whose x and dy stay in the first-level cache where K and N are small.
  const int64_t step = std::clamp<int64_t>(16384 / (K + N), 64, 256);
  std::vector<float> tail(N % kPanel ? step * kPanel : 0);  // the last columns, filled up with zeros
  for (int64_t first = 0; first < rows; first += step) {
    const int64_t depth = std::min(step, rows - first);
    for (int64_t p = 0; p < panels(N); p++) {
      const int64_t columns = N - p * kPanel;
      const float* panel = dy + first * N + p * kPanel;
      int64_t panelStride = N;
      if (columns < kPanel) {
        for (int64_t r = 0; r < depth; r++) std::copy_n(panel + r * N, columns, tail.data() + r * kPanel);
        panel = tail.data();
        panelStride = kPanel;
      }
      for (int64_t k = 0; k < K; k += kTileRows)
        withRows(std::min<int64_t>(kTileRows, K - k), [&](auto count) {
          Vec tile[kTileRows][2];
          multiplyTile<count()>(x + first * K + k, 1, K, panel, panelStride, depth, tile);
          for (int i = 0; i < count(); i++) put<true>(tile[i], sum + (k + i) * N + p * kPanel, columns);
        });
    }
  }
}

}  // namespace runner
