// Operations on each element, or on each pair of two tensors that are broadcast to one shape.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "strided.h"

namespace runner {
namespace {

Strides broadcastTo(const Shape& shape, const Shape& from) {
  const Strides own = rowMajor(from);
  Strides strides;
  const int missing = shape.rank - from.rank;
  for (int i = 0; i < from.rank; i++)
    if (from.dims[i] != 1) strides.of[missing + i] = own.of[i];
  return strides;
}

Shape commonShape(const Call& call, const Shape& a, const Shape& b) {
  Shape shape;
  const int rank = std::max(a.rank, b.rank);
  for (int i = 0; i < rank; i++) {
    const int p = i - (rank - a.rank), q = i - (rank - b.rank);
    const int x = p < 0 ? 1 : a.dims[p], y = q < 0 ? 1 : b.dims[q];
    if (x != y && x != 1 && y != 1) call.refuse("the shapes do not fit each other");
    shape.append(x == 1 ? y : x);
  }
  return shape;
}

template <class T>
constexpr Type typeOf();
template <>
constexpr Type typeOf<float>() { return kFloat; }
template <>
constexpr Type typeOf<int32_t>() { return kInt32; }
template <>
constexpr Type typeOf<bool>() { return kBool; }

/** One row: `to`, and the two that it is made of with the distances of their elements, 0 or 1 but for odd shapes. */
using Row = void (*)(char* to, const char* a, int64_t strideA, const char* b, int64_t strideB, int64_t n);

template <class F, class T, class R>
void row(char* to, const char* a, int64_t strideA, const char* b, int64_t strideB, int64_t n) {
  R* z = reinterpret_cast<R*>(to);
  const T *x = reinterpret_cast<const T*>(a), *y = reinterpret_cast<const T*>(b);
  if (strideA == 1 && strideB == 1)
    for (int64_t i = 0; i < n; i++) z[i] = F::of(x[i], y[i]);
  else if (strideA == 1 && strideB == 0)
    for (int64_t i = 0; i < n; i++) z[i] = F::of(x[i], *y);
  else
    for (int64_t i = 0; i < n; i++) z[i] = F::of(x[i * strideA], y[i * strideB]);
}

void broadcast(Call& call, Type from, Type to, Row row) {
  const Record &a = call.in(0, from), &b = call.in(1, from);
  const Shape shape = commonShape(call, a.shape, b.shape);
  const Record& z = call.out(0, to, shape);
  const Walk<3> walk(shape, {rowMajor(shape), broadcastTo(shape, a.shape), broadcastTo(shape, b.shape)});
  walk.rows([&](const int64_t(&at)[3]) {
    row(z.data + at[0] * bytesOf(to), a.data + at[1] * bytesOf(from), walk.innerStride(1),
        b.data + at[2] * bytesOf(from), walk.innerStride(2), walk.inner());
  });
}

template <class F, class T, class R>
void binary(Call& call) {
  broadcast(call, typeOf<T>(), typeOf<R>(), row<F, T, R>);
}

/** Numbers to numbers. */
template <class F>
void arithmetic(Call& call) {
  const Type type = call.in(0).type;
  if (call.in(1).type != type) call.refuse("the types differ");
  if (type == kFloat) return binary<F, float, float>(call);
  if (type == kInt32) return binary<F, int32_t, int32_t>(call);
  call.refuse("this type has no arithmetic");
}

/** Numbers to truth values. */
template <class F>
void comparison(Call& call) {
  const Type type = call.in(0).type;
  if (call.in(1).type != type) call.refuse("the types differ");
  if (type == kFloat) return binary<F, float, bool>(call);
  if (type == kInt32) return binary<F, int32_t, bool>(call);
  binary<F, bool, bool>(call);
}

template <class F>
void floats(Call& call) {
  call.in(0, kFloat), call.in(1, kFloat);
  binary<F, float, float>(call);
}

template <class F>
void logical(Call& call) {
  call.in(0, kBool), call.in(1, kBool);
  binary<F, bool, bool>(call);
}

#define BINARY(Name, expression) \
  struct Name {                  \
    template <class T>           \
    static auto of(T a, T b) {   \
      return expression;         \
    }                            \
  };
BINARY(Add, a + b)
BINARY(Sub, a - b)
BINARY(Mul, a * b)
BINARY(RealDiv, a / b)
// What is not a number stays so, on either side.
BINARY(Maximum, a > b || a != a ? a : b)
BINARY(Minimum, a < b || a != a ? a : b)
BINARY(Less, a < b)
BINARY(LessEqual, a <= b)
BINARY(Greater, a > b)
BINARY(GreaterEqual, a >= b)
BINARY(Equal, a == b)
BINARY(NotEqual, a != b)
BINARY(LogicalAnd, static_cast<bool>(a & b))
BINARY(LogicalOr, static_cast<bool>(a | b))
BINARY(SquaredDifference, (a - b) * (a - b))
BINARY(Pow, static_cast<T>(std::pow(a, b)))

template <class F, class T, class R>
void each(Call& call) {
  const Record& x = call.in(0, typeOf<T>());
  R* y = call.out(0, typeOf<R>(), x.shape).template as<R>();
  const T* from = x.as<T>();
  const int64_t n = x.count();
  for (int64_t i = 0; i < n; i++) y[i] = F::of(from[i]);
}

template <class F>
void numbers(Call& call) {
  call.in(0).type == kInt32 ? each<F, int32_t, int32_t>(call) : each<F, float, float>(call);
}

#define UNARY(Name, expression) \
  struct Name {                 \
    template <class T>          \
    static auto of(T x) {       \
      return expression;        \
    }                           \
  };
UNARY(Abs, x < 0 ? -x : x == 0 ? T(0) : x)
UNARY(Neg, -x)
UNARY(Square, x* x)
UNARY(Sign, static_cast<T>((x > 0) - (x < 0)))
UNARY(Exp, std::exp(x))
UNARY(Log, std::log(x))
UNARY(Log1p, std::log1p(x))
UNARY(Sqrt, std::sqrt(x))
UNARY(Rsqrt, 1 / std::sqrt(x))
UNARY(Floor, std::floor(x))
UNARY(Ceil, std::ceil(x))
UNARY(Round, std::nearbyint(x))  // halves to even
UNARY(Sin, std::sin(x))
UNARY(Cos, std::cos(x))
UNARY(Tanh, std::tanh(x))
UNARY(Sigmoid, 1 / (1 + std::exp(-x)))
UNARY(IsNan, x != x)
UNARY(IsFinite, std::isfinite(x))
UNARY(LogicalNot, !x)

template <class From, class To>
void convert(const Record& x, const Record& y) {
  const From* from = x.as<From>();
  To* to = y.as<To>();
  const int64_t n = x.count();
  for (int64_t i = 0; i < n; i++) to[i] = static_cast<To>(from[i]);
}

template <class From>
void convertFrom(const Call& call, const Record& x, const Record& y) {
  switch (y.type) {
    case kFloat: return convert<From, float>(x, y);
    case kInt32: return convert<From, int32_t>(x, y);
    case kUint8: return convert<From, uint8_t>(x, y);
    case kBool: return convert<From, bool>(x, y);
  }
  call.refuse("it knows no such type");
}

void cast(Call& call) {
  const Record& x = call.in(0);
  const Record& y = call.out(0, static_cast<Type>(call.attribute()), x.shape);
  switch (x.type) {
    case kFloat: return convertFrom<float>(call, x, y);
    case kInt32: return convertFrom<int32_t>(call, x, y);
    case kUint8: return convertFrom<uint8_t>(call, x, y);
    case kBool: return convertFrom<bool>(call, x, y);
  }
}

/** condition, a, b; a condition of one dimension chooses rows, as TensorFlow's first version of it does. */
void select(Call& call) {
  const Record &condition = call.in(0, kBool), &a = call.in(1), &b = call.in(2, a.type);
  const Record& y = call.out(0, a.type, a.shape);
  const int64_t count = a.count(), choices = condition.count(), size = bytesOf(a.type);
  if (choices == 0) return;
  if (count % choices != 0 || b.count() != count) call.refuse("the shapes do not fit each other");
  const int64_t row = count / choices * size;
  const bool* choose = condition.as<bool>();
  if (size == 4 && choices == count) {
    const int32_t *p = a.as<int32_t>(), *q = b.as<int32_t>();
    for (int64_t i = 0; i < count; i++) y.as<int32_t>()[i] = choose[i] ? p[i] : q[i];
    return;
  }
  for (int64_t i = 0; i < choices; i++)
    std::memcpy(y.data + i * row, (choose[i] ? a : b).data + i * row, row);
}

void addN(Call& call) {
  const Record& first = call.in(0, kFloat);
  float* sum = call.out(0, kFloat, first.shape).as<float>();
  const int64_t n = first.count();
  std::copy_n(first.as<float>(), n, sum);
  for (int k = 1; k < call.inputs(); k++) {
    const float* x = call.in(k, kFloat).as<float>();
    for (int64_t i = 0; i < n; i++) sum[i] += x[i];
  }
}

}  // namespace

void registerElementwise() {
#define ADD(Name, how) addOperation(#Name, {}, how<Name>)
  ADD(Add, arithmetic);
  addOperation("AddV2", {}, arithmetic<Add>);
  ADD(Sub, arithmetic);
  ADD(Mul, arithmetic);
  ADD(Maximum, arithmetic);
  ADD(Minimum, arithmetic);
  ADD(SquaredDifference, arithmetic);
  ADD(RealDiv, floats);
  ADD(Pow, floats);
  ADD(Less, comparison);
  ADD(LessEqual, comparison);
  ADD(Greater, comparison);
  ADD(GreaterEqual, comparison);
  ADD(Equal, comparison);
  ADD(NotEqual, comparison);
  ADD(LogicalAnd, logical);
  ADD(LogicalOr, logical);
  ADD(Abs, numbers);
  ADD(Neg, numbers);
  ADD(Square, numbers);
  ADD(Sign, numbers);
#define FLOATS(Name) addOperation(#Name, {}, each<Name, float, float>)
  FLOATS(Exp);
  FLOATS(Log);
  FLOATS(Log1p);
  FLOATS(Sqrt);
  FLOATS(Rsqrt);
  FLOATS(Floor);
  FLOATS(Ceil);
  FLOATS(Round);
  FLOATS(Sin);
  FLOATS(Cos);
  FLOATS(Tanh);
  FLOATS(Sigmoid);
  addOperation("IsNan", {}, each<IsNan, float, bool>);
  addOperation("IsFinite", {}, each<IsFinite, float, bool>);
  addOperation("LogicalNot", {}, each<LogicalNot, bool, bool>);
  addOperation("Cast", {"DstT"}, cast);
  addOperation("Select", {}, select);
  addOperation("AddN", {}, addN);
}

}  // namespace runner
