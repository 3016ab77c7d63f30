// Memory that is wanted soon, asked for little by little: it comes while the processor computes, instead of afterwards
// while it waits.
#pragma once
#include <cstdint>
#include <initializer_list>

namespace runner {

class Ahead {
 public:
  struct Range {
    const float* data;
    int64_t size;
    bool isWritten = false;
  };

  /** Nothing. */
  Ahead() = default;
  /** All of the ranges, four at most, when `ask` has been called `times` times. */
  Ahead(std::initializer_list<Range> ranges, int64_t times) {
    int64_t lines = 0;
    for (const Range& range : ranges)
      if (range.size > 0) {
        ranges_[count_++] = range;
        lines += range.size / kLine + 1;
      }
    atOnce_ = lines / (times > 0 ? times : 1) + 1;
  }

  void ask() {
#if !defined(__wasm__)  // which has no such instruction
    for (int64_t i = 0; i < atOnce_ && count_ > 0; i++) {
      Range& range = ranges_[count_ - 1];
      if (range.isWritten)
        __builtin_prefetch(range.data, 1, 2);
      else
        __builtin_prefetch(range.data, 0, 2);  // to the second-level cache
      range.data += kLine;
      range.size -= kLine;
      if (range.size <= 0) count_--;
    }
#endif
  }

 private:
  static constexpr int64_t kLine = 16;  // floats of a line of the cache
  Range ranges_[4];
  int count_ = 0;
  int64_t atOnce_ = 0;
};

}  // namespace runner
