// What one core can do, and what the products of src/native/support/matrix.cc do of it: a line of JSON with the peak of
// multiply-adds in registers (GFLOP/s), the bandwidth of a copy (GB/s, read and written), and for each of the 13
// products of MobileNet v1 its shape and GFLOP/s, forward and for the kernel's gradient, from memory that is in no cache.
//
//     products ALPHA SIZE BATCH
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "matrix.h"
#include "tiles.h"

namespace {

using runner::Buffer;
using runner::kLanes;
using runner::Vec;

constexpr int64_t kFar = 24 << 20;  // floats: more than any cache holds

template <class Body>
double medianSeconds(int times, const Body& body) {
  std::vector<double> seconds;
  for (int i = 0; i < times; i++) {
    const auto start = std::chrono::steady_clock::now();
    body();
    seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  std::sort(seconds.begin(), seconds.end());
  return seconds[times / 2];
}

double peak() {
  constexpr int64_t kSteps = 20000000;
  constexpr int kChains = 12;  // enough to hide the latency of one
  volatile float sink;
  const double seconds = medianSeconds(5, [&] {
    Vec sums[kChains];
    for (int j = 0; j < kChains; j++) sums[j] = Vec{} + (1.0f + j);  // not alike: a compiler would compute one
    Vec factor = Vec{} + 0.999f, term = Vec{} + 0.001f;
    for (int64_t i = 0; i < kSteps; i++) {
#pragma GCC unroll 12
      for (int j = 0; j < kChains; j++) sums[j] = sums[j] * factor + term;
#if defined(__x86_64__)
      asm volatile("" : "+x"(factor), "+x"(term));  // not a constant
#endif
    }
    float total = 0;
    for (const Vec& sum : sums) total += sum[0];
    sink = total;
  });
  (void)sink;
  return 2.0 * kChains * kLanes * kSteps / seconds / 1e9;
}

}  // namespace

int main(int, char** arguments) {
  const double alpha = std::atof(arguments[1]);
  const int64_t size = std::atoi(arguments[2]), batch = std::atoi(arguments[3]);
  std::vector<float> from(kFar, 1.0f), to(kFar);
  const double copy = medianSeconds(5, [&] { std::copy(from.begin(), from.end(), to.begin()); });
  std::printf("{\"peak\":%.1f,\"copy\":%.1f,\"products\":[", peak(), 2.0 * kFar * sizeof(float) / copy / 1e9);
  const int channels[14] = {32, 64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024};
  const bool strided[14] = {false, false, true, false, true, false, true, false, false, false, false, false, true, false};
  int64_t side = (size + 1) / 2;
  for (int layer = 1; layer <= 13; layer++) {
    if (strided[layer]) side = (side + 1) / 2;
    const auto scaled = [&](int count) { return std::max<int64_t>(1, static_cast<int64_t>(count * alpha)); };
    const int64_t K = scaled(channels[layer - 1]), N = scaled(channels[layer]), rows = batch * side * side;
    const Buffer x(rows * K), kernel(K * N), y(rows * N), sums(K * N);
    std::fill_n(x.data(), rows * K, 0.5f);
    std::fill_n(kernel.data(), K * N, 0.1f);
    std::fill_n(sums.data(), K * N, 0.0f);
    const auto flops = [&](const auto& body) {
      std::vector<double> seconds;
      for (int i = 0; i < 7; i++) {
        std::copy(from.begin(), from.end(), to.begin());
        seconds.push_back(medianSeconds(1, body));
      }
      std::sort(seconds.begin(), seconds.end());
      return 2.0 * rows * K * N / seconds[3] / 1e9;
    };
    const double forward =
        flops([&] { runner::multiply(x.data(), rows, K, runner::pack(kernel.data(), K, N), N, y.data()); });
    const double gradient = flops([&] { runner::correlate(x.data(), y.data(), rows, K, N, sums.data()); });
    std::printf("%s{\"rows\":%lld,\"depth\":%lld,\"columns\":%lld,\"multiply\":%.1f,\"correlate\":%.1f}",
                layer > 1 ? "," : "", static_cast<long long>(rows), static_cast<long long>(K),
                static_cast<long long>(N), forward, gradient);
  }
  std::printf("]}\n");
}
