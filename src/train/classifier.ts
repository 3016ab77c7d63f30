import type { BatchStatistics } from '../engine/network-operations.js';
import { outliving } from '../engine/outliving.js';
import { ResourceVariable } from '../engine/resource-variable.js';
import { tf, type Scalar, type Tensor, type Tensor1D, type Tensor2D, type Tensor4D } from '../engine/tfjs.js';
import type { ForwardPass, Network, NetworkValues, TrainingPass } from '../model/network.js';
import type { Optimizer as OptimizerSettings } from '../plan/plan.js';
import type { SavedTensor, TensorLayout } from './checkpoint.js';
import { Optimizer } from './optimizer.js';

const momentum = 0.99; // of the moving statistics, as in Keras

/** A forward pass in training, its loss, and the loss's gradients by the parameters that train, in their order. */
export interface Differentiation extends ForwardPass {
  readonly loss: Scalar;
  readonly gradients: readonly Tensor[];
}

/** A network's state: its parameters, the moving statistics, and what the optimiser remembers of the parameters. */
export class Classifier {
  readonly #parameters: ReadonlyMap<string, ResourceVariable>;
  /** Names of the parameters that train. */
  readonly #trained: readonly string[];
  readonly #optimizer: Optimizer;
  readonly #movingMean: ResourceVariable;
  readonly #movingVariance: ResourceVariable;

  /** Takes over the tensors of `initial`. */
  constructor(
    private readonly network: Network,
    initial: NetworkValues,
    optimizer: OptimizerSettings,
  ) {
    const variables = [...initial.parameters].map(
      ([name, value]) => [name, new ResourceVariable(value)] as const,
    );
    this.#parameters = new Map(variables);
    this.#trained = network.parameters.filter(({ frozen }) => !frozen).map(({ name }) => name);
    this.#optimizer = new Optimizer(
      this.#trained.map((name) => this.#parameters.get(name)!),
      optimizer,
    );
    this.#movingMean = new ResourceVariable(initial.movingMean);
    this.#movingVariance = new ResourceVariable(initial.movingVariance);
  }

  /** What `update` needs for a step, the first being 1: a tensor that the caller owns. */
  optimizerScalars(step: number, learningRate: number): Tensor1D {
    return tf.tensor1d(this.#optimizer.scalars(step, learningRate));
  }

  /** Images [N, S, S, C] forward and back; `lossOf` the logits [N, K] is a scalar. Call inside tf.tidy. */
  differentiate(
    images: Tensor4D,
    training: TrainingPass,
    lossOf: (logits: Tensor2D) => Scalar,
  ): Differentiation {
    const values = this.values();
    return outliving((outlive) => {
      let pass!: ForwardPass;
      const { value: loss, grads: gradients } = tf.valueAndGrads((...trained: Tensor[]) => {
        const differentiated = this.#trained.map((name, index) => [name, trained[index]!] as const);
        const parameters = new Map([...values.parameters, ...differentiated]);
        pass = this.network.forward(images, { ...values, parameters }, training);
        outlive(pass.logits);
        for (const { mean, variance } of pass.statistics) [mean, variance].map(outlive);
        return lossOf(pass.logits);
      })(this.#trained.map((name) => values.parameters.get(name)!));
      return { ...pass, loss: loss, gradients };
    });
  }

  /** Moves the parameters by the gradients, and the moving statistics towards those of the batch. Call inside tf.tidy. */
  update(
    gradients: readonly Tensor[],
    statistics: readonly BatchStatistics[],
    optimizerScalars: Tensor1D,
  ): void {
    this.#optimizer.apply(gradients, optimizerScalars);
    this.#updateMovingStatistics(statistics);
  }

  /** Logits [N, K] by the moving statistics. The caller owns the tensor. */
  logits(images: Tensor4D): Tensor2D {
    return tf.tidy(() => this.network.forward(images, this.values(), null).logits);
  }

  /** All numbers as they are. The caller owns the tensors. */
  values(): NetworkValues {
    return {
      parameters: new Map([...this.#parameters].map(([name, variable]) => [name, variable.read()])),
      movingMean: this.#movingMean.read() as Tensor1D,
      movingVariance: this.#movingVariance.read() as Tensor1D,
    };
  }

  /** What `save` saves: all parameters and moving statistics, and what the optimiser remembers of them. */
  get layout(): readonly TensorLayout[] {
    return this.#variables().map(([name, { shape }]) => ({ name, shape }));
  }

  /** The whole state, read from the device. */
  save(): SavedTensor[] {
    return this.#variables().map(([name, variable]) => readFromDevice(name, variable));
  }

  /** All that evaluation needs: the first tensors of `save`, without what the optimiser remembers. To be kept. */
  saveNetwork(): SavedTensor[] {
    return this.#network().map(([name, variable]) => {
      const { values, ...layout } = readFromDevice(name, variable);
      return { ...layout, values: values.slice() }; // the engine's own memory is not held on to
    });
  }

  /** Goes back to what `save` or `saveNetwork` gave for the same `layout`. */
  restore(tensors: readonly SavedTensor[]): void {
    const variables = this.#variables();
    for (const [index, { values }] of tensors.entries()) {
      const [, variable] = variables[index]!;
      variable.assign(tf.tensor(values, variable.shape));
    }
  }

  dispose(): void {
    for (const parameter of this.#parameters.values()) parameter.dispose();
    this.#optimizer.dispose();
    this.#movingMean.dispose();
    this.#movingVariance.dispose();
  }

  #network(): NamedVariable[] {
    return [...this.#parameters, ['movingMean', this.#movingMean], ['movingVariance', this.#movingVariance]];
  }

  #variables(): NamedVariable[] {
    return [
      ...this.#network(),
      ...this.#optimizer.slots.flatMap((slots, index) =>
        slots.map((slot, number) => [`${this.#trained[index]!}/slot${number}`, slot] as const),
      ),
    ];
  }

  /** All batch normalisations at once, in two vectors: MobileNet's 27 one by one would be 160 calls a step. */
  #updateMovingStatistics(statistics: readonly BatchStatistics[]): void {
    if (statistics.length === 0) return; // only the last layer trains
    const mean = tf.concat(statistics.map((batch) => batch.mean));
    const variance = tf.concat(statistics.map((batch) => batch.variance));
    average(this.#movingMean, mean);
    average(this.#movingVariance, variance.mul(corrections(statistics)));
  }
}

type NamedVariable = readonly [name: string, variable: ResourceVariable];

function readFromDevice(name: string, variable: ResourceVariable): SavedTensor {
  const tensor = variable.read();
  const values = tensor.dataSync() as Float32Array; // device to host
  tensor.dispose();
  return { name, shape: variable.shape, values };
}

/** The correction of every channel's variance, [C₁ + C₂ + …]. */
function corrections(statistics: readonly BatchStatistics[]): Tensor1D {
  const values = statistics.flatMap(({ correction, mean }) => Array<number>(mean.size).fill(correction));
  return tf.tensor1d(values);
}

/** Averages the last numbers with a batch's; the ones before, of frozen layers, stay. */
function average(moving: ResourceVariable, batch: Tensor1D): void {
  const before = moving.read() as Tensor1D;
  const first = before.size - batch.size;
  const averaged = (first === 0 ? before : before.slice(first)).mul(momentum).add(batch.mul(1 - momentum));
  moving.assign(first === 0 ? averaged : tf.concat([before.slice(0, first), averaged]));
}
