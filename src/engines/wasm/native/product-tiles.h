// The inner loops of products, which scripts/wasm-tiles.ts writes: tiles of four rows and one panel of eight columns, or two
// panels in the wide ones, which are faster where V8 joins two vectors to one (../widen-vectors.ts), and slower elsewhere.
// All strides are bytes.
#pragma once
#include <cstdint>

extern "C" {

using ProductTiles = void(const float* x, int32_t tileStride, int32_t stride, int32_t tiles, const float* panel,
                          const float* secondPanel, int32_t panelStride, int32_t depth, float* y, int32_t yStride,
                          float* unused);

/** y [4 · tiles, columns] = x [4 · tiles, depth] · panels; rows of x are `stride` apart, those of a panel lie together. */
ProductTiles multiplyTiles, multiplyWideTiles;
/** y += the same; the four numbers of a step are neighbours in x, its steps `stride` apart, those of a panel `panelStride`. */
ProductTiles correlateTiles, correlateWideTiles;
/** The same where the numbers of a step follow those of the last, on both sides. */
ProductTiles correlatePackedTiles, correlatePackedWideTiles;
}

namespace runner {

/** Whether the wide ones are to be taken. */
extern bool takesWideTiles;

}  // namespace runner
