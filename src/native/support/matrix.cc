// Rows are many (images times pixels), K and N few, so that packing x as general products do would cost more than
// the product itself: only the right-hand matrix is packed, and in `correlate` both where they are large.
#include "matrix.h"

#include <algorithm>
#include <type_traits>

#include "vectors.h"

namespace runner {
namespace {

#if defined(RUNNER_TILE_ROWS)
constexpr int kTileRows = RUNNER_TILE_ROWS;
#elif defined(__AVX512F__)
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

/** The left-hand matrix: a(row, k) = data[row / kTileRows · tileStride + row % kTileRows · rowStride + k · stride]. */
struct Left {
  const float* data;
  int64_t tileStride, rowStride, stride;
};

/** y [rows, columns] = or += a [rows, depth] · one panel [depth, kPanel], of which `columns` are wanted. */
template <bool Add>
void multiplyPanel(const Left& a, int64_t rows, int64_t depth, const float* panel, int64_t panelStride, float* y,
                   int64_t yStride, int64_t columns) {
  for (int64_t r = 0; r < rows; r += kTileRows)
    withRows(std::min<int64_t>(kTileRows, rows - r), [&](auto count) {
      Vec sum[kTileRows][2];
      multiplyTile<count()>(a.data + r / kTileRows * a.tileStride, a.rowStride, a.stride, panel, panelStride, depth,
                            sum);
      for (int i = 0; i < count(); i++) put<Add>(sum[i], y + (r + i) * yStride, columns);
    });
}

/** Copies a [rows, depth] so that the numbers of a tile lie side by side in the order of their use. */
Left packLeft(const Left& a, int64_t rows, int64_t depth, std::vector<float>& buffer) {
  const Left packed{buffer.data(), depth * kTileRows, 1, kTileRows};
  for (int64_t r = 0; r < rows; r += kTileRows) {
    const float* from = a.data + r / kTileRows * a.tileStride;
    float* to = buffer.data() + r / kTileRows * packed.tileStride;
    withRows(std::min<int64_t>(kTileRows, rows - r), [&](auto count) {
      for (int64_t k = 0; k < depth; k++)
        for (int i = 0; i < count(); i++) to[k * kTileRows + i] = from[i * a.rowStride + k * a.stride];
    });
  }
  return packed;
}

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
  for (int64_t first = 0; first < rows; first += step)
    for (int64_t p = 0; p < panels(columns); p++)
      multiplyPanel<false>({x + first * depth, kTileRows * depth, depth, 1}, std::min(step, rows - first), depth,
                           packed.data() + p * depth * kPanel, kPanel, y + first * columns + p * kPanel, columns,
                           columns - p * kPanel);
}

void correlate(const float* x, const float* dy, int64_t rows, int64_t K, int64_t N, float* sum) {
  // Where K and N are small, x and dy are read where they lie, as many rows as stay in the first-level cache. Where
  // they are large, rows lie thousands of bytes apart, each on a page of its own, and many in the same places of a
  // cache: copies pay.
  const bool packing = K >= 128;
  const int64_t step = packing ? 256 : std::clamp<int64_t>(16384 / (K + N), 64, 256);
  const int64_t block = packing ? 16 * kTileRows : K;  // channels of x at a time: 96 KiB where copied
  std::vector<float> dyPanels(step * panels(N) * kPanel), xBlock(packing ? step * block : 0);
  for (int64_t first = 0; first < rows; first += step) {
    const int64_t depth = std::min(step, rows - first);
    const float* dyRows = dy + first * N;
    const auto copied = [&](int64_t p) { return packing || N - p * kPanel < kPanel; };
    for (int64_t p = 0; p < panels(N); p++)
      for (int64_t r = 0; copied(p) && r < depth; r++)
        std::copy_n(dyRows + r * N + p * kPanel, std::min<int64_t>(kPanel, N - p * kPanel),
                    dyPanels.data() + (p * depth + r) * kPanel);
    for (int64_t k = 0; k < K; k += block) {
      const int64_t channels = std::min(block, K - k);
      Left a{x + first * K + k, kTileRows, 1, K};
      if (packing) a = packLeft(a, channels, depth, xBlock);
      for (int64_t p = 0; p < panels(N); p++)
        multiplyPanel<true>(a, channels, depth, copied(p) ? dyPanels.data() + p * depth * kPanel : dyRows + p * kPanel,
                            copied(p) ? kPanel : N, sum + k * N + p * kPanel, N, N - p * kPanel);
    }
  }
}

}  // namespace runner
