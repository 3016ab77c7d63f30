// The binding's module, as TensorFlow.js makes it, with one more function: `addFunction` makes a TensorFlow function
// of recorded calls (src/engine/graph-function.ts), which `executeOp` then runs by its name as one operation.
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <node_api.h>

#undef NAPI_MODULE
#define NAPI_MODULE(name, initialize)  // below, for the module with the addition
#define private public                 // of TFJSBackend: its context and its tensors
#include "tfjs_backend.h"
#undef private
#include "tfjs_binding.cc"

namespace runner {
namespace {

/** Throws what JavaScript gets as an Error. */
struct Status {
  TF_Status* status = TF_NewStatus();
  ~Status() { TF_DeleteStatus(status); }
  void check() const {
    if (TF_GetCode(status) != TF_OK) throw std::runtime_error(TF_Message(status));
  }
};

/** A JavaScript value, read in few words. */
class Value {
 public:
  Value(napi_env env, napi_value value) : env_(env), value_(value) {}

  Value operator[](const char* name) const {
    napi_value result;
    check(napi_get_named_property(env_, value_, name, &result));
    return {env_, result};
  }
  Value operator[](uint32_t index) const {
    napi_value result;
    check(napi_get_element(env_, value_, index, &result));
    return {env_, result};
  }
  uint32_t length() const {
    uint32_t length;
    check(napi_get_array_length(env_, value_, &length));
    return length;
  }
  bool isArray() const {
    bool result;
    check(napi_is_array(env_, value_, &result));
    return result;
  }
  double number() const {
    double result;
    check(napi_get_value_double(env_, value_, &result));
    return result;
  }
  int32_t integer() const { return static_cast<int32_t>(number()); }
  bool boolean() const {
    bool result;
    check(napi_get_value_bool(env_, value_, &result));
    return result;
  }
  std::string text() const {
    size_t size;
    check(napi_get_value_string_utf8(env_, value_, nullptr, 0, &size));
    std::string result(size, '\0');
    check(napi_get_value_string_utf8(env_, value_, result.data(), size + 1, &size));
    return result;
  }
  template <class Number>
  std::vector<Number> numbers() const {
    std::vector<Number> result(length());
    for (uint32_t i = 0; i < result.size(); i++) result[i] = static_cast<Number>((*this)[i].number());
    return result;
  }

 private:
  static void check(napi_status status) {
    if (status != napi_ok) throw std::runtime_error("addFunction: unexpected type of an argument");
  }
  napi_env env_;
  napi_value value_;
};

/** As tfjs_backend.cc does it for a call. */
void setAttribute(TF_OperationDescription* operation, const Value& attribute) {
  const std::string name = attribute["name"].text();
  const Value value = attribute["value"];
  switch (attribute["type"].integer()) {
    case TF_ATTR_TYPE:
      return TF_SetAttrType(operation, name.c_str(), static_cast<TF_DataType>(value.integer()));
    case TF_ATTR_BOOL:
      return TF_SetAttrBool(operation, name.c_str(), value.boolean());
    case TF_ATTR_FLOAT:
      return TF_SetAttrFloat(operation, name.c_str(), static_cast<float>(value.number()));
    case TF_ATTR_INT: {
      if (!value.isArray()) return TF_SetAttrInt(operation, name.c_str(), static_cast<int64_t>(value.number()));
      const auto list = value.numbers<int64_t>();
      return TF_SetAttrIntList(operation, name.c_str(), list.data(), static_cast<int>(list.size()));
    }
    case TF_ATTR_STRING: {
      const std::string text = value.text();
      return TF_SetAttrString(operation, name.c_str(), text.data(), text.size());
    }
    case TF_ATTR_SHAPE: {
      const auto shape = value.numbers<int64_t>();
      return TF_SetAttrShape(operation, name.c_str(), shape.data(), static_cast<int>(shape.size()));
    }
    default:
      throw std::runtime_error("addFunction: unknown type of attribute " + name);
  }
}

/** A graph built of recorded calls, whose tensors are known by the numbers they had in the recording. */
class Recording {
 public:
  explicit Recording(tfnodejs::TFJSBackend& backend) : backend_(backend) {}
  ~Recording() { TF_DeleteGraph(graph_); }

  void addInput(int32_t tensor) {
    TF_OperationDescription* operation = create("Placeholder");
    TF_SetAttrType(operation, "dtype", TFE_TensorHandleDataType(handle(tensor)));
    tensors_[tensor] = {finish(operation), 0};
    inputs_.push_back(tensors_[tensor]);
  }

  void addConstant(int32_t tensor) {
    Status status;
    const std::unique_ptr<TF_Tensor, void (*)(TF_Tensor*)> value(
        TFE_TensorHandleResolve(handle(tensor), status.status), TF_DeleteTensor);
    status.check();
    TF_OperationDescription* operation = create("Const");
    TF_SetAttrTensor(operation, "value", value.get(), status.status);
    status.check();
    TF_SetAttrType(operation, "dtype", TF_TensorType(value.get()));
    tensors_[tensor] = {finish(operation), 0};
  }

