// Sums, means and extremes along dimensions: x, dimensions → one number for each of the others. Floats are summed as
// doubles, in the order of memory.
#include <algorithm>
#include <limits>
#include <vector>

#include "strided.h"

namespace runner {
namespace {

struct Reduction {
  Shape kept;          // of the result
  Strides strides;     // of the result, in a walk through x; 0 where it is reduced
  int64_t length = 1;  // numbers that become one

  explicit Reduction(const Call& call) {
    const Record &x = call.in(0), &axes = call.in(1, kInt32);
    const int rank = x.shape.rank;
    bool isReduced[kMaxRank] = {};
    for (int64_t i = 0; i < axes.count(); i++) {
      const int axis = axes.as<int32_t>()[i];
      if (axis < -rank || axis >= rank) call.refuse("there is no such dimension");
      isReduced[axis < 0 ? axis + rank : axis] = true;
    }
    int64_t step = 1;
    for (int i = rank - 1; i >= 0; i--) {
      if (isReduced[i]) {
        length *= x.shape.dims[i];
      } else {
        strides.of[i] = step;
        step *= x.shape.dims[i];
      }
    }
    for (int i = 0; i < rank; i++)
      if (!isReduced[i])
        kept.append(x.shape.dims[i]);
      else if (call.attribute())  // keep_dims
        kept.append(1);
  }
};

/** Folds x into one accumulator for each number of the result. */
template <class T, class Sum, class Fold>
std::vector<Sum> folded(const Record& x, const Reduction& reduction, Sum start, const Fold& fold) {
  std::vector<Sum> sums(reduction.kept.count(), start);
  const Walk<2> walk(x.shape, {rowMajor(x.shape), reduction.strides});
  const int64_t n = walk.inner();
  const bool isReduced = walk.innerStride(1) == 0;
  walk.rows([&](const int64_t(&at)[2]) {
    const T* from = x.as<T>() + at[0];
    Sum* to = sums.data() + at[1];
    if (isReduced) {
      Sum sum = *to;
      for (int64_t i = 0; i < n; i++) sum = fold(sum, from[i]);
      *to = sum;
    } else {
      for (int64_t i = 0; i < n; i++) to[i] = fold(to[i], from[i]);
    }
  });
  return sums;
}

template <class T, class Sum, class Fold>
void reduce(Call& call, Type type, Sum start, const Fold& fold, bool isMean = false) {
  const Record& x = call.in(0, type);
  const Reduction reduction(call);
  T* y = call.out(0, type, reduction.kept).template as<T>();
  const std::vector<Sum> sums = folded<T>(x, reduction, start, fold);
  for (size_t i = 0; i < sums.size(); i++)
    y[i] = static_cast<T>(isMean ? sums[i] / static_cast<Sum>(reduction.length) : sums[i]);
}

template <class Sum, class T>
Sum plus(Sum sum, T x) {
  return sum + static_cast<Sum>(x);
}

void sum(Call& call) {
  if (call.in(0).type == kFloat) return reduce<float>(call, kFloat, 0.0, plus<double, float>);
  reduce<int32_t>(call, kInt32, 0, plus<int32_t, int32_t>);
}

void mean(Call& call) { reduce<float>(call, kFloat, 0.0, plus<double, float>, true); }

void product(Call& call) {
  reduce<float>(call, kFloat, 1.0, [](double product, float x) { return product * x; });
}

template <bool Largest>
void extreme(Call& call) {
  const auto fold = [](auto best, auto x) { return (Largest ? x > best : x < best) || x != x ? x : best; };
  if (call.in(0).type == kFloat) {
    const float infinity = std::numeric_limits<float>::infinity();
    return reduce<float>(call, kFloat, Largest ? -infinity : infinity, fold);
  }
  using Limits = std::numeric_limits<int32_t>;
  reduce<int32_t>(call, kInt32, Largest ? Limits::min() : Limits::max(), fold);
}

void all(Call& call) {
  reduce<bool>(call, kBool, char(1), [](char all, bool x) { return char(all & x); });
}

void any(Call& call) {
  reduce<bool>(call, kBool, char(0), [](char any, bool x) { return char(any | x); });
}

/** x, dimension → the place of the first of the largest numbers. */
void argMax(Call& call) {
  const Record& x = call.in(0, kFloat);
  const int rank = x.shape.rank, given = *call.in(1, kInt32).as<int32_t>(), axis = given < 0 ? given + rank : given;
  if (axis < 0 || axis >= rank) call.refuse("there is no such dimension");
  Shape kept;
  int64_t outer = 1, inner = 1;
  for (int i = 0; i < rank; i++) {
    if (i != axis) kept.append(x.shape.dims[i]);
    if (i < axis) outer *= x.shape.dims[i];
    if (i > axis) inner *= x.shape.dims[i];
  }
  int32_t* y = call.out(0, kInt32, kept).as<int32_t>();
  const int32_t length = x.shape.dims[axis];
  for (int64_t o = 0; o < outer; o++)
    for (int64_t i = 0; i < inner; i++) {
      const float* from = x.as<float>() + o * length * inner + i;
      int32_t best = 0;
      for (int32_t k = 1; k < length; k++)
        if (from[k * inner] > from[best * inner]) best = k;
      y[o * inner + i] = best;
    }
}

}  // namespace

void registerReductions() {
  addOperation("Sum", {"keep_dims"}, sum);
  addOperation("Mean", {"keep_dims"}, mean);
  addOperation("Prod", {"keep_dims"}, product);
  addOperation("Max", {"keep_dims"}, extreme<true>);
  addOperation("Min", {"keep_dims"}, extreme<false>);
  addOperation("All", {"keep_dims"}, all);
  addOperation("Any", {"keep_dims"}, any);
  addOperation("ArgMax", {}, argMax);
}

}  // namespace runner
