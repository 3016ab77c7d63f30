// The module's interface: a table of operations, and an interpreter of programs, each a list of calls.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>

#include "operation.h"
#include "parallel.h"
#include "product-tiles.h"

namespace runner {

bool takesWideTiles = false;

namespace {

struct Entry {
  const char* name;
  std::vector<const char*> attributes;
  void (*compute)(Call&);
};

std::vector<Entry>& table() {
  static std::vector<Entry> entries;
  return entries;
}

char failure[256] = "";

constexpr const char* outOfMemory = "out of memory"; // known to ../wasm-module.ts

}  // namespace

void fail(const char* message, const char* detail) {
  std::snprintf(failure, sizeof failure, "%s%s%s", detail, *detail ? ": " : "", message);
  __builtin_trap();
}

void Shape::append(int64_t size) {
  if (rank == kMaxRank) fail("a tensor has more dimensions than this engine knows");
  if (size < 0) fail("a tensor cannot have a negative size");
  dims[rank++] = static_cast<int32_t>(size);
}

const Record& Call::in(int index) const {
  if (index >= inputs_) refuse("an input is missing");
  return *in_[index];
}

const Record& Call::in(int index, Type type) const {
  const Record& record = in(index);
  if (record.type != type) refuse("an input has a type that is not expected");
  return record;
}

Record& Call::out(int index, Type type, const Shape& shape) const {
  if (index >= outputs_) refuse("an output is missing");
  Record& record = *out_[index];
  if (record.data) { // its place was planned
    if (record.type != type || record.count() != shape.count()) refuse("an output has another shape than planned");
    return record;
  }
  const int64_t bytes = shape.count() * bytesOf(type);
  if (bytes > UINT32_MAX) fail(outOfMemory);
  record.type = type;
  record.shape = shape;
  record.data = static_cast<char*>(::operator new(std::max<int64_t>(bytes, 1)));
  return record;
}

Tensor Call::input(int index) const {
  const Record& record = in(index, kFloat);
  return {record.as<float>(), {record.shape.dims, record.shape.dims + record.shape.rank}};
}

Tensor Call::output(int index, const std::vector<int64_t>& sizes) const {
  Shape shape;
  for (const int64_t size : sizes) shape.append(size);
  return {out(index, kFloat, shape).as<float>(), sizes};
}

void addOperation(const char* name, std::vector<const char*> attributes, void (*compute)(Call&)) {
  table().push_back({name, std::move(attributes), compute});
}

void registerOperation(const Operation& operation) {
  addOperation(operation.name, operation.attributes, operation.compute);
}

// Memory and a wish for threads: one trial has one thread, and other processes train other trials.
int threadCount() { return 1; }

int parallel(int64_t count, int64_t, const std::function<void(int, int64_t, int64_t)>& body) {
  body(0, 0, count);
  return 1;
}

}  // namespace runner

namespace {

// The C library's allocator ends the program where about 2 GiB or more are asked for: blocks of that size, of which there
// can be one, lie behind its memory.
constexpr size_t kLarge = 0x7f000000, kPage = 65536;
char* large = nullptr;
size_t largePages = 0;
bool isLargeUsed = false;

void* allocateLarge(size_t size) {
  const size_t pages = size / kPage + 1;
  if (isLargeUsed) return nullptr;
  if (pages > largePages) {
    const size_t end = __builtin_wasm_memory_grow(0, pages);
    if (end == SIZE_MAX) return nullptr;
    large = reinterpret_cast<char*>(end * kPage);
    largePages = pages;
  }
  isLargeUsed = true;
  return large;
}

// Near 4 GiB the C library's sums overflow, and it gives memory beyond the end.
/** What was allocated. Ends the call where that is nothing, or not in the memory. */
void* inMemory(void* memory, size_t size) {
  const uint64_t end = uint64_t{__builtin_wasm_memory_size(0)} * kPage;
  if (!memory || reinterpret_cast<uintptr_t>(memory) + uint64_t{size} > end) runner::fail(runner::outOfMemory);
  return memory;
}

}  // namespace

// Without exceptions: what does not fit into the memory ends the call.
void* operator new(size_t size) { return inMemory(size < kLarge ? std::malloc(size) : allocateLarge(size), size); }
void* operator new(size_t size, std::align_val_t alignment) {
  const auto line = static_cast<size_t>(alignment);
  return inMemory(std::aligned_alloc(line, (size + line - 1) / line * line), size);
}
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory) noexcept {
  if (memory && memory == large)
    isLargeUsed = false;
  else
    std::free(memory);
}
void operator delete(void* memory, size_t) noexcept { operator delete(memory); }

extern "C" {

#define EXPORT(name) __attribute__((export_name(#name)))

EXPORT(setUp) int setUp(bool takesWideTiles) {
  runner::takesWideTiles = takesWideTiles;
  using namespace runner;
  registerImageConvolution();
  registerDepthwise();
  registerPointwise();
  registerNormalize();
  registerElementwise();
  registerLinear();
  registerLosses();
  registerOptimizers();
  registerRandom();
  registerReductions();
  registerResize();
  registerShapes();
  return static_cast<int>(table().size());
}

/** `Name attribute attribute …`, for the binding. */
EXPORT(describeOperation) const char* describeOperation(int index) {
  static std::string text;
  const auto& entry = runner::table()[index];
  text = entry.name;
  for (const char* attribute : entry.attributes) (text += ' ') += attribute;
  return text.c_str();
}

EXPORT(allocate) void* allocate(uint32_t bytes) { return ::operator new(bytes); }
EXPORT(release) void release(void* memory) { ::operator delete(memory); }
EXPORT(takeFailure) const char* takeFailure() { return runner::failure; }
EXPORT(forgetFailure) void forgetFailure() { runner::failure[0] = 0; }

/** Runs calls, each: operation, inputs, outputs (their numbers), attributes, records of the inputs, of the outputs. */
EXPORT(run) void run(const int32_t* program, const int32_t* end) {
  while (program < end) {
    const auto& entry = runner::table()[program[0]];
    const int inputs = program[1], outputs = program[2];
    const int32_t* attributes = program + 3;
    const auto* in = reinterpret_cast<runner::Record* const*>(attributes + entry.attributes.size());
    runner::Call call(entry.name, attributes, inputs, in, outputs, in + inputs);
    entry.compute(call);
    program = reinterpret_cast<const int32_t*>(in + inputs + outputs);
  }
}

}
