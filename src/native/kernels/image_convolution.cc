// The network's first convolution: 3×3, stride 2, padded `same`, of images [N, H, W, C] by a kernel [3, 3, C, F] to
// [N, H/2, W/2, F]. Each window becomes a row of 9 C numbers, and the convolution a matrix product.
#include <algorithm>

#include "matrix.h"
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
  for (int64_t row = 0; row < g.outHeight; row++)
    for (int64_t column = 0; column < g.outWidth; column++)
      for (int64_t i = 0; i < 3; i++) {
        const int64_t y = row * 2 - g.top + i;
        for (int64_t j = 0; j < 3; j++) {
          const int64_t x = column * 2 - g.left + j;
          const bool inside = y >= 0 && y < g.height && x >= 0 && x < g.width;
          const float* pixel = image + (y * g.width + x) * g.channels;
          for (int64_t c = 0; c < g.channels; c++) *windows++ = inside ? pixel[c] : 0.0f;
        }
      }
}

void forward(Call& call) {
  const Tensor x = call.input(0), kernel = call.input(1);
  const Geometry g(x.shape);
  const int64_t F = kernel.last();
  const Tensor y = call.output(0, {x.shape[0], g.outHeight, g.outWidth, F});
  const auto packed = pack(kernel.data, g.taps(), F);
  parallel(x.shape[0], grainOf(g.windows() * F * 2), [&](int, int64_t first, int64_t last) {
    std::vector<float> windows(g.windows() * g.taps());
    for (int64_t n = first; n < last; n++) {
      unfold(g, x.data + n * g.pixels(), windows.data());
      multiply(windows.data(), g.windows(), g.taps(), packed, F, y.data + n * g.windows() * F);
    }
  });
}

/** x, kernel, dy → dx, dkernel. Nobody asks for an image's gradient: dx is zero. */
void backward(Call& call) {
  const Tensor x = call.input(0), kernel = call.input(1), dy = call.input(2);
  const Geometry g(x.shape);
  const int64_t F = kernel.last();
  const Tensor dx = call.output(0, x.shape), dKernel = call.output(1, kernel.shape);
  std::fill_n(dx.data, x.shape[0] * g.pixels(), 0.0f);
  parallelSums(x.shape[0], grainOf(g.windows() * F * 2), g.taps() * F, dKernel.data, [&](int64_t first, int64_t last, float* sums) {
    std::vector<float> windows(g.windows() * g.taps());
    for (int64_t n = first; n < last; n++) {
      unfold(g, x.data + n * g.pixels(), windows.data());
      correlate(windows.data(), dy.data + n * g.windows() * F, g.windows(), g.taps(), F, sums);
    }
  });
}

}  // namespace

void registerImageConvolution() {
  registerOperation({"RunnerImageConvolution", {"x", "kernel"}, {"y"}, nullptr, forward});
  registerOperation({"RunnerImageConvolutionGradient", {"x", "kernel", "dy"}, {"dx", "dkernel"}, nullptr, backward});
}

}  // namespace runner
