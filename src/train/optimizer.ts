import { executeMany, flag, float32 } from '../engine/raw-operations.js';
import { ResourceVariable } from '../engine/resource-variable.js';
import { tf, type Tensor, type Tensor1D } from '../engine/tfjs.js';
import type { Optimizer as OptimizerSettings } from '../plan/plan.js';

const beta1 = 0.9;
const beta2 = 0.999;
const rho = 0.9;
const epsilon = 1e-7;

/** Tensors that an optimiser keeps for each variable. */
const slotCounts = { adam: 2, adamw: 2, sgd: 1, rmsprop: 2 } as const;

/**
 * Keras' optimisers with its constants, by one TensorFlow kernel a variable: Adam (Kingma and Ba 2015; β₁ 0.9,
 * β₂ 0.999, ε 1e-7), AdamW (Loshchilov and Hutter 2019), SGD with momentum, RMSprop (Hinton 2012; ρ 0.9, ε 1e-7).
 * Owns its slots, not the variables.
 */
export class Optimizer {
  readonly #slots: readonly (readonly ResourceVariable[])[];

  constructor(
    private readonly variables: readonly ResourceVariable[],
    private readonly settings: OptimizerSettings,
  ) {
    this.#slots = variables.map(({ shape }) =>
      Array.from({ length: slotCounts[settings.name] }, () => new ResourceVariable(tf.zeros(shape))),
    );
  }

  /** What `apply` needs for a step, the first being 1, and what changes from step to step: [3]. */
  scalars(step: number, learningRate: number): number[] {
    return [learningRate, beta1 ** step, beta2 ** step];
  }

  /** Updates every variable in place by its gradient. Call inside tf.tidy. */
  apply(gradients: readonly Tensor[], scalars: Tensor1D): void {
    const [learningRate, beta1Power, beta2Power] = tf.unstack(scalars) as [Tensor, Tensor, Tensor];
    const constants = (...numbers: number[]) => numbers.map((number) => tf.scalar(number));
    const update = (
      operation: string,
      inputsOf: (slots: Tensor[], gradient: Tensor) => Tensor[],
      nesterov = true,
    ) => {
      const attributes = [float32('T'), flag('use_locking', false)];
      if (nesterov) attributes.push(flag('use_nesterov', false));
      for (const [index, variable] of this.variables.entries()) {
        const slots = this.#slots[index]!.map(({ handle }) => handle);
        executeMany(operation, attributes, [variable.handle, ...inputsOf(slots, gradients[index]!)], 0);
      }
    };
    if (this.settings.name === 'adamw') {
      const share = learningRate.mul(this.settings.weightDecay);
      for (const variable of this.variables)
        executeMany(
          'AssignSubVariableOp',
          [float32('dtype')],
          [variable.handle, variable.read().mul(share)],
          0,
        );
    }
    switch (this.settings.name) {
      case 'adam':
      case 'adamw': {
        const betas = constants(beta1, beta2, epsilon);
        return update('ResourceApplyAdam', (slots, gradient) => [
          ...slots,
          beta1Power,
          beta2Power,
          learningRate,
          ...betas,
          gradient,
        ]);
      }
      case 'sgd': {
        const [momentum] = constants(this.settings.momentum) as [Tensor];
        return update('ResourceApplyKerasMomentum', (slots, gradient) => [
          ...slots,
          learningRate,
          gradient,
          momentum,
        ]);
      }
      case 'rmsprop': {
        const settings = constants(rho, 0, epsilon);
        return update(
          'ResourceApplyRMSProp',
          (slots, gradient) => [...slots, learningRate, ...settings, gradient],
          false,
        );
      }
    }
  }

  /** What it remembers of each variable, in their order. */
  get slots(): readonly (readonly ResourceVariable[])[] {
    return this.#slots;
  }

  dispose(): void {
    for (const variable of this.#slots.flat()) variable.dispose();
  }
}
