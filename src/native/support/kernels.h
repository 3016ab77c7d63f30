// What kernels and engines know of each other, the same for all engines; each has its own `Call` (operation.h).
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace runner {

class Call;

/** A float tensor that an engine lends to a kernel. */
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

/** What an operation looks like to an engine: all inputs and outputs are float tensors. */
struct Operation {
  const char* name;
  std::vector<const char*> inputs;
  std::vector<const char*> outputs;
  /** Names of its integer attributes. */
  std::vector<const char*> attributes;
  void (*compute)(Call&);
};

/** Makes an operation known to the engine. */
void registerOperation(const Operation& operation);

void registerImageConvolution();
void registerDepthwise();
void registerPointwise();
void registerNormalize();

}  // namespace runner
