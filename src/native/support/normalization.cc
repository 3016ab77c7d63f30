#include "normalization.h"

#include <algorithm>
#include <cmath>

#include "vectors.h"

namespace runner {
namespace {

constexpr float kEpsilon = 1e-3f;  // Keras' MobileNet; engine/network-operations.ts has the same

/**
 * Calls body(vector, channel, first, end) for vectors that cover rows [rows, channels], where first and end are a
 * channel's places in some neighbouring rows. Memory is read from its beginning to its end, as a processor expects it:
 * several rows together, which share what is loaded of a channel, only where they are short.
 */
template <class Body>
inline void forRows(int64_t rows, int64_t channels, const Body& body) {
  const int64_t together = channels <= 64 ? 8 : 1;
  for (int64_t row = 0; row < rows; row += together)
    forChannels<1>(channels, [&](auto block, int c) {
      body(typename decltype(block)::Vector{}, c, row * channels + c, std::min(row + together, rows) * channels);
    });
}

/** The rows that are summed up in floats, before the sums are added in doubles. */
constexpr int64_t kSumRows = 256;

}  // namespace

Normalization::Normalization(Call& call, int first, Clip clip) : clip_(clip) {
  const Tensor mean = call.input(first), variance = call.input(first + 1), gamma = call.input(first + 2),
               beta = call.input(first + 3);
  channels_ = gamma.last();
  mean_ = mean.data;
  variance_ = variance.data;
  beta_ = beta.data;
  scale_.resize(channels_);
  for (int64_t c = 0; c < channels_; c++) scale_[c] = gamma.data[c] / std::sqrt(variance_[c] + kEpsilon);
}

const float* Normalization::apply(const float* z, int64_t rows, float* y) const {
  if (isNone()) return z;
  withClip(clip_, [&](auto clip) {
    forRows(rows, channels_, [&](auto lanes, int c, int64_t from, int64_t end) {
      using V = decltype(lanes);
      const V mean = load<V>(mean_ + c), scale = load<V>(scale_.data() + c), beta = load<V>(beta_ + c);
      for (int64_t at = from; at < end; at += channels_) store(y + at, clip.value((load<V>(z + at) - mean) * scale + beta));
    });
  });
  return y;
}

void Statistics::add(const float* z, int64_t rows) {
  const int64_t channels = pivot_.size();
  if (count_ == 0) std::copy_n(z, channels, pivot_.data());
  count_ += rows;
  for (int64_t first = 0; first < rows; first += kSumRows) {
    const int64_t end = std::min(first + kSumRows, rows);
    forChannels(channels, [&](auto block, int c) {
      using B = decltype(block);
      using V = typename B::Vector;
      V pivot[B::width], sum[B::width] = {}, squares[B::width] = {};
      for (int i = 0; i < B::width; i++) pivot[i] = load<V>(pivot_.data() + c + i * B::lanes);
      for (int64_t row = first; row < end; row++)
        for (int i = 0; i < B::width; i++) {
          const V distance = load<V>(z + row * channels + c + i * B::lanes) - pivot[i];
          sum[i] += distance;
          squares[i] += distance * distance;
        }
      for (int i = 0; i < B::width; i++) {
        addTo(sum_.data() + c + i * B::lanes, sum[i]);
        addTo(squares_.data() + c + i * B::lanes, squares[i]);
      }
    });
  }
}

void Statistics::finish(std::vector<Statistics>& parts, int count, float* mean, float* variance) {
  const Statistics& first = parts[0];
  int64_t rows = 0;
  for (int part = 0; part < count; part++) rows += parts[part].count_;
  for (size_t c = 0; c < first.pivot_.size(); c++) {
    double sum = 0, squares = 0;  // of distances from the first part's pivot
    for (int part = 0; part < count; part++) {
      const Statistics& other = parts[part];
      const double shift = static_cast<double>(other.pivot_[c]) - first.pivot_[c];
      sum += other.sum_[c] + other.count_ * shift;
      squares += other.squares_[c] + shift * (2 * other.sum_[c] + other.count_ * shift);
    }
    const double distance = sum / rows;
    mean[c] = static_cast<float>(first.pivot_[c] + distance);
    variance[c] = static_cast<float>(std::max(0.0, squares / rows - distance * distance));
  }
}

void GradientSums::add(const Normalization& n, const float* z, const float* dy, int64_t rows) {
  const int64_t channels = n.channels_;
  for (int64_t first = 0; first < rows; first += kSumRows) {
    const int64_t end = std::min(first + kSumRows, rows);
    withClip(n.clip_, [&](auto clip) {
      forChannels<2>(channels, [&](auto block, int c) {
        using B = decltype(block);
        using V = typename B::Vector;
        V mean[B::width], scale[B::width], beta[B::width], sum[B::width] = {}, product[B::width] = {};
        for (int i = 0; i < B::width; i++) {
          mean[i] = load<V>(n.mean_ + c + i * B::lanes);
          scale[i] = load<V>(n.scale_.data() + c + i * B::lanes);
          beta[i] = load<V>(n.beta_ + c + i * B::lanes);
        }
        for (int64_t row = first; row < end; row++)
          for (int i = 0; i < B::width; i++) {
            const int64_t at = row * channels + c + i * B::lanes;
            const V centred = load<V>(z + at) - mean[i];
            const V g = clip.gradient(centred * scale[i] + beta[i], load<V>(dy + at));
            sum[i] += g;
            product[i] += g * centred;
          }
        for (int i = 0; i < B::width; i++) {
          addTo(sums_.data() + c + i * B::lanes, sum[i]);
          addTo(sums_.data() + channels + c + i * B::lanes, product[i]);
        }
      });
    });
  }
}

void GradientSums::finish(std::vector<GradientSums>& parts, int count, const Normalization& n, float* dGamma,
                          float* dBeta) {
  for (int64_t c = 0; c < n.channels_; c++) {
    double sum = 0, product = 0;
    for (int part = 0; part < count; part++) {
      sum += parts[part].sums_[c];
      product += parts[part].sums_[n.channels_ + c];
    }
    dBeta[c] = static_cast<float>(sum);
    dGamma[c] = static_cast<float>(product / std::sqrt(static_cast<double>(n.variance_[c]) + kEpsilon));
  }
}

NormalizationGradient::NormalizationGradient(Call& call, int first, Clip clip, int64_t allRows)
    : normalization_(call, first, clip) {
  const Tensor dGamma = call.input(first + 4), dBeta = call.input(first + 5);
  for (int64_t c = 0; c < normalization_.channels_; c++) {
    const double deviation = std::sqrt(static_cast<double>(normalization_.variance_[c]) + kEpsilon);
    offset_.push_back(dBeta.data[c] / allRows);
    slope_.push_back(static_cast<float>(dGamma.data[c] / deviation / allRows));
  }
}

void NormalizationGradient::apply(const float* z, const float* dy, int64_t rows, float* dz) const {
  const Normalization& n = normalization_;
  withClip(n.clip_, [&](auto clip) {
    forRows(rows, n.channels_, [&](auto lanes, int c, int64_t from, int64_t end) {
      using V = decltype(lanes);
      const V mean = load<V>(n.mean_ + c), scale = load<V>(n.scale_.data() + c), beta = load<V>(n.beta_ + c);
      const V offset = load<V>(offset_.data() + c), slope = load<V>(slope_.data() + c);
      for (int64_t at = from; at < end; at += n.channels_) {
        const V centred = load<V>(z + at) - mean;
        const V g = clip.gradient(centred * scale + beta, load<V>(dy + at));
        store(dz + at, scale * (g - offset - slope * centred));
      }
    });
  });
}

}  // namespace runner
