// Depthwise 3×3 convolution, padded `same`, of y [N, H, W, C] by a kernel [3, 3, C, 1], and its gradients. What it is
// given is x, of which y is the normalisation (see normalization.h). One image at a time passes through everything
// that is done with it, so that it is read from memory once; within it a few channels at a time: these are copied into
// a small image with its padding around it, so that there are no borders to look out for, and their nine weights
// stay in registers.
#include <algorithm>
#include <vector>

#include "ahead.h"
#include "buffer.h"
#include "convolution.h"
#include "normalization.h"
#include "operation.h"
#include "parallel.h"
#include "vectors.h"

namespace runner {
namespace {

struct Geometry {
  int64_t height, width, channels, stride, outHeight, outWidth, paddedHeight, paddedWidth, top, left;

  Geometry(const std::vector<int64_t>& images, int64_t stride)
      : height(images[1]), width(images[2]), channels(images[3]), stride(stride),
        outHeight((height + stride - 1) / stride), outWidth((width + stride - 1) / stride),
        paddedHeight((outHeight - 1) * stride + 3), paddedWidth((outWidth - 1) * stride + 3),
        top((paddedHeight - height) / 2), left((paddedWidth - width) / 2) {}

  int64_t imageSize() const { return height * width * channels; }
  int64_t outSize() const { return outHeight * outWidth * channels; }
};

/** A few channels of one image: [paddedHeight, paddedWidth, lanes]. */
using Padded = Buffer;

Padded makePadded(const Geometry& g) { return Padded(g.paddedHeight * g.paddedWidth * kLanes); }

/** Copies value(x), where value makes a vector of one, and zeros around it. */
template <class V, class Value>
void copyIn(const Geometry& g, const float* x, const Padded& padded, const Value& value) {
  float* to = padded.data();
  const auto fill = [&](int64_t pixels) {
    for (; pixels > 0; pixels--, to += sizeof(V) / 4) store(to, V{});
  };
  fill(g.top * g.paddedWidth + g.left);
  for (int64_t row = 0; row < g.height; row++) {
    if (row > 0) fill(g.paddedWidth - g.width);
    for (int64_t column = 0; column < g.width; column++, to += sizeof(V) / 4, x += g.channels)
      store(to, value(load<V>(x)));
  }
  fill((g.paddedHeight - g.top - g.height) * g.paddedWidth + g.paddedWidth - g.left - g.width);
}

template <class V>
void copyOut(const Geometry& g, const Padded& padded, float* x) {
  for (int64_t row = 0; row < g.height; row++) {
    const float* from = padded.data() + ((row + g.top) * g.paddedWidth + g.left) * (sizeof(V) / 4);
    float* to = x + row * g.width * g.channels;
    for (int64_t column = 0; column < g.width; column++)
      store(to + column * g.channels, load<V>(from + column * (sizeof(V) / 4)));
  }
}

/** How often one pass over the windows asks for what is ahead. */
int64_t rowsOf(const Geometry& g) { return g.outHeight * ((g.channels + kLanes - 1) / kLanes); }

/** Calls body(first of the window's top row, its middle row, its bottom row, output) for every output pixel. */
template <class V, class P, class Body>
inline void forWindows(const Geometry& g, P* padded, Ahead& ahead, const Body& body) {
  constexpr int64_t lanes = sizeof(V) / 4;
  const int64_t rowSize = g.paddedWidth * lanes;
  for (int64_t row = 0; row < g.outHeight; row++) {
    ahead.ask();
    P* window = padded + row * g.stride * rowSize;
    int64_t out = row * g.outWidth * g.channels;
    for (int64_t column = 0; column < g.outWidth; column++) {
      body(window, window + rowSize, window + 2 * rowSize, out);
      window += g.stride * lanes;
      out += g.channels;
    }
  }
}

/** Copies the channels from c on of y, the normalisation of x. */
template <class V>
void copyNormalised(const Geometry& g, const float* x, const Normalization& normalization, int c, const Padded& padded) {
  normalization.withFunction<V>(c, [&](const auto& value) { copyIn<V>(g, x + c, padded, value); });
}

/** z = y ∗ kernel; with `mirrored` the kernel is turned by 180°, which at stride 1 gives the input's gradient. */
void convolve(const Geometry& g, const float* x, const Normalization& normalization, const float* kernel, bool mirrored,
              const Padded& padded, Ahead& ahead, float* z) {
  forChannels<1>(g.channels, [&](auto block, int c) {
    using V = typename decltype(block)::Vector;
    constexpr int L = sizeof(V) / 4;
    copyNormalised<V>(g, x, normalization, c, padded);
    V w[9];
    for (int tap = 0; tap < 9; tap++) w[tap] = load<V>(kernel + (mirrored ? 8 - tap : tap) * g.channels + c);
    float* const to = z + c;
    forWindows<V>(g, padded.data(), ahead, [&](const float* p, const float* q, const float* r, int64_t out) {
      V sum = w[0] * load<V>(p) + w[1] * load<V>(p + L) + w[2] * load<V>(p + 2 * L);
      sum += w[3] * load<V>(q) + w[4] * load<V>(q + L) + w[5] * load<V>(q + 2 * L);
      sum += w[6] * load<V>(r) + w[7] * load<V>(r + L) + w[8] * load<V>(r + 2 * L);
      store(to + out, sum);
    });
  });
}

/** dx = the input's gradient at any stride: every output's gradient is spread over its window. */
void spread(const Geometry& g, const float* dy, const float* kernel, const Padded& padded, Ahead& ahead, float* dx) {
  forChannels<1>(g.channels, [&](auto block, int c) {
    using V = typename decltype(block)::Vector;
    constexpr int L = sizeof(V) / 4;
    std::fill_n(padded.data(), g.paddedHeight * g.paddedWidth * L, 0.0f);
    V w[9];
    for (int tap = 0; tap < 9; tap++) w[tap] = load<V>(kernel + tap * g.channels + c);
    forWindows<V>(g, padded.data(), ahead, [&](float* p, float* q, float* r, int64_t out) {
      const V d = load<V>(dy + out + c);
      for (int i = 0; i < 3; i++) {
        add(p + i * L, w[i] * d);
        add(q + i * L, w[3 + i] * d);
        add(r + i * L, w[6 + i] * d);
      }
    });
    copyOut<V>(g, padded, dx + c);
  });
}

/** dKernel += the kernel's gradient. */
void correlate(const Geometry& g, const float* x, const Normalization& normalization, const float* dy,
               const Padded& padded, Ahead& ahead, float* dKernel) {
  forChannels<1>(g.channels, [&](auto block, int c) {
    using V = typename decltype(block)::Vector;
    constexpr int L = sizeof(V) / 4;
    copyNormalised<V>(g, x, normalization, c, padded);
    V sum[9] = {};
    forWindows<V>(g, padded.data(), ahead, [&](const float* p, const float* q, const float* r, int64_t out) {
      const V d = load<V>(dy + out + c);
      for (int i = 0; i < 3; i++) {
        sum[i] += d * load<V>(p + i * L);
        sum[3 + i] += d * load<V>(q + i * L);
        sum[6 + i] += d * load<V>(r + i * L);
      }
    });
    for (int tap = 0; tap < 9; tap++) add(dKernel + tap * g.channels + c, sum[tap]);
  });
}

/** z and its statistics; see convolution.h. */
void forward(Call& call) {
  const Tensor x = call.input(0), kernel = call.input(5);
  const Normalization normalization(call, 1, Clip(call.attribute(0)));
  const Geometry g(x.shape, call.attribute(1));
  const int64_t images = x.shape[0];
  const Tensor z = call.output(0, {images, g.outHeight, g.outWidth, g.channels});
  const Tensor mean = call.output(1, {g.channels}), variance = call.output(2, {g.channels});
  std::vector<Statistics> statistics(threadCount(), Statistics(g.channels));
  const int parts = parallel(images, grainOf(2 * g.imageSize()), [&](int part, int64_t first, int64_t last) {
    const Padded padded = makePadded(g);
    for (int64_t n = first; n < last; n++) {
      const float* input = x.data + n * g.imageSize();
      float* output = z.data + n * g.outSize();
      const int64_t more = n + 1 < last ? 1 : 0;  // images
      Ahead next({{x.data + (n + 1) * g.imageSize(), more * g.imageSize()},
                  {output + g.outSize(), more * g.outSize(), true}},
                 rowsOf(g));
      convolve(g, input, normalization, kernel.data, false, padded, next, output);
      statistics[part].add(output, g.outHeight * g.outWidth);
    }
  });
  Statistics::finish(statistics, parts, mean.data, variance.data);
}

/** The gradient; see convolution.h. */
void backward(Call& call) {
  const Tensor x = call.input(0), kernel = call.input(5), z = call.input(6), dNext = call.input(13);
  const Geometry g(x.shape, call.attribute(2));
  const int64_t images = x.shape[0], pixels = g.height * g.width, outPixels = g.outHeight * g.outWidth;
  const Normalization normalization(call, 1, Clip(call.attribute(0)));
  const NormalizationGradient outputGradient(call, 7, Clip(call.attribute(1)), images * outPixels);
  const Tensor dx = call.output(0, x.shape), dKernel = call.output(1, kernel.shape);
  const std::vector<int64_t> perChannel = {normalization.isNone() ? 0 : g.channels};
  const Tensor dGamma = call.output(2, perChannel), dBeta = call.output(3, perChannel);
  std::vector<GradientSums> sums(threadCount(), GradientSums(g.channels));
  const auto body = [&](int part, int64_t first, int64_t last, float* products) {
    const Padded padded = makePadded(g);
    const Buffer dzBuffer(g.outSize());
    for (int64_t n = first; n < last; n++) {
      const float* image = x.data + n * g.imageSize();
      float* dImage = dx.data + n * g.imageSize();
      const int64_t out = n * g.outSize();
      float* dz = dzBuffer.data();
      outputGradient.apply(z.data + out, dNext.data + out, outPixels, dz);
      const int64_t more = n + 1 < last ? 1 : 0;  // images
      Ahead next({{image + g.imageSize(), more * g.imageSize()},
                  {z.data + out + g.outSize(), more * g.outSize()},
                  {dNext.data + out + g.outSize(), more * g.outSize()},
                  {dImage + g.imageSize(), more * g.imageSize(), true}},
                 2 * rowsOf(g));
      correlate(g, image, normalization, dz, padded, next, products);
      if (g.stride == 1)
        convolve(g, dz, Normalization(), kernel.data, true, padded, next, dImage);
      else
        spread(g, dz, kernel.data, padded, next, dImage);
      if (!normalization.isNone()) sums[part].add(normalization, image, dImage, pixels);
    }
  };
  const int parts = parallelSums(images, grainOf(4 * g.imageSize()), 9 * g.channels, dKernel.data, body);
  if (!normalization.isNone()) GradientSums::finish(sums, parts, normalization, dGamma.data, dBeta.data);
}

}  // namespace

void registerDepthwise() {
  registerConvolution("RunnerDepthwise", "RunnerDepthwiseGradient", "stride", forward, backward);
}

}  // namespace runner
