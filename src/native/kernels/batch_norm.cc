// Batch normalisation (Ioffe and Szegedy 2015) followed by a clip as one operation: x [rows, C] in any number of
// dimensions, gamma and beta [C]. The clip's mask is computed again in the gradient instead of being kept.
#include <algorithm>
#include <cmath>
#include <vector>

#include "operation.h"
#include "parallel.h"
#include "vectors.h"

namespace runner {
namespace {

constexpr float kEpsilon = 1e-3f;  // Keras' MobileNet

/** Rows that fit, with their channels, into the first-level cache; sums over them are short enough for floats. */
int64_t blockRows(int64_t channels) { return std::clamp<int64_t>(4096 / channels, 8, 256); }

/** Count, mean and sum of squared deviations of each channel, over rows that are added block by block. */
struct Moments {
  double count = 0;
  std::vector<double> mean, squares;

  explicit Moments(int64_t channels) : mean(channels), squares(channels) {}

  /** Chan, Golub and LeVeque 1979. */
  template <class Number>
  void merge(double otherCount, const Number* otherMean, const Number* otherSquares) {
    const double total = count + otherCount;
    const double share = otherCount / total, weight = count * share;
    for (size_t c = 0; c < mean.size(); c++) {
      const double distance = otherMean[c] - mean[c];
      mean[c] += distance * share;
      squares[c] += otherSquares[c] + distance * distance * weight;
    }
    count = total;
  }
};

/** Means and sums of squared deviations of one block of rows: two passes over what is in the cache. */
void blockMoments(const float* x, int64_t rows, int64_t channels, float* mean, float* squares) {
  const float inverse = 1.0f / rows;
  forChannels(channels, [&](auto block, int c) {
    using B = decltype(block);
    using V = typename B::Vector;
    V sum[B::width] = {}, deviations[B::width] = {};
    for (int64_t r = 0; r < rows; r++)
      for (int i = 0; i < B::width; i++) sum[i] += load<V>(x + r * channels + c + i * B::lanes);
    for (int i = 0; i < B::width; i++) sum[i] *= inverse;
    for (int64_t r = 0; r < rows; r++)
      for (int i = 0; i < B::width; i++) {
        const V d = load<V>(x + r * channels + c + i * B::lanes) - sum[i];
        deviations[i] += d * d;
      }
    for (int i = 0; i < B::width; i++) {
      store(mean + c + i * B::lanes, sum[i]);
      store(squares + c + i * B::lanes, deviations[i]);
    }
  });
}

Moments moments(const float* x, int64_t rows, int64_t channels) {
  std::vector<Moments> parts(threadCount(), Moments(channels));
  const int64_t step = blockRows(channels);
  const int count = parallel(rows, std::max(step, grainOf(channels)), [&](int part, int64_t first, int64_t last) {
    std::vector<float> mean(channels), squares(channels);
    for (int64_t r = first; r < last; r += step) {
      const int64_t size = std::min(step, last - r);
      blockMoments(x + r * channels, size, channels, mean.data(), squares.data());
      parts[part].merge(size, mean.data(), squares.data());
    }
  });
  for (int part = 1; part < count; part++)
    parts[0].merge(parts[part].count, parts[part].mean.data(), parts[part].squares.data());
  return parts[0];
}

/** The operation's attribute `clip`; engine/cpu-operations.ts has the same numbers. */
constexpr int kRelu6 = 1;  // 0: none

struct None {
  template <class V>
  static V value(V x) {
    return x;
  }
  /** The gradient dy behind the clip, whose input was y. */
  template <class V>
  static V gradient(V, V dy) {
    return dy;
  }
};

struct Relu6 {
  /** min(max(x, 0), 6); what is not a number stays so, and is found in the loss. */
  template <class V>
  static V value(V x) {
    const V zero = broadcast<V>(0), six = broadcast<V>(6);
    x = x < zero ? zero : x;
    return x > six ? six : x;
  }
  template <class V>
  static V gradient(V y, V dy) {
    const V zero = broadcast<V>(0), six = broadcast<V>(6);
    return y > zero ? (y < six ? dy : zero) : zero;
  }
};

/** y = clip((x − mean) · scale + beta). */
template <class Clip>
void normalize(const Tensor& x, const float* mean, const float* scale, const float* beta, float* y) {
  const int64_t channels = x.last(), step = blockRows(channels);
  parallel(x.rows(), std::max(step, grainOf(channels)), [&](int, int64_t first, int64_t last) {
    for (int64_t r = first; r < last; r += step) {
      const int64_t end = std::min(r + step, last);
      forChannels<2>(channels, [&](auto block, int c) {
        using B = decltype(block);
        using V = typename B::Vector;
        V m[B::width], s[B::width], b[B::width];
        for (int i = 0; i < B::width; i++) {
          m[i] = load<V>(mean + c + i * B::lanes);
          s[i] = load<V>(scale + c + i * B::lanes);
          b[i] = load<V>(beta + c + i * B::lanes);
        }
        for (int64_t row = r; row < end; row++)
          for (int i = 0; i < B::width; i++) {
            const int64_t at = row * channels + c + i * B::lanes;
            store(y + at, Clip::template value<V>((load<V>(x.data + at) - m[i]) * s[i] + b[i]));
          }
      });
    }
  });
}

std::vector<float> scaleOf(const float* gamma, const float* variance, int64_t channels) {
  std::vector<float> scale(channels);
  for (int64_t c = 0; c < channels; c++) scale[c] = gamma[c] / std::sqrt(variance[c] + kEpsilon);
  return scale;
}

/** x, gamma, beta → y, mean, variance (biased). */
template <class Clip>
void training(Call& call) {
  const Tensor x = call.input(0), gamma = call.input(1), beta = call.input(2);
  const int64_t channels = x.last();
  const Tensor y = call.output(0, x.shape), mean = call.output(1, gamma.shape), variance = call.output(2, gamma.shape);
  const Moments all = moments(x.data, x.rows(), channels);
  for (int64_t c = 0; c < channels; c++) {
    mean.data[c] = static_cast<float>(all.mean[c]);
    variance.data[c] = static_cast<float>(all.squares[c] / all.count);
  }
  const auto scale = scaleOf(gamma.data, variance.data, channels);
  normalize<Clip>(x, mean.data, scale.data(), beta.data, y.data);
}

/** x, gamma, beta, mean, variance → y. */
template <class Clip>
void inference(Call& call) {
  const Tensor x = call.input(0), gamma = call.input(1), beta = call.input(2);
  const Tensor mean = call.input(3), variance = call.input(4);
  const Tensor y = call.output(0, x.shape);
  const auto scale = scaleOf(gamma.data, variance.data, x.last());
  normalize<Clip>(x, mean.data, scale.data(), beta.data, y.data);
}

/** x, gamma, beta, mean, variance, dy → dx, dgamma, dbeta. */
template <class Clip>
void gradient(Call& call) {
  const Tensor x = call.input(0), gamma = call.input(1), beta = call.input(2);
  const Tensor mean = call.input(3), variance = call.input(4), dy = call.input(5);
  const Tensor dx = call.output(0, x.shape), dGamma = call.output(1, gamma.shape), dBeta = call.output(2, gamma.shape);
  const int64_t channels = x.last(), rows = x.rows(), step = blockRows(channels);
  const auto scale = scaleOf(gamma.data, variance.data, channels);

  // Σ g and Σ g · (x − mean), where g is the gradient behind the clip.
  std::vector<double> sums(threadCount() * 2 * channels);
  const int parts = parallel(rows, std::max(step, grainOf(channels)), [&](int part, int64_t first, int64_t last) {
    double* total = sums.data() + part * 2 * channels;
    std::vector<float> partial(2 * channels);
    for (int64_t r = first; r < last; r += step) {
      const int64_t end = std::min(r + step, last);
      forChannels<2>(channels, [&](auto block, int c) {
        using B = decltype(block);
        using V = typename B::Vector;
        V sum[B::width] = {}, product[B::width] = {};
        for (int64_t row = r; row < end; row++)
          for (int i = 0; i < B::width; i++) {
            const int k = c + i * B::lanes;
            const V centred = load<V>(x.data + row * channels + k) - load<V>(mean.data + k);
            const V y = centred * load<V>(scale.data() + k) + load<V>(beta.data + k);
            const V g = Clip::template gradient<V>(y, load<V>(dy.data + row * channels + k));
            sum[i] += g;
            product[i] += g * centred;
          }
        for (int i = 0; i < B::width; i++) {
          store(partial.data() + c + i * B::lanes, sum[i]);
          store(partial.data() + channels + c + i * B::lanes, product[i]);
        }
      });
      for (int64_t c = 0; c < 2 * channels; c++) total[c] += partial[c];
    }
  });
  for (int part = 1; part < parts; part++)
    for (int64_t c = 0; c < 2 * channels; c++) sums[c] += sums[part * 2 * channels + c];

  // dx = scale · (g − offset − slope · (x − mean))
  std::vector<float> offset(channels), slope(channels);
  for (int64_t c = 0; c < channels; c++) {
    const double inverse = 1.0 / std::sqrt(static_cast<double>(variance.data[c]) + kEpsilon);
    dBeta.data[c] = static_cast<float>(sums[c]);
    dGamma.data[c] = static_cast<float>(sums[channels + c] * inverse);
    offset[c] = static_cast<float>(sums[c] / rows);
    slope[c] = static_cast<float>(sums[channels + c] * inverse * inverse / rows);
  }
  parallel(rows, std::max(step, grainOf(channels)), [&](int, int64_t first, int64_t last) {
    for (int64_t r = first; r < last; r += step) {
      const int64_t end = std::min(r + step, last);
      forChannels<1>(channels, [&](auto block, int c) {
        using V = typename decltype(block)::Vector;
        const V m = load<V>(mean.data + c), s = load<V>(scale.data() + c), b = load<V>(beta.data + c);
        const V o = load<V>(offset.data() + c), l = load<V>(slope.data() + c);
        for (int64_t row = r; row < end; row++) {
          const int64_t at = row * channels + c;
          const V centred = load<V>(x.data + at) - m;
          const V y = centred * s + b;
          const V g = Clip::template gradient<V>(y, load<V>(dy.data + at));
          store(dx.data + at, s * (g - o - l * centred));
        }
      });
    }
  });
}

/** The one for the clip that the call asks for. */
template <void (*WithNone)(Call&), void (*WithRelu6)(Call&)>
void byClip(Call& call) {
  call.attribute() == kRelu6 ? WithRelu6(call) : WithNone(call);
}

}  // namespace

void registerBatchNorm() {
  const std::vector<const char*> statistics = {"x", "gamma", "beta", "mean", "variance"};
  registerOperation({"RunnerBatchNorm",
                     {"x", "gamma", "beta"},
                     {"y", "mean", "variance"},
                     "clip",
                     byClip<training<None>, training<Relu6>>});
  registerOperation(
      {"RunnerBatchNormInference", statistics, {"y"}, "clip", byClip<inference<None>, inference<Relu6>>});
  registerOperation({"RunnerBatchNormGradient",
                     {"x", "gamma", "beta", "mean", "variance", "dy"},
                     {"dx", "dgamma", "dbeta"},
                     "clip",
                     byClip<gradient<None>, gradient<Relu6>>});
}

}  // namespace runner
