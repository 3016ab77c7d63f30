// Depthwise 3×3 convolution, padded `same`, images [N, H, W, C], kernel [3, 3, C, 1], and its gradients.
// One image at a time, a few channels at a time: these channels are copied into a small image with its padding
// around it, so that there are no borders to look out for, and their nine weights stay in registers.
#include <algorithm>
#include <vector>

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
using Padded = std::vector<float>;

Padded makePadded(const Geometry& g) { return Padded(g.paddedHeight * g.paddedWidth * kLanes); }

template <class V>
float* insidePadded(const Geometry& g, Padded& padded, int64_t row) {
  return padded.data() + ((row + g.top) * g.paddedWidth + g.left) * (sizeof(V) / 4);
}

template <class V>
void copyIn(const Geometry& g, const float* x, Padded& padded) {
  std::fill(padded.begin(), padded.end(), 0.0f);
  for (int64_t row = 0; row < g.height; row++) {
    float* to = insidePadded<V>(g, padded, row);
    const float* from = x + row * g.width * g.channels;
    for (int64_t column = 0; column < g.width; column++)
      store(to + column * (sizeof(V) / 4), load<V>(from + column * g.channels));
  }
}

template <class V>
void copyOut(const Geometry& g, Padded& padded, float* x) {
  for (int64_t row = 0; row < g.height; row++) {
    const float* from = insidePadded<V>(g, padded, row);
    float* to = x + row * g.width * g.channels;
    for (int64_t column = 0; column < g.width; column++)
      store(to + column * g.channels, load<V>(from + column * (sizeof(V) / 4)));
  }
}

/** Calls body(first of the window's top row, its middle row, its bottom row, output) for every output pixel. */
template <class V, class P, class Body>
inline void forWindows(const Geometry& g, P* padded, const Body& body) {
  constexpr int64_t lanes = sizeof(V) / 4;
  const int64_t rowSize = g.paddedWidth * lanes;
  for (int64_t row = 0; row < g.outHeight; row++) {
    P* window = padded + row * g.stride * rowSize;
    int64_t out = row * g.outWidth * g.channels;
    for (int64_t column = 0; column < g.outWidth; column++) {
      body(window, window + rowSize, window + 2 * rowSize, out);
      window += g.stride * lanes;
      out += g.channels;
    }
  }
}

/** y = x ∗ kernel; with `mirrored` the kernel is turned by 180°, which at stride 1 gives the input's gradient. */
void convolve(const Geometry& g, const float* x, const float* kernel, bool mirrored, Padded& padded, float* y) {
  forChannels<1>(g.channels, [&](auto block, int c) {
    using V = typename decltype(block)::Vector;
    constexpr int L = sizeof(V) / 4;
    copyIn<V>(g, x + c, padded);
    V w[9];
    for (int tap = 0; tap < 9; tap++) w[tap] = load<V>(kernel + (mirrored ? 8 - tap : tap) * g.channels + c);
    float* const to = y + c;
    forWindows<V>(g, padded.data(), [&](const float* p, const float* q, const float* r, int64_t out) {
      V sum = w[0] * load<V>(p) + w[1] * load<V>(p + L) + w[2] * load<V>(p + 2 * L);
      sum += w[3] * load<V>(q) + w[4] * load<V>(q + L) + w[5] * load<V>(q + 2 * L);
      sum += w[6] * load<V>(r) + w[7] * load<V>(r + L) + w[8] * load<V>(r + 2 * L);
      store(to + out, sum);
    });
  });
}

/** dx = the input's gradient at any stride: every output's gradient is spread over its window. */
void spread(const Geometry& g, const float* dy, const float* kernel, Padded& padded, float* dx) {
  forChannels<1>(g.channels, [&](auto block, int c) {
    using V = typename decltype(block)::Vector;
    constexpr int L = sizeof(V) / 4;
    std::fill(padded.begin(), padded.end(), 0.0f);
    V w[9];
    for (int tap = 0; tap < 9; tap++) w[tap] = load<V>(kernel + tap * g.channels + c);
    forWindows<V>(g, padded.data(), [&](float* p, float* q, float* r, int64_t out) {
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
void correlate(const Geometry& g, const float* x, const float* dy, Padded& padded, float* dKernel) {
  forChannels<1>(g.channels, [&](auto block, int c) {
    using V = typename decltype(block)::Vector;
    constexpr int L = sizeof(V) / 4;
    copyIn<V>(g, x + c, padded);
    V sum[9] = {};
    forWindows<V>(g, padded.data(), [&](const float* p, const float* q, const float* r, int64_t out) {
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

void forward(Call& call) {
  const Tensor x = call.input(0), kernel = call.input(1);
  const Geometry g(x.shape, call.attribute());
  const Tensor y = call.output(0, {x.shape[0], g.outHeight, g.outWidth, g.channels});
  parallel(x.shape[0], grainOf(2 * g.imageSize()), [&](int, int64_t first, int64_t last) {
    Padded padded = makePadded(g);
    for (int64_t n = first; n < last; n++)
      convolve(g, x.data + n * g.imageSize(), kernel.data, false, padded, y.data + n * g.outSize());
  });
}

void backward(Call& call) {
  const Tensor x = call.input(0), kernel = call.input(1), dy = call.input(2);
  const Geometry g(x.shape, call.attribute());
  const Tensor dx = call.output(0, x.shape), dKernel = call.output(1, kernel.shape);
  const int64_t size = 9 * g.channels;
  parallelSums(x.shape[0], grainOf(4 * g.imageSize()), size, dKernel.data, [&](int64_t first, int64_t last, float* sums) {
    Padded padded = makePadded(g);
    for (int64_t n = first; n < last; n++) {
      const float* dyn = dy.data + n * g.outSize();
      float* dxn = dx.data + n * g.imageSize();
      correlate(g, x.data + n * g.imageSize(), dyn, padded, sums);
      if (g.stride == 1)
        convolve(g, dyn, kernel.data, true, padded, dxn);
      else
        spread(g, dyn, kernel.data, padded, dxn);
    }
  });
}

}  // namespace

void registerDepthwise() {
  registerOperation({"RunnerDepthwise", {"x", "kernel"}, {"y"}, "stride", forward});
  registerOperation({"RunnerDepthwiseGradient", {"x", "kernel", "dy"}, {"dx", "dkernel"}, "stride", backward});
}

}  // namespace runner
