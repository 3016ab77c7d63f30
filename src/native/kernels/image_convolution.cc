// The network's first convolution: 3×3, stride 2, padded `same`, of images [N, H, W, C] by a kernel [3, 3, C, F] to
// z [N, H/2, W/2, F]. Each window becomes a row of 9 C numbers, and the convolution a matrix product.
#include <algorithm>

#include "matrix.h"
#include "normalization.h"
#include "operation.h"
#include "parallel.h"

namespace runner {
namespace {

struct Geometry {
  int64_t height, width, channels, outHeight, outWidth, top, left;

  explicit Geometry(const std::vector<int64_t>& images)
      : height(images[1]), width(images[2]), channels(images[3]), outHeight((height + 1) / 2), outWidth((width + 1) / 2),
        top((outHeight * 2 + 1 - height) / 2), left((outWidth * 2 + 1 - width) / 2) {}

  int64_t windows() const { return outHeight * outWidth; }
  int64_t taps() const { return 9 * channels; }
  int64_t pixels() const { return height * width * channels; }
};

/** One image [H, W, C] → its windows [H/2 · W/2, 9 C]. */
void unfold(const Geometry& g, const float* image, float* windows) {
  const int64_t rowSize = g.width * g.channels;
  for (int64_t row = 0; row < g.outHeight; row++)
    for (int64_t column = 0; column < g.outWidth; column++) {
      const int64_t x = column * 2 - g.left, first = std::max<int64_t>(0, -x), last = std::min<int64_t>(3, g.width - x);
      for (int64_t y = row * 2 - g.top; y < row * 2 - g.top + 3; y++, windows += 3 * g.channels) {
        if (first > 0 || last < 3 || y < 0 || y >= g.height) std::fill_n(windows, 3 * g.channels, 0.0f);
        if (y < 0 || y >= g.height) continue;
        const float* from = image + y * rowSize + x * g.channels;
        for (int64_t i = first * g.channels; i < last * g.channels; i++) windows[i] = from[i];
      }
    }
}

/** images, kernel → z and its mean and variance. */
void forward(Call& call) {
  const Tensor images = call.input(0), kernel = call.input(1);
  const Geometry g(images.shape);
  const int64_t F = kernel.last();
  const Tensor z = call.output(0, {images.shape[0], g.outHeight, g.outWidth, F});
  const Tensor mean = call.output(1, {F}), variance = call.output(2, {F});
  const auto packed = pack(kernel.data, g.taps(), F);
  std::vector<Statistics> statistics(threadCount(), Statistics(F));
  const int parts = parallel(images.shape[0], grainOf(g.windows() * F * 2), [&](int part, int64_t first, int64_t last) {
    const Buffer windows(g.windows() * g.taps());
    for (int64_t n = first; n < last; n++) {
      float* output = z.data + n * g.windows() * F;
      unfold(g, images.data + n * g.pixels(), windows.data());
      multiply(windows.data(), g.windows(), g.taps(), packed, F, output);
      statistics[part].add(output, g.windows());
    }
  });
  Statistics::finish(statistics, parts, mean.data, variance.data);
}

/** images, z, its normalisation with the gradients of gamma and beta, dy → dkernel. Nobody asks for an image's gradient. */
void backward(Call& call) {
  const Tensor images = call.input(0), z = call.input(1), dNext = call.input(8);
  const Geometry g(images.shape);
  const int64_t F = z.last(), count = images.shape[0];
  const NormalizationGradient outputGradient(call, 2, Clip(call.attribute(0)), z.rows());
  const Tensor dKernel = call.output(0, {3, 3, g.channels, F});
  const auto body = [&](int, int64_t first, int64_t last, float* sums) {
    const Buffer windows(g.windows() * g.taps()), dz(g.windows() * F);
    for (int64_t n = first; n < last; n++) {
      const int64_t out = n * g.windows() * F;
      unfold(g, images.data + n * g.pixels(), windows.data());
      outputGradient.apply(z.data + out, dNext.data + out, g.windows(), dz.data());
      correlate(windows.data(), dz.data(), g.windows(), g.taps(), F, sums);
    }
  };
  parallelSums(count, grainOf(g.windows() * F * 2), g.taps() * F, dKernel.data, body);
}

}  // namespace

void registerImageConvolution() {
  registerOperation({"RunnerImageConvolution", {"images", "kernel"}, {"z", "mean", "variance"}, {}, forward});
  registerOperation({"RunnerImageConvolutionGradient",
                     {"images", "z", "mean", "variance", "gamma", "beta", "dgamma", "dbeta", "dy"},
                     {"dkernel"},
                     {"clip"},
                     backward});
}

}  // namespace runner
