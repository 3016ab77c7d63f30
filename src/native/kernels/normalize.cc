// The last convolution's batch normalisation and clip, which no other convolution takes over: x [rows, C] in any number
// of dimensions, and mean, variance, gamma and beta [C].
#include "normalization.h"
#include "operation.h"
#include "parallel.h"

namespace runner {
namespace {


void forward(Call& call) {
  const Tensor x = call.input(0);
  const Normalization normalization(call, 1, Clip(call.attribute(0)));
  const Tensor y = call.output(0, x.shape);
  parallel(x.rows(), grainOf(x.last()), [&](int, int64_t first, int64_t last) {
    normalization.apply(x.data + first * x.last(), last - first, y.data + first * x.last());
  });
}

/** x, mean, variance, gamma, beta, dy → dgamma, dbeta; the convolution before computes dx. */
void backward(Call& call) {
  const Tensor x = call.input(0), gamma = call.input(3), dy = call.input(5);
  const Normalization normalization(call, 1, Clip(call.attribute(0)));
  const Tensor dGamma = call.output(0, gamma.shape), dBeta = call.output(1, gamma.shape);
  std::vector<GradientSums> sums(threadCount(), GradientSums(x.last()));
  const int parts = parallel(x.rows(), grainOf(x.last()), [&](int part, int64_t first, int64_t last) {
    sums[part].add(normalization, x.data + first * x.last(), dy.data + first * x.last(), last - first);
  });
  GradientSums::finish(sums, parts, normalization, dGamma.data, dBeta.data);
}

}  // namespace

void registerNormalize() {
  const std::vector<const char*> inputs = {"x", "mean", "variance", "gamma", "beta"};
  registerOperation({"RunnerNormalize", inputs, {"y"}, {"clip"}, forward});
  registerOperation({"RunnerNormalizeGradient",
                     {"x", "mean", "variance", "gamma", "beta", "dy"},
                     {"dgamma", "dbeta"},
                     {"clip"},
                     backward});
}

}  // namespace runner
