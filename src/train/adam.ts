import { executeMany, flag, float32 } from '../engine/raw-operations.js';
import { ResourceVariable } from '../engine/resource-variable.js';
import { tf, type Tensor, type Tensor1D } from '../engine/tfjs.js';

/**
 * Adam (Kingma and Ba 2015) with Keras' constants β₁ 0.9, β₂ 0.999, ε 1e-7: one TensorFlow kernel a variable.
 * Owns its moments, not the variables.
 */
export class Adam {
  readonly #beta1 = 0.9;
  readonly #beta2 = 0.999;
  readonly #constants: readonly Tensor[];
  readonly #moments: readonly (readonly [ResourceVariable, ResourceVariable])[];

  constructor(
    private readonly variables: readonly ResourceVariable[],
    private readonly learningRate: number,
  ) {
    this.#constants = [this.#beta1, this.#beta2, 1e-7].map((value) => tf.keep(tf.scalar(value)));
    this.#moments = variables.map(({ shape }) => [
      new ResourceVariable(tf.zeros(shape)),
      new ResourceVariable(tf.zeros(shape)),
    ]);
  }

  /** What `apply` needs for a step, the first being 1, and what changes from step to step: [3]. */
  scalars(step: number): number[] {
    return [this.#beta1 ** step, this.#beta2 ** step, this.learningRate];
  }

  /** Updates every variable in place by its gradient. Call inside tf.tidy. */
  apply(gradients: readonly Tensor[], scalars: Tensor1D): void {
    const ofStep = tf.unstack(scalars);
    const attributes = [float32('T'), flag('use_locking', false), flag('use_nesterov', false)];
    for (const [index, variable] of this.variables.entries()) {
      const [first, second] = this.#moments[index]!;
      const inputs = [
        variable.handle,
        first.handle,
        second.handle,
        ...ofStep,
        ...this.#constants,
        gradients[index]!,
      ];
      executeMany('ResourceApplyAdam', attributes, inputs, 0);
    }
  }

  dispose(): void {
    tf.dispose([...this.#constants]);
    for (const variable of this.#moments.flat()) variable.dispose();
  }
}
