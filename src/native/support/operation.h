// TensorFlow's C interface for operations of one's own (tensorflow/c/kernels.h, ops.h), in less words.
#pragma once
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <vector>

#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"

namespace runner {

/** A float tensor that TensorFlow lends to a kernel. */
struct Tensor {
  float* data;
  std::vector<int64_t> shape;

  int64_t last() const { return shape.back(); }
  /** Number of rows when the last dimension is taken as columns. */
  int64_t rows() const {
    int64_t product = 1;
    for (size_t i = 0; i + 1 < shape.size(); i++) product *= shape[i];
    return product;
  }
};

/** One run of a kernel: its inputs, its attributes and its outputs. */
class Call {
 public:
  Call(TF_OpKernelContext* context, const std::vector<int>& attributes);
  ~Call();
  Call(const Call&) = delete;
  Tensor input(int index);
  /** Allocates an output, not set to zero. */
  Tensor output(int index, const std::vector<int64_t>& shape);
  /** One of the operation's integer attributes. */
  int attribute(int index) const { return attributes_[index]; }

 private:
  TF_OpKernelContext* context_;
  TF_Status* status_;
  const std::vector<int>& attributes_;
  std::vector<TF_Tensor*> tensors_;
};

/** What an operation looks like to TensorFlow: all inputs and outputs are float tensors. */
struct Operation {
  const char* name;
  std::vector<const char*> inputs;
  std::vector<const char*> outputs;
  /** Names of its integer attributes. */
  std::vector<const char*> attributes;
  void (*compute)(Call&);
};

/** Makes an operation known to TensorFlow, for the CPU. */
void registerOperation(const Operation& operation);

void registerImageConvolution();
void registerDepthwise();
void registerPointwise();
void registerNormalize();

}  // namespace runner
