// TensorFlow's C interface for operations of one's own (tensorflow/c/kernels.h, ops.h), in less words.
#pragma once
#include <cstdint>
#include <vector>

#include "kernels.h"

#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"

namespace runner {

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

}  // namespace runner
