// Splits work over as many threads as TensorFlow uses within an operation (TF_NUM_INTRAOP_THREADS).
#pragma once
#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

namespace runner {

/** The number of parts that `parallel` makes at most. Constant while the process lives. */
int threadCount();

/** How many items are worth a thread, where one takes about `work` multiplications or numbers of memory. */
inline int64_t grainOf(int64_t work) { return 1 + 400000 / (work + 1); }

/**
 * Calls body(part, first, last) for ranges that cover 0 … count − 1, at least `grain` long where there are
 * several, each on a thread of its own. The same ranges for the same count: results do not depend on timing.
 * Returns the number of parts.
 */
int parallel(int64_t count, int64_t grain, const std::function<void(int part, int64_t first, int64_t last)>& body);

/**
 * Calls body(part, first, last, sums) for ranges as `parallel` makes them, each with `size` sums of its own that start
 * at zero; `totals` are these, added in a fixed order. Returns the number of parts.
 */
template <class Body>
int parallelSums(int64_t count, int64_t grain, int64_t size, float* totals, const Body& body) {
  std::vector<float> others((threadCount() - 1) * size);
  std::fill_n(totals, size, 0.0f);
  const int parts = parallel(count, grain, [&](int part, int64_t first, int64_t last) {
    body(part, first, last, part == 0 ? totals : others.data() + (part - 1) * size);
  });
  for (int part = 1; part < parts; part++)
    for (int64_t i = 0; i < size; i++) totals[i] += others[(part - 1) * size + i];
  return parts;
}

}  // namespace runner
