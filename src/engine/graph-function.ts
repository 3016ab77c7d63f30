import type { RecordedCall } from './binding.js';
import { backend } from './raw-operations.js';
import { tf, type Tensor } from './tfjs.js';

type Body = (...inputs: Tensor[]) => Tensor[];

let added = 0;

/**
 * `body` as one TensorFlow function, as tf.function makes one in Python: the first call with inputs of given shapes
 * runs the body and records its operations, later ones run them all by one call, without JavaScript's bookkeeping
 * of tensors and gradients.
 *
 * So what changes from call to call must be an input or a variable: numbers that the body makes tensors of are
 * recorded as they are. Tensors from outside that it uses must live as long as the function. It may not read
 * values. The caller owns the inputs and the outputs; the outputs are tensors that the body made.
 */
export function graphFunction(body: Body): Body {
  const recorded = new Map<string, Body>();
  return (...inputs) => {
    const key = inputs.map(({ shape, dtype }) => `${dtype}[${shape.join()}]`).join(' ');
    const known = recorded.get(key);
    if (known) return known(...inputs);
    const { outputs, run } = record(body, inputs);
    recorded.set(key, run);
    return outputs;
  };
}

/** Runs the body with a binding that writes down what it is asked to do. */
function record(body: Body, inputs: Tensor[]): { outputs: Tensor[]; run: Body } {
  const { binding } = backend;
  const inputIds = backend.getInputTensorIds(inputs);
  const calls: RecordedCall[] = [];
  const created = new Set<number>(); // by the body, from numbers: the function's constants
  const known = new Set(inputIds);
  const captured: number[] = [];
  const deletedConstants: number[] = [];

  const recorder: Partial<typeof binding> = {
    createTensor(shape, type, values) {
      const id = binding.createTensor(shape, type, values);
      created.add(id);
      known.add(id);
      return id;
    },
    executeOp(operation, attributes, inputs, count) {
      const results = binding.executeOp(operation, attributes, inputs, count);
      for (const id of inputs) {
        if (!known.has(id)) captured.push(id);
        known.add(id);
      }
      const outputs = results.map(({ id }) => id);
      for (const id of outputs) known.add(id);
      calls.push({ operation, attributes, inputs, outputs, results });
      return results;
    },
    deleteTensor(id) {
      if (created.has(id)) deletedConstants.push(id);
      else binding.deleteTensor(id);
    },
    tensorDataSync() {
      throw new Error('A graph function cannot read the values of its tensors');
    },
  };
  backend.binding = Object.create(binding, Object.getOwnPropertyDescriptors(recorder)) as typeof binding;
  let outputs: Tensor[];
  try {
    outputs = tf.tidy(() => body(...inputs));
  } catch (error) {
    for (const id of deletedConstants) binding.deleteTensor(id);
    throw error;
  } finally {
    backend.binding = binding;
  }

  const name = `runner_function_${added++}`;
  binding.addFunction({
    name,
    inputs: [...inputIds, ...captured],
    constants: [...created],
    calls,
    outputs: backend.getInputTensorIds(outputs),
  });
  for (const id of deletedConstants) binding.deleteTensor(id);
  const run = (...inputs: Tensor[]) =>
    binding
      .executeOp(name, [], [...backend.getInputTensorIds(inputs), ...captured], outputs.length)
      .map((description) => backend.createOutputTensor(description));
  return { outputs, run };
}
