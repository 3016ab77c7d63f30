// Walks through tensors whose elements lie at any distances.
#pragma once
#include "operation.h"

namespace runner {

/** A distance in elements for each dimension of a walk. */
struct Strides {
  int64_t of[kMaxRank] = {};
};

inline Strides rowMajor(const Shape& shape) {
  Strides strides;
  int64_t step = 1;
  for (int i = shape.rank - 1; i >= 0; i--) {
    strides.of[i] = step;
    step *= shape.dims[i];
  }
  return strides;
}

/** A walk through a shape with an offset in each of N tensors. Neighbouring dimensions that lie alike become one. */
template <int N>
struct Walk {
  Shape shape;
  Strides strides[N];

  Walk(const Shape& full, const Strides (&all)[N]) {
    for (int i = 0; i < full.rank; i++) {
      if (full.dims[i] == 1) continue;
      bool joins = shape.rank > 0;
      for (int n = 0; joins && n < N; n++)
        joins = strides[n].of[shape.rank - 1] == all[n].of[i] * full.dims[i];
      if (!joins) shape.append(1);
      const int last = shape.rank - 1;
      shape.dims[last] *= full.dims[i];
      for (int n = 0; n < N; n++) strides[n].of[last] = all[n].of[i];
    }
    if (shape.rank == 0) shape.append(1);
  }

  int64_t inner() const { return shape.dims[shape.rank - 1]; }
  int64_t innerStride(int n) const { return strides[n].of[shape.rank - 1]; }

  /** Calls body(offsets) for every row of the last dimension. */
  template <class Body>
  void rows(const Body& body) const {
    if (shape.count() == 0) return;
    int32_t at[kMaxRank] = {};
    int64_t offsets[N] = {};
    for (;;) {
      body(offsets);
      int d = shape.rank - 2;
      for (; d >= 0; d--) {
        for (int n = 0; n < N; n++) offsets[n] += strides[n].of[d];
        if (++at[d] < shape.dims[d]) break;
        for (int n = 0; n < N; n++) offsets[n] -= strides[n].of[d] * shape.dims[d];
        at[d] = 0;
      }
      if (d < 0) return;
    }
  }
};

/** to[…] = from[…] for elements of 1 or 4 bytes; offsets and strides in elements. */
void copyStrided(Type type, const Shape& shape, char* to, const Strides& toStrides, const char* from,
                 const Strides& fromStrides);

}  // namespace runner
