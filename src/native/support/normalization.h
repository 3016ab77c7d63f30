// Batch normalisation (Ioffe and Szegedy 2015) and the clip behind it, as a step on the way from one convolution to the
// next: z → y = clip((z − mean) · scale + beta). Nobody keeps y: whoever needs it computes a block of rows [rows, C]
// again, in the cache, and whoever has written a block of z sums it up while it is there. So each of z and its
// gradient passes through memory once where it is made and once where it is used.
#pragma once
#include <cstdint>
#include <vector>

#include <operation.h>  // that of the engine

namespace runner {

/** The attributes that say `clip`; engine/cpu-operations.ts has the same numbers. */
enum class Clip { kNone = 0, kRelu6 = 1 };

/** How z [rows, C] becomes y. */
class Normalization {
 public:
  /** From the inputs mean, variance (biased), gamma and beta [C], the first of which is `first`. All [0]: y = z. */
  Normalization(Call& call, int first, Clip clip);

  bool isNone() const { return channels_ == 0; }
  /** y of some rows of z: written to `y` and returned; z itself where there is nothing to do. */
  const float* apply(const float* z, int64_t rows, float* y) const;

 private:
  friend class GradientSums;
  friend class NormalizationGradient;
  int64_t channels_;
  const float *mean_, *variance_, *beta_;
  std::vector<float> scale_;
  Clip clip_;
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
