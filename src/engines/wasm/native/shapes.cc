// Operations that move elements and compute nothing.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "strided.h"

namespace runner {

template <class T>
static void copyElements(const Shape& shape, T* to, const Strides& toStrides, const T* from, const Strides& fromStrides) {
  const Walk<2> walk(shape, {toStrides, fromStrides});
  const int64_t n = walk.inner(), st = walk.innerStride(0), sf = walk.innerStride(1);
  walk.rows([&](const int64_t(&at)[2]) {
    T* p = to + at[0];
    const T* q = from + at[1];
    if (st == 1 && sf == 1)
      std::memcpy(p, q, n * sizeof(T));
    else
      for (int64_t i = 0; i < n; i++) p[i * st] = q[i * sf];
  });
}

void copyStrided(Type type, const Shape& shape, char* to, const Strides& toStrides, const char* from,
                 const Strides& fromStrides) {
  if (bytesOf(type) == 4)
    copyElements(shape, reinterpret_cast<int32_t*>(to), toStrides, reinterpret_cast<const int32_t*>(from), fromStrides);
  else
    copyElements(shape, to, toStrides, from, fromStrides);
}

namespace {

int axisOf(const Call& call, int64_t axis, int rank) {
  if (axis < -rank || axis >= rank) call.refuse("there is no such dimension");
  return static_cast<int>(axis < 0 ? axis + rank : axis);
}

void copy(Call& call) {
  const Record& x = call.in(0);
  std::memcpy(call.out(0, x.type, x.shape).data, x.data, x.count() * bytesOf(x.type));
}

/** x, permutation. */
void transpose(Call& call) {
  const Record &x = call.in(0), &order = call.in(1, kInt32);
  const Strides own = rowMajor(x.shape);
  Shape shape;
  Strides from;
  for (int i = 0; i < x.shape.rank; i++) {
    const int of = axisOf(call, order.as<int32_t>()[i], x.shape.rank);
    shape.append(x.shape.dims[of]);
    from.of[i] = own.of[of];
  }
  const Record& y = call.out(0, x.type, shape);
  copyStrided(x.type, shape, y.data, rowMajor(shape), x.data, from);
}

/** x, first element, size (−1: to the end). */
void slice(Call& call) {
  const Record &x = call.in(0), &begin = call.in(1, kInt32), &size = call.in(2, kInt32);
  const Strides own = rowMajor(x.shape);
  Shape shape;
  int64_t offset = 0;
  for (int i = 0; i < x.shape.rank; i++) {
    const int first = begin.as<int32_t>()[i], wanted = size.as<int32_t>()[i];
    const int length = wanted == -1 ? x.shape.dims[i] - first : wanted;
    if (first < 0 || length < 0 || first + length > x.shape.dims[i]) call.refuse("it reaches beyond the tensor");
    shape.append(length);
    offset += first * own.of[i];
  }
  const Record& y = call.out(0, x.type, shape);
  copyStrided(x.type, shape, y.data, rowMajor(shape), x.data + offset * bytesOf(x.type), own);
}

/** Tensors, then the dimension. */
void concatenate(Call& call) {
  const int parts = call.inputs() - 1;
  const Record& first = call.in(0);
  const int axis = axisOf(call, *call.in(parts, kInt32).as<int32_t>(), first.shape.rank);
  Shape shape = first.shape;
  for (int i = 1; i < parts; i++) shape.dims[axis] += call.in(i, first.type).shape.dims[axis];
  const Record& y = call.out(0, first.type, shape);
  const Strides to = rowMajor(shape);
  int64_t at = 0;
  for (int i = 0; i < parts; i++) {
    const Record& x = call.in(i);
    copyStrided(x.type, x.shape, y.data + at * to.of[axis] * bytesOf(x.type), to, x.data, rowMajor(x.shape));
    at += x.shape.dims[axis];
  }
}

/** Copies equal or given shares of a dimension into the outputs. */
void split(Call& call, int axis, bool keepsAxis, const int32_t* sizes) {
  const Record& x = call.in(0);
  const Strides from = rowMajor(x.shape);
  int64_t at = 0;
  for (int i = 0; i < call.outputs(); i++) {
    const int length = sizes ? sizes[i] : 1;
    if (length < 0) call.refuse("a negative size");
    Shape whole = x.shape, shape;
    whole.dims[axis] = length;
    for (int d = 0; d < whole.rank; d++)
      if (d != axis || keepsAxis) shape.append(whole.dims[d]);
    if (at + length > x.shape.dims[axis]) call.refuse("it reaches beyond the tensor");
    const Record& y = call.out(i, x.type, shape);
    copyStrided(x.type, whole, y.data, rowMajor(whole), x.data + at * from.of[axis] * bytesOf(x.type), from);
    at += length;
  }
}

void splitV(Call& call) {
  const int axis = axisOf(call, *call.in(2, kInt32).as<int32_t>(), call.in(0).shape.rank);
  split(call, axis, true, call.in(1, kInt32).as<int32_t>());
}

void unpack(Call& call) { split(call, axisOf(call, call.attribute(), call.in(0).shape.rank), false, nullptr); }

void pack(Call& call) {
  const Record& first = call.in(0);
  const int axis = axisOf(call, call.attribute(), first.shape.rank + 1);
  Shape shape, one;
  for (int d = 0; d <= first.shape.rank; d++) {
    const int size = d == axis ? 1 : first.shape.dims[d - (d > axis)];
    one.append(size);
    shape.append(d == axis ? call.inputs() : size);
  }
  const Record& y = call.out(0, first.type, shape);
  const Strides to = rowMajor(shape);
  for (int i = 0; i < call.inputs(); i++)
    copyStrided(first.type, one, y.data + i * to.of[axis] * bytesOf(first.type), to, call.in(i, first.type).data,
                rowMajor(one));
}

/** x, how often in each dimension. */
void tile(Call& call) {
  const Record &x = call.in(0), &times = call.in(1, kInt32);
  const Strides own = rowMajor(x.shape);
  Shape shape, repeated;
  for (int i = 0; i < x.shape.rank; i++) shape.append(x.shape.dims[i] * times.as<int32_t>()[i]);
  const Record& y = call.out(0, x.type, shape);
  const Strides to = rowMajor(shape);
  Strides steps;
  for (int i = 0; i < x.shape.rank; i++) {
    repeated.append(times.as<int32_t>()[i]);
    steps.of[i] = to.of[i] * x.shape.dims[i];
  }
  const Walk<1> copies(repeated, {steps});
  copies.rows([&](const int64_t(&at)[1]) {
    for (int64_t i = 0; i < copies.inner(); i++)
      copyStrided(x.type, x.shape, y.data + (at[0] + i * copies.innerStride(0)) * bytesOf(x.type), to, x.data, own);
  });
}

void fillWith(const Record& y, const char* value) {
  const int64_t n = y.count();
  if (bytesOf(y.type) == 4) {
    int32_t bits;
    std::memcpy(&bits, value, 4);
    std::fill_n(y.as<int32_t>(), n, bits);
  } else {
    std::memset(y.data, *value, n);
  }
}

Shape shapeIn(const Record& sizes) {
  Shape shape;
  for (int64_t i = 0; i < sizes.count(); i++) shape.append(sizes.as<int32_t>()[i]);
  return shape;
}

/** Shape, value. */
void fill(Call& call) {
  const Record& value = call.in(1);
  fillWith(call.out(0, value.type, shapeIn(call.in(0, kInt32))), value.data);
}

void zeros(Call& call) {
  const Record& x = call.in(0);
  std::memset(call.out(0, x.type, x.shape).data, 0, x.count() * bytesOf(x.type));
}

template <class T>
void rangeOf(const Call& call, Type type) {
  const T start = *call.in(0, type).as<T>(), limit = *call.in(1, type).as<T>(), step = *call.in(2, type).as<T>();
  if (step == 0) call.refuse("a step of zero");
  Shape shape;
  shape.append(std::max<int64_t>(0, static_cast<int64_t>(std::ceil((static_cast<double>(limit) - start) / step))));
  T* y = call.out(0, type, shape).template as<T>();
  T value = start; // summed up, as TensorFlow does
  for (int64_t i = 0; i < shape.dims[0]; i++, value += step) y[i] = value;
}

void range(Call& call) {
  call.in(0).type == kFloat ? rangeOf<float>(call, kFloat) : rangeOf<int32_t>(call, kInt32);
}

/** x, padding [rank, 2], value. */
void pad(Call& call) {
  const Record &x = call.in(0), &padding = call.in(1, kInt32), &value = call.in(2, x.type);
  Shape shape;
  for (int i = 0; i < x.shape.rank; i++) {
    const int32_t before = padding.as<int32_t>()[2 * i], after = padding.as<int32_t>()[2 * i + 1];
    if (before < 0 || after < 0) call.refuse("negative padding");
    shape.append(x.shape.dims[i] + before + after);
  }
  const Record& y = call.out(0, x.type, shape);
  fillWith(y, value.data);
  const Strides to = rowMajor(shape);
  int64_t offset = 0;
  for (int i = 0; i < x.shape.rank; i++) offset += padding.as<int32_t>()[2 * i] * to.of[i];
  copyStrided(x.type, x.shape, y.data + offset * bytesOf(x.type), to, x.data, rowMajor(x.shape));
}

/** x, dimensions. */
void reverse(Call& call) {
  const Record &x = call.in(0), &axes = call.in(1, kInt32);
  const Record& y = call.out(0, x.type, x.shape);
  Strides from = rowMajor(x.shape);
  int64_t offset = 0;
  for (int64_t i = 0; i < axes.count(); i++) {
    const int axis = axisOf(call, axes.as<int32_t>()[i], x.shape.rank);
    offset += (x.shape.dims[axis] - 1) * from.of[axis];
    from.of[axis] = -from.of[axis];
  }
  if (x.count() > 0)
    copyStrided(x.type, x.shape, y.data, rowMajor(x.shape), x.data + offset * bytesOf(x.type), from);
}

/** Rows x [N, …] by their indices, of any shape; the dimension is the first. */
void gather(Call& call) {
  const Record &x = call.in(0), &indices = call.in(1, kInt32);
  if (axisOf(call, *call.in(2, kInt32).as<int32_t>(), x.shape.rank) != 0) call.refuse("only rows are gathered");
  Shape shape = indices.shape;
  int64_t row = bytesOf(x.type);
  for (int i = 1; i < x.shape.rank; i++) {
    shape.append(x.shape.dims[i]);
    row *= x.shape.dims[i];
  }
  const Record& y = call.out(0, x.type, shape);
  const int64_t n = indices.count();
  for (int64_t i = 0; i < n; i++) {
    const int32_t index = indices.as<int32_t>()[i];
    if (index < 0 || index >= x.shape.dims[0]) call.refuse("an index is beyond the rows");
    std::memcpy(y.data + i * row, x.data + index * row, row);
  }
}

}  // namespace

void registerShapes() {
  addOperation("Copy", {}, copy);
  addOperation("Identity", {}, copy);
  addOperation("Transpose", {}, transpose);
  addOperation("Slice", {}, slice);
  addOperation("ConcatV2", {}, concatenate);
  addOperation("SplitV", {}, splitV);
  addOperation("Unpack", {"axis"}, unpack);
  addOperation("Pack", {"axis"}, pack);
  addOperation("Tile", {}, tile);
  addOperation("Fill", {}, fill);
  addOperation("ZerosLike", {}, zeros);
  addOperation("Range", {}, range);
  addOperation("PadV2", {}, pad);
  addOperation("ReverseV2", {}, reverse);
  addOperation("GatherV2", {}, gather);
}

}  // namespace runner
