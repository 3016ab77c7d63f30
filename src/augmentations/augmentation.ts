import type { gatherRows, statelessGamma, statelessUniform } from '../engine/fused-operations.js';
import type { tf, Tensor2D, Tensor4D } from '../engine/tfjs.js';
import type { Schema } from '../spec/schema/describe-schema.js';

/** One augmentation of a trial with every setting resolved. */
export interface Augmentation {
  readonly name: string;
  readonly [setting: string]: unknown;
}

/** Images [N, H, W, C], 0 to 1, and the share [N, K] of each class in each image; null while that is its label. */
export interface Examples {
  readonly images: Tensor4D;
  readonly targets: Tensor2D | null;
}

/**
 * What an augmentation computes with. Draws are a pure function of the trial's seed, the step and the augmentation's
 * place in its list; two draws of one augmentation need two streams.
 */
export interface AugmentationTools {
  readonly tf: typeof tf;
  readonly gatherRows: typeof gatherRows;
  /** Uniform in [0, 1). */
  readonly uniform: (
    dimensions: readonly number[],
    stream?: number,
  ) => ReturnType<typeof statelessUniform<Tensor4D>>;
  /** Of the gamma distribution of shape `alpha` and scale 1. */
  readonly gamma: (
    dimensions: readonly number[],
    alpha: number,
    stream?: number,
  ) => ReturnType<typeof statelessGamma>;
}

/** One augmentation: all that the program knows of it. One file in definitions/, which loads nothing. */
export interface AugmentationDefinition<Settings extends object> {
  readonly name: string;
  readonly schema: {
    readonly description: string;
    readonly examples: readonly Partial<Settings>[];
    /** Each setting with its default. */
    readonly properties: {
      readonly [Name in keyof Settings]: Schema & {
        readonly description: string;
        readonly default: Settings[Name];
        readonly examples: readonly Settings[Name][];
      };
    };
  };
  /**
   * Of settings that were introduced when there were finished trials: the values that change nothing. The ids of trials
   * that have these stay.
   */
  readonly neutral?: Partial<Settings>;
  /** The setting by which it changes no image of this size, and why, without a full stop; null where it changes them. */
  readonly idle?: (
    settings: Settings,
    resolution: number,
  ) => { readonly setting: string; readonly because: string } | null;
  /** It changes the targets, and so needs them. */
  readonly mixesTargets?: true;
  /** Probabilities are per image; each image draws for itself unless the description says otherwise. */
  readonly apply: (examples: Examples, settings: Settings, tools: AugmentationTools) => Examples;
}
