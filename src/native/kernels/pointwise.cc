// 1×1 convolution, which is a matrix product: x [N, H, W, K] · kernel [K, F] → y [N, H, W, F], and its gradients.
#include "matrix.h"
#include "operation.h"
#include "parallel.h"

namespace runner {
namespace {

void forward(Call& call) {
  const Tensor x = call.input(0), kernel = call.input(1);
  const int64_t K = kernel.shape[0], F = kernel.shape[1];
  std::vector<int64_t> shape = x.shape;
  shape.back() = F;
  const Tensor y = call.output(0, shape);
  const auto packed = pack(kernel.data, K, F);
  parallel(x.rows(), grainOf(K * F / 8), [&](int, int64_t first, int64_t last) {
    multiply(x.data + first * K, last - first, K, packed, F, y.data + first * F);
  });
}

void backward(Call& call) {
  const Tensor x = call.input(0), kernel = call.input(1), dy = call.input(2);
  const int64_t K = kernel.shape[0], F = kernel.shape[1], rows = x.rows();
  const Tensor dx = call.output(0, x.shape), dKernel = call.output(1, kernel.shape);
  const auto packed = packTransposed(kernel.data, F, K);
  parallelSums(rows, grainOf(K * F / 4), K * F, dKernel.data, [&](int64_t first, int64_t last, float* sums) {
    multiply(dy.data + first * F, last - first, F, packed, K, dx.data + first * K);
    correlate(x.data + first * K, dy.data + first * F, last - first, K, F, sums);
  });
}

}  // namespace

void registerPointwise() {
  registerOperation({"RunnerPointwise", {"x", "kernel"}, {"y"}, nullptr, forward});
  registerOperation({"RunnerPointwiseGradient", {"x", "kernel", "dy"}, {"dx", "dkernel"}, nullptr, backward});
}

}  // namespace runner
