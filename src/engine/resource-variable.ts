import { execute, executeMany, float32, shape, text, flag } from './raw-operations.js';
import { tf, type Tensor } from './tfjs.js';

let created = 0;

/**
 * A variable that lives in TensorFlow, so that one kernel updates it in place. Takes the value over: the tensor
 * is disposed of.
 */
export class ResourceVariable {
  readonly shape: number[];
  readonly handle: Tensor;

  constructor(value: Tensor) {
    this.shape = value.shape;
    this.handle = tf.keep(
      execute(
        'VarHandleOp',
        [
          text('container', ''),
          text('shared_name', `runner-${created++}`),
          float32('dtype'),
          shape('shape', value.shape),
        ],
        [],
      ),
    );
    this.assign(value);
  }

  /** Replaces the value and disposes of the tensor. */
  assign(value: Tensor): void {
    executeMany('AssignVariableOp', [float32('dtype')], [this.handle, value], 0);
    value.dispose();
  }

  /** The current value, a tensor that the caller owns. */
  read(): Tensor {
    return execute('ReadVariableOp', [float32('dtype')], [this.handle]);
  }

  dispose(): void {
    executeMany('DestroyResourceOp', [flag('ignore_lookup_error', true)], [this.handle], 0);
    this.handle.dispose();
  }
}
