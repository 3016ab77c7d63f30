// Random numbers as TensorFlow draws them, bit by bit: Philox 4×32-10 (Salmon et al. 2011), a pure function of a seed.
#include <cmath>
#include <cstring>

#include "operation.h"

namespace runner {
namespace {

/** Draws four numbers of 32 bits at a time. */
class Philox {
 public:
  Philox(const uint32_t (&counter)[4], const uint32_t (&key)[2]) {
    std::memcpy(counter_, counter, sizeof counter_);
    std::memcpy(key_, key, sizeof key_);
  }

  /** From the two numbers of a seed, which are scrambled first (stateless_random_ops.cc). */
  static Philox of(const Record& seed) {
    const int64_t first = seed.as<int32_t>()[0], second = seed.as<int32_t>()[1];
    const auto low = [](int64_t x) { return static_cast<uint32_t>(x); };
    const auto high = [](int64_t x) { return static_cast<uint32_t>(static_cast<uint64_t>(x) >> 32); };
    uint32_t mix[4];
    Philox({low(first), high(first), low(second), high(second)}, {0x3ec8f720, 0x02461e29}).draw(mix);
    return Philox({0, 0, mix[2], mix[3]}, {mix[0], mix[1]});
  }

  void draw(uint32_t (&result)[4]) {
    uint32_t key[2] = {key_[0], key_[1]};
    std::memcpy(result, counter_, sizeof result);
    for (int round = 0; round < 10; round++) {
      const uint64_t a = uint64_t{0xD2511F53} * result[0], b = uint64_t{0xCD9E8D57} * result[2];
      const uint32_t next[4] = {static_cast<uint32_t>(b >> 32) ^ result[1] ^ key[0], static_cast<uint32_t>(b),
                                static_cast<uint32_t>(a >> 32) ^ result[3] ^ key[1], static_cast<uint32_t>(a)};
      std::memcpy(result, next, sizeof next);
      key[0] += 0x9E3779B9;
      key[1] += 0xBB67AE85;
    }
    skip(1);
  }

  void skip(uint64_t draws) {
    for (int i = 0; i < 4 && draws > 0; i += 2) {
      const uint64_t before = uint64_t{counter_[i + 1]} << 32 | counter_[i], after = before + draws;
      counter_[i] = static_cast<uint32_t>(after);
      counter_[i + 1] = static_cast<uint32_t>(after >> 32);
      draws = after < before;
    }
  }

 private:
  uint32_t counter_[4];
  uint32_t key_[2];
};

/** In [0, 1). */
float toFloat(uint32_t bits) {
  const uint32_t value = 127u << 23 | (bits & 0x7fffff);
  float result;
  std::memcpy(&result, &value, sizeof result);
  return result - 1;
}

double toDouble(uint32_t high, uint32_t low) {
  const uint64_t value = uint64_t{1023} << 52 | uint64_t{high & 0xfffff} << 32 | low;
  double result;
  std::memcpy(&result, &value, sizeof result);
  return result - 1;
}

Shape shapeIn(const Record& sizes) {
  Shape shape;
  for (int64_t i = 0; i < sizes.count(); i++) shape.append(sizes.as<int32_t>()[i]);
  return shape;
}

/** Shape, seed → numbers in [0, 1). */
void uniform(Call& call) {
  const Record& result = call.out(0, kFloat, shapeIn(call.in(0, kInt32)));
  Philox philox = Philox::of(call.in(1, kInt32));
  const int64_t n = result.count();
  uint32_t bits[4];
  for (int64_t i = 0; i < n; i++) {
    if (i % 4 == 0) philox.draw(bits);
    result.as<float>()[i] = toFloat(bits[i % 4]);
  }
}

/** Pairs of doubles from a generator, the last of a pair first, as TensorFlow takes them. */
template <class Draw>
class Pairs {
 public:
  Pairs(Philox& philox, Draw draw) : philox_(philox), draw_(draw) {}
  double next() {
    if (left_ == 0) {
      uint32_t bits[4];
      philox_.draw(bits);
      draw_(bits, pair_);
      left_ = 2;
    }
    return pair_[--left_];
  }

 private:
  Philox& philox_;
  Draw draw_;
  double pair_[2];
  int left_ = 0;
};

void drawUniform(const uint32_t (&bits)[4], double (&pair)[2]) {
  pair[0] = toDouble(bits[0], bits[1]);
  pair[1] = toDouble(bits[2], bits[3]);
}

/** Box and Muller 1958. */
void drawNormal(const uint32_t (&bits)[4], double (&pair)[2]) {
  const double u = std::fmax(toDouble(bits[0], bits[1]), 1e-7);
  const double angle = 2 * M_PI * toDouble(bits[2], bits[3]), radius = std::sqrt(-2.0 * std::log(u));
  pair[0] = std::sin(angle) * radius;
  pair[1] = std::cos(angle) * radius;
}

/** Marsaglia and Tsang 2000. The numbers of an output do not depend on how many others are drawn. */
double drawGamma(double alpha, Philox philox) {
  Pairs normals(philox, drawNormal);
  Pairs uniforms(philox, drawUniform);
  if (alpha == 1) return -std::log1p(-uniforms.next());
  const bool isSmall = alpha < 1;
  const double d = alpha + (isSmall ? 2.0 / 3 : -1.0 / 3), c = 1.0 / 3 / std::sqrt(d);
  for (;;) {
    const double x = normals.next();
    double v = 1 + c * x;
    if (v <= 0) continue;
    v = v * v * v;
    const double u = uniforms.next();
    if (u < 1 - 0.0331 * (x * x) * (x * x) || std::log(u) < 0.5 * x * x + d * (1 - v + std::log(v)))
      return isSmall ? d * v * std::pow(uniforms.next(), 1 / alpha) : d * v;
  }
}

/** Shape, seed, the distribution's shape (one number) → draws of scale 1. */
void gamma(Call& call) {
  const Record& alpha = call.in(2, kFloat);
  if (alpha.count() != 1) call.refuse("it draws for one alpha at a time");
  const Record& result = call.out(0, kFloat, shapeIn(call.in(0, kInt32)));
  const Philox philox = Philox::of(call.in(1, kInt32));
  const int64_t n = result.count();
  for (int64_t i = 0; i < n; i++) {
    Philox own = philox;
    own.skip(256 * i);
    result.as<float>()[i] = static_cast<float>(drawGamma(*alpha.as<float>(), own));
  }
}

}  // namespace

void registerRandom() {
  addOperation("StatelessRandomUniform", {}, uniform);
  addOperation("StatelessRandomGammaV2", {}, gamma);
}

}  // namespace runner
