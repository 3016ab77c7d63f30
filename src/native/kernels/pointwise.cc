// 1×1 convolution, which is a matrix product: y [N, H, W, K] · kernel [K, F] → z [N, H, W, F], and its gradients. What it
// is given is x, of which y is the normalisation (see normalization.h). Some rows (pixels) at a time pass through
// everything that is done with them, so that they are read from memory once. The last ones come first: the depthwise
// convolution before, which begins with the first, has left them in the cache.
#include <algorithm>

#include "convolution.h"
#include "normalization.h"
#include "operation.h"
#include "parallel.h"
#include "product.h"

namespace runner {
namespace {

/** Rows of which `numbers` each stay in half of a second-level cache of 512 KiB; tiles have 6 or 12. */
int64_t blockRows(int64_t numbers) { return std::clamp<int64_t>(65536 / numbers / 12 * 12, 36, 480); }

/**
 * Calls body(row, rows, rows of the block behind) for blocks of `step` rows that cover first … last − 1, the last ones
 * first.
 */
template <class Body>
void forBlocks(int64_t first, int64_t last, int64_t step, const Body& body) {
  for (int64_t block = (last - first - 1) / step; block >= 0; block--) {
    const int64_t row = first + block * step;
    body(row, std::min(step, last - row), block > 0 ? step : 0);
  }
}

/** z and its statistics; see convolution.h. */
void forward(Call& call) {
  const Tensor x = call.input(0), kernel = call.input(5);
  const Normalization normalization(call, 1, Clip(call.attribute(0)));
  const int64_t K = kernel.shape[0], F = kernel.shape[1];
  std::vector<int64_t> shape = x.shape;
  shape.back() = F;
  const Tensor z = call.output(0, shape), mean = call.output(1, {F}), variance = call.output(2, {F});
  const Product product(call.attribute(1));
  const auto packed = product.pack(kernel.data, K, F);
  std::vector<Statistics> statistics(threadCount(), Statistics(F));
  const int parts = parallel(x.rows(), grainOf(K * F / 8), [&](int part, int64_t first, int64_t last) {
    const int64_t step = blockRows(2 * K + F);
    const Buffer y(step * K);
    forBlocks(first, last, step, [&](int64_t row, int64_t rows, int64_t behind) {
      const Ahead ahead({{x.data + (row - behind) * K, behind * K}}, tilesOf(rows, F));
      const float* input = normalization.apply(x.data + row * K, rows, y.data());
      product.multiply(input, rows, K, packed, F, z.data + row * F, ahead);
      statistics[part].add(z.data + row * F, rows);
    });
  });
  Statistics::finish(statistics, parts, mean.data, variance.data);
}

/** The gradient; see convolution.h. */
void backward(Call& call) {
  const Tensor x = call.input(0), kernel = call.input(5), z = call.input(6), dNext = call.input(13);
  const int64_t K = kernel.shape[0], F = kernel.shape[1], allRows = x.rows();
  const Normalization normalization(call, 1, Clip(call.attribute(0)));
  const NormalizationGradient outputGradient(call, 7, Clip(call.attribute(1)), allRows);
  const Tensor dx = call.output(0, x.shape), dKernel = call.output(1, kernel.shape);
  const std::vector<int64_t> perChannel = {normalization.isNone() ? 0 : K};
  const Tensor dGamma = call.output(2, perChannel), dBeta = call.output(3, perChannel);
  const Product product(call.attribute(2));
  const auto packed = product.packTransposed(kernel.data, F, K);
  std::vector<GradientSums> sums(threadCount(), GradientSums(K));
  const auto body = [&](int part, int64_t first, int64_t last, float* products) {
    const int64_t step = blockRows(3 * (K + F)), together = std::max(step, 252 / step * step);
    const Buffer yBlock(together * K), dzBlock(together * F);
    forBlocks(first, last, together, [&](int64_t firstRow, int64_t count, int64_t) {
      forBlocks(firstRow, firstRow + count, step, [&](int64_t row, int64_t rows, int64_t behind) {
        const float *xRows = x.data + row * K, *zRows = z.data + row * F, *dNextRows = dNext.data + row * F;
        float* dxRows = dx.data + row * K;
        float *yRows = yBlock.data() + (row - firstRow) * K, *dzRows = dzBlock.data() + (row - firstRow) * F;
        const Ahead ahead({{xRows - behind * K, behind * K},
                           {zRows - behind * F, behind * F},
                           {dNextRows - behind * F, behind * F}},
                          tilesOf(rows, K));
        outputGradient.apply(zRows, dNextRows, rows, dzRows);
        product.multiply(dzRows, rows, F, packed, K, dxRows, ahead);
        if (normalization.isNone()) return;
        normalization.apply(xRows, rows, yRows);
        sums[part].add(normalization, xRows, dxRows, rows);
      });
      const float* y = normalization.isNone() ? x.data + firstRow * K : yBlock.data();
      product.correlate(y, dzBlock.data(), count, K, F, products);
    });
  };
  const int parts = parallelSums(allRows, grainOf(K * F / 4), K * F, dKernel.data, body);
  if (!normalization.isNone()) GradientSums::finish(sums, parts, normalization, dGamma.data, dBeta.data);
}

/** x [rows, K] · matrix [K, F] → y [rows, F]. */
void plainProduct(Call& call) {
  const Tensor x = call.input(0), matrix = call.input(1);
  const int64_t K = matrix.shape[0], F = matrix.shape[1];
  std::vector<int64_t> shape = x.shape;
  shape.back() = F;
  const Tensor y = call.output(0, shape);
  const auto packed = pack(matrix.data, K, F);
  parallel(x.rows(), grainOf(K * F / 8), [&](int, int64_t first, int64_t last) {
    multiply(x.data + first * K, last - first, K, packed, F, y.data + first * F);
  });
}

}  // namespace

void registerPointwise() {
  registerOperation({"RunnerHasBfloat16", {}, {"answer"}, {}, [](Call& call) {
    call.output(0, {1}).data[0] = hasBfloat16() ? 1 : 0;
  }});
  registerOperation({"RunnerProduct", {"x", "matrix"}, {"y"}, {}, plainProduct});
  registerConvolution("RunnerPointwise", "RunnerPointwiseGradient", "rounded", forward, backward);
}

}  // namespace runner
