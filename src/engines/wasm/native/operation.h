// What src/engines/tensorflow/native/operation.h is for TensorFlow: how kernels see a call, with the same names. Below
// it, what the operations of this folder need beside, which take other types than floats.
#pragma once
#include <cstdint>
#include <vector>

#include "kernels.h"

namespace runner {

/** In TensorFlow's numbers. */
enum Type : int32_t { kFloat = 1, kInt32 = 3, kUint8 = 4, kBool = 10 };

constexpr int kMaxRank = 6;

struct Shape {
  int32_t rank = 0;
  int32_t dims[kMaxRank] = {};

  int64_t count() const {
    int64_t product = 1;
    for (int i = 0; i < rank; i++) product *= dims[i];
    return product;
  }
  void append(int64_t size);
};

/** A tensor as ../memory.ts lays it into memory. */
struct Record {
  char* data;
  Type type;
  Shape shape;

  int64_t count() const { return shape.count(); }
  template <class T>
  T* as() const {
    return reinterpret_cast<T*>(data);
  }
};

inline int bytesOf(Type type) { return type == kFloat || type == kInt32 ? 4 : 1; }

/** Ends the call, and what is thrown in JavaScript says this. */
[[noreturn]] void fail(const char* message, const char* detail = "");

/** One run of an operation: its inputs, its attributes and its outputs. */
class Call {
 public:
  Call(const char* name, const int32_t* attributes, int inputs, Record* const* in, int outputs, Record* const* out)
      : name_(name), attributes_(attributes), inputs_(inputs), outputs_(outputs), in_(in), out_(out) {}
  Call(const Call&) = delete;

  Tensor input(int index) const;
  /** Allocates an output where it has no place yet; not set to zero. */
  Tensor output(int index, const std::vector<int64_t>& shape) const;
  /** One of the operation's attributes, as an integer. */
  int attribute(int index = 0) const { return attributes_[index]; }

  int inputs() const { return inputs_; }
  int outputs() const { return outputs_; }
  const Record& in(int index) const;
  const Record& in(int index, Type type) const;
  Record& out(int index, Type type, const Shape& shape) const;
  [[noreturn]] void refuse(const char* why) const { fail(why, name_); }

 private:
  const char* name_;
  const int32_t* attributes_;
  const int inputs_, outputs_;
  Record* const* in_;
  Record* const* out_;
};

/** An operation of this folder. */
void addOperation(const char* name, std::vector<const char*> attributes, void (*compute)(Call&));

void registerElementwise();
void registerLinear();
void registerLosses();
void registerOptimizers();
void registerRandom();
void registerReductions();
void registerResize();
void registerShapes();

}  // namespace runner
