#include "operation.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

namespace runner {
namespace {

/** Errors here are errors of this program, not of its user: an operation that does not fit its kernel. */
void check(TF_Status* status) {
  if (TF_GetCode(status) == TF_OK) return;
  std::fprintf(stderr, "runner's kernels: %s\n", TF_Message(status));
  std::abort();
}

struct Kernel {
  void (*compute)(Call&);
  std::vector<int> attributes;
};

/** TensorFlow asks for kernels by function pointers without closures, hence one instance an operation. */
template <int Slot>
struct Registration {
  static Operation& operation() {
    static Operation operation;  // made when asked for: kernels register before other objects are initialised
    return operation;
  }

  static void* create(TF_OpKernelConstruction* construction) {
    auto* kernel = new Kernel{operation().compute, {}};
    TF_Status* status = TF_NewStatus();
    for (const char* name : operation().attributes) {
      kernel->attributes.push_back(0);
      TF_OpKernelConstruction_GetAttrInt32(construction, name, &kernel->attributes.back(), status);
      check(status);
    }
    TF_DeleteStatus(status);
    return kernel;
  }

  static void compute(void* data, TF_OpKernelContext* context) {
    const auto* kernel = static_cast<Kernel*>(data);
    Call call(context, kernel->attributes);
    kernel->compute(call);
  }
};

void destroy(void* kernel) { delete static_cast<Kernel*>(kernel); }

template <int Slot>
void registerIn(const Operation& operation) {
  Registration<Slot>::operation() = operation;
  TF_Status* status = TF_NewStatus();
  TF_OpDefinitionBuilder* definition = TF_NewOpDefinitionBuilder(operation.name);
  for (const char* name : operation.inputs)
    TF_OpDefinitionBuilderAddInput(definition, (std::string(name) + ": float").c_str());
  for (const char* name : operation.outputs)
    TF_OpDefinitionBuilderAddOutput(definition, (std::string(name) + ": float").c_str());
  for (const char* name : operation.attributes)
    TF_OpDefinitionBuilderAddAttr(definition, (std::string(name) + ": int").c_str());
  TF_OpDefinitionBuilderSetShapeInferenceFunction(definition, TF_ShapeInferenceContextSetUnknownShape);
  TF_RegisterOpDefinition(definition, status);
  check(status);
  TF_KernelBuilder* builder = TF_NewKernelBuilder(operation.name, "CPU", Registration<Slot>::create,
                                                  Registration<Slot>::compute, destroy);
  TF_RegisterKernelBuilder(operation.name, builder, status);
  check(status);
  TF_DeleteStatus(status);
}

constexpr int kSlots = 16;
int used = 0;

template <int... Slots>
void registerInSlot(int slot, const Operation& operation, std::integer_sequence<int, Slots...>) {
  ((Slots == slot ? registerIn<Slots>(operation) : void()), ...);
}

}  // namespace

Call::Call(TF_OpKernelContext* context, const std::vector<int>& attributes)
    : context_(context), status_(TF_NewStatus()), attributes_(attributes) {}

Call::~Call() {
  for (TF_Tensor* tensor : tensors_) TF_DeleteTensor(tensor);
  TF_DeleteStatus(status_);
}

static Tensor describe(TF_Tensor* tensor) {
  Tensor result{static_cast<float*>(TF_TensorData(tensor)), {}};
  for (int i = 0; i < TF_NumDims(tensor); i++) result.shape.push_back(TF_Dim(tensor, i));
  return result;
}

Tensor Call::input(int index) {
  TF_Tensor* tensor = nullptr;
  TF_GetInput(context_, index, &tensor, status_);
  check(status_);
  tensors_.push_back(tensor);
  return describe(tensor);
}

Tensor Call::output(int index, const std::vector<int64_t>& shape) {
  int64_t size = 1;
  for (const int64_t dimension : shape) size *= dimension;
  TF_Tensor* tensor = TF_AllocateOutput(context_, index, TF_FLOAT, shape.data(), static_cast<int>(shape.size()),
                                        size * sizeof(float), status_);
  check(status_);
  tensors_.push_back(tensor);
  return describe(tensor);
}

void registerOperation(const Operation& operation) {
  if (used == kSlots) std::abort();
  registerInSlot(used++, operation, std::make_integer_sequence<int, kSlots>{});
}

namespace {
[[maybe_unused]] const bool registered = [] {
  registerImageConvolution();
  registerDepthwise();
  registerPointwise();
  registerNormalize();
  return true;
}();
}  // namespace

}  // namespace runner
