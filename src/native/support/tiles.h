// The part of a product that is computed in registers: kTileRows rows of two vectors.
#pragma once
#include "vectors.h"

namespace runner {

#if defined(RUNNER_TILE_ROWS)
constexpr int kTileRows = RUNNER_TILE_ROWS;
#elif defined(__AVX512F__)
constexpr int kTileRows = 12;  // 24 sums, 2 vectors of the panel and a number of x: 27 of 32 registers
#else
constexpr int kTileRows = 6;  // 12 sums, 2 and 1: 15 of 16 registers
#endif
constexpr int kPanel = 2 * kLanes;

}  // namespace runner
