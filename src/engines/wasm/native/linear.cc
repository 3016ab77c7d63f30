// Products of small matrices: the dense layer and its gradients.
#include <vector>

#include "matrix.h"
#include "operation.h"

namespace runner {
namespace {

std::vector<float> transposed(const float* x, int64_t rows, int64_t columns) {
  std::vector<float> y(rows * columns);
  for (int64_t r = 0; r < rows; r++)
    for (int64_t c = 0; c < columns; c++) y[c * rows + r] = x[r * columns + c];
  return y;
}

/** a [M, K] · b [K, N], or their transposes where the attributes say so. */
void product(Call& call) {
  const Record &a = call.in(0, kFloat), &b = call.in(1, kFloat);
  if (a.shape.rank != 2 || b.shape.rank != 2) call.refuse("only matrices are multiplied");
  const bool turnsA = call.attribute(0), turnsB = call.attribute(1);
  const int64_t M = a.shape.dims[turnsA], K = a.shape.dims[!turnsA], N = b.shape.dims[!turnsB];
  if (b.shape.dims[turnsB] != K) call.refuse("the shapes do not fit each other");
  Shape shape;
  shape.append(M);
  shape.append(N);
  float* y = call.out(0, kFloat, shape).as<float>();
  const auto packed = turnsB ? packTransposed(b.as<float>(), K, N) : pack(b.as<float>(), K, N);
  const auto left = turnsA ? transposed(a.as<float>(), K, M) : std::vector<float>();
  multiply(turnsA ? left.data() : a.as<float>(), M, K, packed, N, y);
}

}  // namespace

void registerLinear() {
  addOperation("BatchMatMulV2", {"adj_x", "adj_y"}, product);
  addOperation("MatMul", {"transpose_a", "transpose_b"}, product);
}

}  // namespace runner
