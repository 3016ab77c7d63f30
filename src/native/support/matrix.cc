// Rows are many (images times pixels), K and N few, so that packing x as general products do would cost more than
// the product itself: only the right-hand matrix is packed, and in `correlate` both where they are large.
#include "matrix.h"

#include <algorithm>
#include <type_traits>

#include "bfloat16.h"
#include "tiles.h"
#if defined(__wasm__)
#include "product-tiles.h"
#endif

namespace runner {
namespace {

/** The left-hand matrix: a(row, k) = data[row / kTileRows · tileStride + row % kTileRows · rowStride + k · stride]. */
struct Left {
  const float* data;
  int64_t tileStride, rowStride, stride;
};

/** y [Rows, columns] = or += Σ_k a(row, k) · panel[k], where a(row, k) = a[row · rowStride + k · stride]. */
template <int Rows, bool Add>
inline void multiplyTile(const float* a, int64_t rowStride, int64_t stride, const float* panel, int64_t panelStride,
                         int64_t depth, float* y, int64_t yStride, int64_t columns) {
  Vec sum[Rows][2] = {};
  for (int64_t k = 0; k < depth; k++) {
    const Vec b0 = load<Vec>(panel), b1 = load<Vec>(panel + kLanes);
    panel += panelStride;
#pragma GCC unroll 12
    for (int i = 0; i < Rows; i++) {
      const Vec value = broadcast<Vec>(a[i * rowStride]);
      sum[i][0] += value * b0;
      sum[i][1] += value * b1;
    }
    a += stride;
  }
  if (columns >= kPanel) {
#pragma GCC unroll 12
    for (int i = 0; i < Rows; i++) {  // unrolled, or the sums would not stay in registers
      float* row = y + i * yStride;
      store(row, Add ? load<Vec>(row) + sum[i][0] : sum[i][0]);
      store(row + kLanes, Add ? load<Vec>(row + kLanes) + sum[i][1] : sum[i][1]);
    }
    return;
  }
  float rest[Rows][kPanel];
#pragma GCC unroll 12
  for (int i = 0; i < Rows; i++) {
    store(rest[i], sum[i][0]);
    store(rest[i] + kLanes, sum[i][1]);
  }
  for (int i = 0; i < Rows; i++)
    for (int64_t j = 0; j < columns; j++) y[i * yStride + j] = (Add ? y[i * yStride + j] : 0.0f) + rest[i][j];
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

/** y [rows, columns] = or += a [rows, depth] · one panel [depth, kPanel], of which `columns` are wanted. */
template <bool Add>
void multiplyPanel(const Left& a, int64_t rows, int64_t depth, const float* panel, int64_t panelStride, float* y,
                   int64_t yStride, int64_t columns, Ahead& ahead, Numbers numbers) {
  for (int64_t r = 0; r < rows; r += kTileRows) {
    ahead.ask();
    if (numbers == Numbers::kPairs) {
      multiplyTileOfPairs(static_cast<int>(std::min<int64_t>(kTileRows, rows - r)), Add,
                          a.data + r / kTileRows * a.tileStride, a.rowStride, a.stride, panel, panelStride, depth,
                          y + r * yStride, yStride, columns);
      continue;
    }
    withRows(std::min<int64_t>(kTileRows, rows - r), [&](auto count) {
      multiplyTile<count(), Add>(a.data + r / kTileRows * a.tileStride, a.rowStride, a.stride, panel, panelStride,
                                 depth, y + r * yStride, yStride, columns);
    });
  }
}

/** The right-hand matrix from a panel on: its steps lie `stride` apart, and the next panel begins `next` after it. */
struct Right {
  const float* data;
  int64_t stride, next;
};

/** The same for as many panels as are computed at once, of the columns that are left. Returns how many. */
template <bool Add>
int64_t multiplyPanels(const Left& a, int64_t rows, int64_t depth, const Right& b, float* y, int64_t yStride,
                       int64_t columns, Ahead& ahead, Numbers numbers) {
#if defined(__wasm__)
  if (columns >= kPanel) {
    const bool isWide = takesWideTiles && columns >= 2 * kPanel;
    const int64_t count = isWide ? 2 : 1, tiles = rows / kTileRows, done = tiles * kTileRows;
    if (tiles > 0 && depth > 0) {
      const auto bytes = [](int64_t floats) { return static_cast<int32_t>(floats * sizeof(float)); };
      static float unused[kLanes];
      const bool isPacked = Add && a.stride == kTileRows && b.stride == kPanel;
      ProductTiles& product = isPacked ? (isWide ? correlatePackedWideTiles : correlatePackedTiles)
                              : Add    ? (isWide ? correlateWideTiles : correlateTiles)
                                       : (isWide ? multiplyWideTiles : multiplyTiles);
      product(a.data, bytes(a.tileStride), bytes(Add ? a.stride : a.rowStride), static_cast<int32_t>(tiles),
              b.data, b.data + b.next, bytes(b.stride), static_cast<int32_t>(depth), y, bytes(yStride), unused);
    }
    const Left rest{a.data + tiles * a.tileStride, a.tileStride, a.rowStride, a.stride};
    for (int64_t p = 0; p < count; p++)
      multiplyPanel<Add>(rest, rows - done, depth, b.data + p * b.next, b.stride, y + done * yStride + p * kPanel,
                         yStride, columns - p * kPanel, ahead, numbers);
    return count;
  }
#endif
  multiplyPanel<Add>(a, rows, depth, b.data, b.stride, y, yStride, columns, ahead, numbers);
  return 1;
}

/** Copies the first columns of a matrix [rows, stride] to a panel [rows, kPanel], which zeros fill up. */
void packPanel(const float* matrix, int64_t stride, int64_t rows, int64_t columns, float* panel) {
  if (columns >= kPanel) {
    for (int64_t r = 0; r < rows; r++) {
      store(panel + r * kPanel, load<Vec>(matrix + r * stride));
      store(panel + r * kPanel + kLanes, load<Vec>(matrix + r * stride + kLanes));
    }
    return;
  }
  std::fill_n(panel, rows * kPanel, 0.0f);
  for (int64_t r = 0; r < rows; r++) std::copy_n(matrix + r * stride, columns, panel + r * kPanel);
}

/** Copies xᵀ, where x is [depth, stride], of which `channels` are wanted: those of a tile side by side. */
Left packLeft(const float* x, int64_t stride, int64_t channels, int64_t depth, const Buffer& buffer) {
  for (int64_t r = 0; r < channels; r += kTileRows) {
    const float* from = x + r;
    float* to = buffer.data() + r * depth;
    withRows(std::min<int64_t>(kTileRows, channels - r), [&](auto count) {
      for (int64_t k = 0; k < depth; k++) std::memcpy(to + k * kTileRows, from + k * stride, count() * sizeof(float));
    });
  }
  return {buffer.data(), depth * kTileRows, 1, kTileRows};
}

}  // namespace

Buffer pack(const float* matrix, int64_t depth, int64_t columns) {
  Buffer packed(panels(columns) * depth * kPanel);
  for (int64_t p = 0; p < panels(columns); p++)
    packPanel(matrix + p * kPanel, columns, depth, columns - p * kPanel, packed.data() + p * depth * kPanel);
  return packed;
}

Buffer packTransposed(const float* matrix, int64_t depth, int64_t columns) {
  constexpr int64_t kLine = 16;  // numbers of a line of the cache, all of which are used while it is there
  Buffer packed(panels(columns) * depth * kPanel);
  for (int64_t p = 0; p < panels(columns); p++) {
    const float* from = matrix + p * kPanel * depth;
    float* to = packed.data() + p * depth * kPanel;
    const int64_t count = std::min<int64_t>(kPanel, columns - p * kPanel);
    if (count < kPanel) std::fill_n(to, depth * kPanel, 0.0f);
    for (int64_t first = 0; first < depth; first += kLine)
      for (int64_t n = 0; n < count; n++)
        for (int64_t k = first; k < std::min(first + kLine, depth); k++) to[k * kPanel + n] = from[n * depth + k];
  }
  return packed;
}

int64_t tilesOf(int64_t rows, int64_t columns) { return (rows + kTileRows - 1) / kTileRows * panels(columns); }

void multiply(const float* x, int64_t rows, int64_t depth, const Buffer& packed, int64_t columns, float* y,
              Ahead ahead, Numbers numbers) {
  // Rows of x that stay in the second-level cache while all panels pass by.
  const int64_t step = std::max<int64_t>(kTileRows, 32768 / depth / kTileRows * kTileRows);
  for (int64_t first = 0; first < rows; first += step)
    for (int64_t p = 0; p < panels(columns);)
      p += multiplyPanels<false>({x + first * depth, kTileRows * depth, depth, 1}, std::min(step, rows - first), depth,
                                 {packed.data() + p * depth * kPanel, kPanel, depth * kPanel},
                                 y + first * columns + p * kPanel, columns, columns - p * kPanel, ahead, numbers);
}

void correlate(const float* x, const float* dy, int64_t rows, int64_t K, int64_t N, float* sum, Numbers numbers) {
  // Where K and N are small, x and dy are read where they lie, as many rows as stay in the first-level cache. Where
  // they are large, rows lie thousands of bytes apart, each on a page of its own, and many in the same places of a
  // cache: copies pay.
#if defined(__wasm__)  // whose loops over copies are faster
  const bool packing = K >= 64;
#else
  const bool packing = K >= 128;
#endif
  const int64_t step = K >= 128 ? 256 : std::clamp<int64_t>(16384 / (K + N), 64, 256);
  const int64_t block = packing ? 16 * kTileRows : K;  // channels of x at a time: 96 KiB where copied
  const Buffer dyPanels(step * panels(N) * kPanel), xBlock(packing ? step * block : 0);
  Ahead nothing;
  for (int64_t first = 0; first < rows; first += step) {
    const int64_t depth = std::min(step, rows - first);
    const float* dyRows = dy + first * N;
    const auto copied = [&](int64_t p) { return packing || N - p * kPanel < kPanel; };
    for (int64_t p = 0; p < panels(N); p++)
      if (copied(p)) packPanel(dyRows + p * kPanel, N, depth, N - p * kPanel, dyPanels.data() + p * depth * kPanel);
    for (int64_t k = 0; k < K; k += block) {
      const int64_t channels = std::min(block, K - k);
      const float* xRows = x + first * K + k;
      const Left a = packing ? packLeft(xRows, K, channels, depth, xBlock) : Left{xRows, kTileRows, 1, K};
      for (int64_t p = 0; p < panels(N);) {
        const Right b = copied(p) ? Right{dyPanels.data() + p * depth * kPanel, kPanel, depth * kPanel}
                                  : Right{dyRows + p * kPanel, N, kPanel};
        p += multiplyPanels<true>(a, channels, depth, b, sum + k * N + p * kPanel, N, N - p * kPanel, nothing, numbers);
      }
    }
  }
}

}  // namespace runner
