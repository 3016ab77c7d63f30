// Bilinear resize with half-pixel centres, forward only: images [N, H, W, C], size [2] → [N, height, width, C].
#include <algorithm>
#include <cmath>
#include <vector>

#include "operation.h"

namespace runner {
namespace {

/** The two pixels of a line that a pixel of the resized line lies between, and the second one's share. */
struct Place {
  int64_t lower, upper;
  float share;
};

std::vector<Place> placesOf(int64_t from, int64_t to) {
  const float scale = static_cast<float>(from) / to;
  std::vector<Place> places;
  for (int64_t i = 0; i < to; i++) {
    const float at = (static_cast<float>(i) + 0.5f) * scale - 0.5f, floor = std::floor(at);
    places.push_back({std::max<int64_t>(static_cast<int64_t>(floor), 0),
                      std::min<int64_t>(static_cast<int64_t>(std::ceil(at)), from - 1), at - floor});
  }
  return places;
}

void resize(Call& call) {
  const Tensor x = call.input(0);
  const int32_t* size = call.in(1, kInt32).as<int32_t>();
  if (call.attribute(0) || !call.attribute(1)) call.refuse("only half-pixel centres are known");
  const int64_t height = x.shape[1], width = x.shape[2], channels = x.last();
  float* to = call.output(0, {x.shape[0], size[0], size[1], channels}).data;
  const auto rows = placesOf(height, size[0]), columns = placesOf(width, size[1]);
  for (int64_t n = 0; n < x.shape[0]; n++)
    for (const Place& row : rows)
      for (const Place& column : columns) {
        const auto pixel = [&](int64_t r, int64_t c) { return x.data + ((n * height + r) * width + c) * channels; };
        const float *topLeft = pixel(row.lower, column.lower), *topRight = pixel(row.lower, column.upper);
        const float *bottomLeft = pixel(row.upper, column.lower), *bottomRight = pixel(row.upper, column.upper);
        for (int64_t c = 0; c < channels; c++) {
          const float top = topLeft[c] + (topRight[c] - topLeft[c]) * column.share;
          const float bottom = bottomLeft[c] + (bottomRight[c] - bottomLeft[c]) * column.share;
          *to++ = top + (bottom - top) * row.share;
        }
      }
}

}  // namespace

void registerResize() { addOperation("ResizeBilinear", {"align_corners", "half_pixel_centers"}, resize); }

}  // namespace runner