  void addCall(const Value& call) {
    TF_OperationDescription* operation = create(call["operation"].text().c_str());
    const Value attributes = call["attributes"];
    uint32_t listed = 0;  // the attribute N: inputs that are one list, before the others
    for (uint32_t i = 0; i < attributes.length(); i++) {
      if (attributes[i]["name"].text() == "N")
        listed = attributes[i]["value"].integer();
      else
        setAttribute(operation, attributes[i]);
    }
    std::vector<TF_Output> inputs;
    const auto numbers = call["inputs"].numbers<int32_t>();
    for (const int32_t tensor : numbers) inputs.push_back(tensors_.at(tensor));
    if (listed > 0) TF_AddInputList(operation, inputs.data(), static_cast<int>(listed));
    for (uint32_t i = listed; i < inputs.size(); i++) TF_AddInput(operation, inputs[i]);

    const auto outputs = call["outputs"].numbers<int32_t>();
    const bool writes = outputs.empty();
    for (const int32_t tensor : numbers) {
      const auto uses = uses_.find(tensor);
      if (uses == uses_.end()) continue;
      if (writes || uses->second.written)
        for (TF_Operation* earlier : uses->second.operations) TF_AddControlInput(operation, earlier);
    }
    TF_Operation* finished = finish(operation);
    for (const int32_t tensor : numbers)
      if (TF_OperationOutputType(tensors_.at(tensor)) == TF_RESOURCE) {
        Uses& uses = uses_[tensor];
        uses.operations.push_back(finished);
        uses.written = uses.written || writes;
      }
    if (writes) effects_.push_back(finished);
    for (size_t i = 0; i < outputs.size(); i++) tensors_[outputs[i]] = {finished, static_cast<int>(i)};
  }

  void addTo(TFE_Context* context, const std::string& name, const std::vector<int32_t>& results) {
    std::vector<TF_Output> outputs;
    for (const int32_t tensor : results) outputs.push_back(tensors_.at(tensor));
    Status status;
    const std::unique_ptr<TF_Function, void (*)(TF_Function*)> function(
        TF_GraphToFunctionWithControlOutputs(graph_, name.c_str(), 0, -1, nullptr, static_cast<int>(inputs_.size()),
                                             inputs_.data(), static_cast<int>(outputs.size()), outputs.data(),
                                             nullptr, static_cast<int>(effects_.size()), effects_.data(), nullptr,
                                             nullptr, nullptr, status.status),
        TF_DeleteFunction);
    status.check();
    TFE_ContextAddFunction(context, function.get(), status.status);
    status.check();
  }

 private:
  TFE_TensorHandle* handle(int32_t tensor) const { return backend_.tfe_handle_map_.at(tensor); }
  TF_OperationDescription* create(const char* operation) {
    return TF_NewOperation(graph_, operation, ("node" + std::to_string(created_++)).c_str());
  }
  static TF_Operation* finish(TF_OperationDescription* operation) {
    Status status;
    TF_Operation* finished = TF_FinishOperation(operation, status.status);
    status.check();
    return finished;
  }

  /** The operations on a variable: one that writes it waits for all before it, and all after it wait for it. */
  struct Uses {
    std::vector<TF_Operation*> operations;
    bool written = false;
  };

  tfnodejs::TFJSBackend& backend_;
  TF_Graph* graph_ = TF_NewGraph();
  int created_ = 0;
  std::map<int32_t, TF_Output> tensors_;
  std::map<int32_t, Uses> uses_;
  std::vector<TF_Output> inputs_;
  std::vector<const TF_Operation*> effects_;
};

/** addFunction({ name, inputs, constants, calls: { operation, attributes, inputs, outputs }[], outputs }) */
napi_value addFunction(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  try {
    tfnodejs::TFJSBackend& backend = *tfnodejs::GetTFJSBackend(env);
    const Value description(env, argument);
    Recording recording(backend);
    for (const int32_t tensor : description["inputs"].numbers<int32_t>()) recording.addInput(tensor);
    for (const int32_t tensor : description["constants"].numbers<int32_t>()) recording.addConstant(tensor);
    const Value calls = description["calls"];
    for (uint32_t i = 0; i < calls.length(); i++) recording.addCall(calls[i]);
    recording.addTo(backend.tfe_context_, description["name"].text(), description["outputs"].numbers<int32_t>());
  } catch (const std::exception& error) {
    napi_throw_error(env, nullptr, error.what());
  }
  return nullptr;
}

napi_value initialize(napi_env env, napi_value exports) {
  exports = tfnodejs::InitTFNodeJSBinding(env, exports);
  const napi_property_descriptor property = {"addFunction", nullptr, addFunction,  nullptr,
                                             nullptr,       nullptr, napi_default, nullptr};
  napi_define_properties(env, exports, 1, &property);
  return exports;
}

}  // namespace
}  // namespace runner

NAPI_MODULE_INIT() { return runner::initialize(env, exports); }
