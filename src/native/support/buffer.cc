#include "buffer.h"

#include <cstdint>
#include <map>
#include <new>

namespace runner {

#if defined(__wasm__)

// A module asks the system for no page twice, and what it kept would split the room that the tensors of a step need.
constexpr std::align_val_t kLine{64};
Buffer::Buffer(size_t size) : size_(size), data_(new (kLine) float[size]) {}
Buffer::~Buffer() { ::operator delete[](data_, kLine); }

#else

namespace {

constexpr size_t kLine = 16;  // floats

/** What a thread has given back, by its size. */
std::multimap<size_t, float*>& spare() {
  thread_local auto* blocks = new std::multimap<size_t, float*>;  // threads live as long as the process
  return *blocks;
}

/** Never freed: it goes from one buffer to the next. */
float* allocate(size_t size) {
  const auto address = reinterpret_cast<uintptr_t>(new float[size + kLine]);
  const uintptr_t line = kLine * sizeof(float);
  return reinterpret_cast<float*>((address + line - 1) / line * line);
}

}  // namespace

Buffer::Buffer(size_t size) : size_((size + kLine - 1) / kLine * kLine) {
  const auto found = spare().lower_bound(size_);
  if (found == spare().end() || found->first > 2 * size_) {
    data_ = allocate(size_);
  } else {
    size_ = found->first;
    data_ = found->second;
    spare().erase(found);
  }
}

Buffer::~Buffer() {
  if (data_) spare().emplace(size_, data_);
}

#endif

}  // namespace runner
