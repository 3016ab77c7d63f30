// Memory for a kernel's own numbers. `std::vector` would set it to zero, begin it between two lines of the cache, and, where
// it is large, ask the system for new pages each time.
#pragma once
#include <cstddef>

namespace runner {

/** `size` floats that begin on a line of the cache, not set to anything. Their memory is used again by the next ones. */
class Buffer {
 public:
  explicit Buffer(size_t size);
  ~Buffer();
  Buffer(const Buffer&) = delete;
  Buffer(Buffer&& other) : size_(other.size_), data_(other.data_) { other.data_ = nullptr; }
  float* data() const { return data_; }

 private:
  size_t size_;
  float* data_;
};

}  // namespace runner
