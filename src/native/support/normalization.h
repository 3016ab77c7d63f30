// Batch normalisation (Ioffe and Szegedy 2015) and the clip behind it, as a step on the way from one convolution to the
// next: z → y = clip((z − mean) · scale + beta). Nobody keeps y: whoever needs it computes a block of rows [rows, C]
// again, in the cache, and whoever has written a block of z sums it up while it is there. So each of z and its
// gradient passes through memory once where it is made and once where it is used.
#pragma once
#include <cstdint>
#include <vector>

#include <operation.h>  // that of the engine

#include "vectors.h"

namespace runner {

/** The attributes that say `clip`; engine/cpu-operations.ts has the same numbers. */
enum class Clip { kNone = 0, kRelu6 = 1 };

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

/** Calls body with the clip as a type. */
template <class Body>
void withClip(Clip clip, const Body& body) {
  clip == Clip::kRelu6 ? body(Relu6{}) : body(None{});
}

/** How z [rows, C] becomes y. */
class Normalization {
 public:
  /** y = z. */
  Normalization() = default;
  /** From the inputs mean, variance (biased), gamma and beta [C], the first of which is `first`. All [0]: y = z. */
  Normalization(Call& call, int first, Clip clip);

  bool isNone() const { return channels_ == 0; }
  /** y of some rows of z: written to `y` and returned; z itself where there is nothing to do. */
  const float* apply(const float* z, int64_t rows, float* y) const;
  /** Calls body with a function that makes a vector of y from one of z, whose first channel is c. */
  template <class V, class Body>
  void withFunction(int c, const Body& body) const {
    if (isNone()) return body([](V z) { return z; });
    const V mean = load<V>(mean_ + c), scale = load<V>(scale_.data() + c), beta = load<V>(beta_ + c);
    withClip(clip_, [&](auto clip) { body([=](V z) { return clip.value((z - mean) * scale + beta); }); });
  }

 private:
  friend class GradientSums;
  friend class NormalizationGradient;
  int64_t channels_ = 0;
  const float *mean_ = nullptr, *variance_ = nullptr, *beta_ = nullptr;
  std::vector<float> scale_;
  Clip clip_ = Clip::kNone;
};

/** Means and variances of the channels of z, of which some rows are added at a time. */
class Statistics {
 public:
  explicit Statistics(int64_t channels) : pivot_(channels), sum_(channels), squares_(channels) {}
  void add(const float* z, int64_t rows);
  /** Adds those of the `count` parts behind the first to the first, and writes mean and biased variance. */
  static void finish(std::vector<Statistics>& parts, int count, float* mean, float* variance);

 private:
  int64_t count_ = 0;
  std::vector<float> pivot_;  // the first row: sums of distances from it lose no digits, as sums from zero would
  std::vector<double> sum_, squares_;
};

/** Σ g and Σ g · (z − mean) of each channel, where g is the gradient behind the clip: those of beta and, scaled, gamma. */
class GradientSums {
 public:
  explicit GradientSums(int64_t channels) : sums_(2 * channels) {}
  /** For some rows of z and of y's gradient. */
  void add(const Normalization& normalization, const float* z, const float* dy, int64_t rows);
  static void finish(std::vector<GradientSums>& parts, int count, const Normalization& normalization, float* dGamma,
                     float* dBeta);

 private:
  std::vector<double> sums_;
};

/** How y's gradient becomes that of z, where mean and variance are those of z. */
class NormalizationGradient {
 public:
  /** From the inputs mean, variance, gamma, beta, dgamma and dbeta [C], the first of which is `first`. */
  NormalizationGradient(Call& call, int first, Clip clip, int64_t allRows);
  /** dz of some rows. */
  void apply(const float* z, const float* dy, int64_t rows, float* dz) const;

 private:
  Normalization normalization_;
  std::vector<float> offset_, slope_;
};

}  // namespace runner
