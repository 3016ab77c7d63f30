/**
 * What TensorFlow.js' back end for Node asks of the module under it, and what this program asks beside: all that an
 * engine has to be. An operation is one of TensorFlow's, by its name and with its attributes, or one of src/native's.
 */
export interface Binding {
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_UINT8: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_SHAPE: number;
  /** Copies the values. @returns the tensor's number, which is never used again */
  createTensor(shape: readonly number[], type: number, values: ArrayLike<number> & ArrayBufferView): number;
  deleteTensor(tensor: number): void;
  tensorDataSync(tensor: number): ArrayBufferView;
  /** @param outputs how many tensors the operation gives */
  executeOp(
    operation: string,
    attributes: readonly Attribute[],
    inputs: readonly number[],
    outputs: number,
  ): TensorDescription[];
  /** Makes an operation, known by its name, of recorded calls. */
  addFunction(description: FunctionDescription): void;
}

/** An attribute of a TensorFlow operation, as the binding takes it. */
export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** A tensor of the binding: `dtype` in TensorFlow's numbers. */
export interface TensorDescription {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: number;
}

/** A recorded call of an operation; tensors are the binding's numbers. */
export interface RecordedCall {
  readonly operation: string;
  readonly attributes: readonly Attribute[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** What the outputs were when it was recorded: the shapes are the same in every call of the function. */
  readonly results: readonly TensorDescription[];
}

export interface FunctionDescription {
  readonly name: string;
  /** All that the calls use and do not make, but for the constants; those of the caller first. */
  readonly inputs: readonly number[];
  /** Tensors whose values are kept with the function. */
  readonly constants: readonly number[];
  readonly calls: readonly RecordedCall[];
  readonly outputs: readonly number[];
}
