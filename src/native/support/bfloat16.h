// Products of bfloat16 numbers (the first 16 bits of a float) with sums in float32, by the instruction AVX512_BF16 has for
// pairs of them: a word of 32 bits holds two neighbours of the dimension that is summed over, so that a matrix of
// words is multiplied as one of floats is, in half as many steps.
#pragma once
#include <cstdint>

namespace runner {

/** Whether the processor has the instructions. Nothing else here may be called where it has not. */
bool hasBfloat16();

/** How many words hold `count` numbers; an odd last one is followed by zero. */
inline int64_t wordsOf(int64_t count) { return (count + 1) / 2; }

/** x [rows, columns], rounded to nearest even, as words [rows, wordsOf(columns)] of neighbours in a row. */
void pairColumns(const float* x, int64_t rows, int64_t columns, float* words);

/** The same as words [wordsOf(rows), columns] of neighbours in a column. */
void pairRows(const float* x, int64_t rows, int64_t columns, float* words);

/** As `multiplyTile` in matrix.cc, of words. */
void multiplyTileOfPairs(int rows, bool add, const float* a, int64_t rowStride, int64_t stride, const float* panel,
                         int64_t panelStride, int64_t depth, float* y, int64_t yStride, int64_t columns);

}  // namespace runner
