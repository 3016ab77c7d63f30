// Vectors of floats as wide as the processor's registers. All images lie in memory as [rows, channels], so that
// a kernel works on a few channels at a time and walks along the rows.
#pragma once
#include <cstring>

namespace runner {

#if defined(RUNNER_LANES)
constexpr int kLanes = RUNNER_LANES;
#elif defined(__AVX512F__)
constexpr int kLanes = 16;
#else
constexpr int kLanes = 8;  // on processors with registers of 4 floats, the compiler takes two
#endif
typedef float Vec __attribute__((vector_size(kLanes * 4)));
typedef float HalfVec __attribute__((vector_size(kLanes * 2)));

template <class V>
inline V load(const float* address) {
  V value;
  std::memcpy(&value, address, sizeof value);
  return value;
}

template <class V>
inline void store(float* address, V value) {
  std::memcpy(address, &value, sizeof value);
}

/** The same number in every lane. A compiler leaves the subtraction of zero out, which it may not an addition. */
template <class V>
inline V broadcast(float number) {
  return number - V{};
}

template <class V>
inline void add(float* address, V value) {
  store(address, load<V>(address) + value);
}

/** Adds the lanes to as many doubles. */
template <class V>
inline void addTo(double* sums, V value) {
  float lanes[sizeof(V) / 4];
  store(lanes, value);
  for (size_t i = 0; i < sizeof(V) / 4; i++) sums[i] += lanes[i];
}

/** Width vectors side by side: enough of them hide the latency of an addition that waits for the last one. */
template <class V, int Width>
struct Block {
  using Vector = V;
  static constexpr int width = Width;
  static constexpr int lanes = sizeof(V) / 4;
  static constexpr int channels = Width * lanes;
};

/** Calls body(Block, first channel) for pieces that cover all channels, the widest first. */
template <int MaxWidth = 4, class Body>
inline void forChannels(int channels, const Body& body) {
  int c = 0;
  if constexpr (MaxWidth >= 4)
    for (; c + 4 * kLanes <= channels; c += 4 * kLanes) body(Block<Vec, 4>{}, c);
  if constexpr (MaxWidth >= 2)
    for (; c + 2 * kLanes <= channels; c += 2 * kLanes) body(Block<Vec, 2>{}, c);
  for (; c + kLanes <= channels; c += kLanes) body(Block<Vec, 1>{}, c);
  for (; c + kLanes / 2 <= channels; c += kLanes / 2) body(Block<HalfVec, 1>{}, c);
  for (; c < channels; c++) body(Block<float, 1>{}, c);
}

}  // namespace runner
