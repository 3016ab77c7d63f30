// The products of matrix.h, of numbers as they are or rounded to bfloat16 on the way.
#pragma once
#include "bfloat16.h"
#include "matrix.h"

namespace runner {

class Product {
 public:
  /** @param isRounded to bfloat16; sums are float32 all the same */
  explicit Product(bool isRounded) : isRounded_(isRounded) {}

  Buffer pack(const float* matrix, int64_t depth, int64_t columns) const {
    if (!isRounded_) return runner::pack(matrix, depth, columns);
    const Buffer words(wordsOf(depth) * columns);
    pairRows(matrix, depth, columns, words.data());
    return runner::pack(words.data(), wordsOf(depth), columns);
  }

  Buffer packTransposed(const float* matrix, int64_t depth, int64_t columns) const {
    if (!isRounded_) return runner::packTransposed(matrix, depth, columns);
    const Buffer words(columns * wordsOf(depth));
    pairColumns(matrix, columns, depth, words.data());
    return runner::packTransposed(words.data(), wordsOf(depth), columns);
  }

  void multiply(const float* x, int64_t rows, int64_t depth, const Buffer& packed, int64_t columns, float* y,
                const Ahead& ahead) const {
    if (!isRounded_) return runner::multiply(x, rows, depth, packed, columns, y, ahead);
    const Buffer words(rows * wordsOf(depth));
    pairColumns(x, rows, depth, words.data());
    runner::multiply(words.data(), rows, wordsOf(depth), packed, columns, y, ahead, Numbers::kPairs);
  }

  void correlate(const float* x, const float* dy, int64_t rows, int64_t K, int64_t N, float* sum) const {
    if (!isRounded_) return runner::correlate(x, dy, rows, K, N, sum);
    const Buffer xWords(wordsOf(rows) * K), dyWords(wordsOf(rows) * N);
    pairRows(x, rows, K, xWords.data());
    pairRows(dy, rows, N, dyWords.data());
    runner::correlate(xWords.data(), dyWords.data(), wordsOf(rows), K, N, sum, Numbers::kPairs);
  }

 private:
  bool isRounded_;
};

}  // namespace runner
