import type { Attribute, Binding, TensorDescription } from './binding.js';
import { tf, type Tensor } from './tfjs.js';

/** Of TensorFlow.js' back end for Node, what is used here. */
interface NativeBackend {
  binding: Binding;
  getInputTensorIds(tensors: Tensor[]): number[];
  createOutputTensor(description: TensorDescription): Tensor;
  executeSingleOutput(operation: string, attributes: Attribute[], inputs: Tensor[]): Tensor;
  executeMultipleOutputs(
    operation: string,
    attributes: Attribute[],
    inputs: Tensor[],
    outputs: number,
  ): Tensor[];
}

export const backend = tf.backend() as unknown as NativeBackend;
const { binding } = backend;

export const float32 = (name: string): Attribute => ({
  name,
  type: binding.TF_ATTR_TYPE,
  value: binding.TF_FLOAT,
});
export const int32 = (name: string): Attribute => ({
  name,
  type: binding.TF_ATTR_TYPE,
  value: binding.TF_INT32,
});
export const uint8 = (name: string): Attribute => ({
  name,
  type: binding.TF_ATTR_TYPE,
  value: binding.TF_UINT8,
});
export const integers = (name: string, value: readonly number[]): Attribute => ({
  name,
  type: binding.TF_ATTR_INT,
  value,
});
export const integer = (name: string, value: number): Attribute => ({
  name,
  type: binding.TF_ATTR_INT,
  value,
});
export const real = (name: string, value: number): Attribute => ({
  name,
  type: binding.TF_ATTR_FLOAT,
  value,
});
export const flag = (name: string, value: boolean): Attribute => ({
  name,
  type: binding.TF_ATTR_BOOL,
  value,
});
export const text = (name: string, value: string): Attribute => ({
  name,
  type: binding.TF_ATTR_STRING,
  value,
});
export const shape = (name: string, value: readonly number[]): Attribute => ({
  name,
  type: binding.TF_ATTR_SHAPE,
  value,
});

/** Runs a TensorFlow operation with one output. Outside the gradient tape. */
export function execute<T extends Tensor = Tensor>(
  operation: string,
  attributes: Attribute[],
  inputs: Tensor[],
): T {
  return backend.executeSingleOutput(operation, attributes, inputs) as T;
}

/** Runs a TensorFlow operation with `outputs` outputs, which may be none. Outside the gradient tape. */
export function executeMany(
  operation: string,
  attributes: Attribute[],
  inputs: Tensor[],
  outputs: number,
): Tensor[] {
  return backend.executeMultipleOutputs(operation, attributes, inputs, outputs);
}

const shapeTensors = new Map<string, Tensor>();

/** An int32 tensor that holds a shape, made once and kept: shapes repeat every step. */
export function shapeTensor(dimensions: readonly number[]): Tensor {
  const key = dimensions.join();
  let tensor = shapeTensors.get(key);
  if (!tensor) {
    tensor = tf.keep(tf.tensor1d([...dimensions], 'int32'));
    shapeTensors.set(key, tensor);
  }
  return tensor;
}
