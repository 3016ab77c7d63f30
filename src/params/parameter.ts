import type { Schema } from '../spec/schema/describe-schema.js';
import type { DatasetFacts } from '../data/dataset.js';
import type { Augmentation, AugmentationTools } from '../augmentations/augmentation.js';
import type { Tensor, Tensor2D } from '../engine/tfjs.js';

/**
 * All parameters of one training run, resolved: nothing is optional here. Each definition adds its own field
 * (`declare module`).
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the definitions fill it
export interface TrialParams {}

/** How a file writes a parameter, where that is another type than that of its value. Definitions add theirs. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the definitions fill it
export interface ParamEntries {}

export type ParamName = keyof TrialParams;

/** The parameters that a file gives; what it leaves out has the default that the schema documents. */
export type ParamsEntry = {
  readonly [Name in ParamName]?: Name extends keyof ParamEntries ? ParamEntries[Name] : TrialParams[Name];
};

type EntryOf<Name extends ParamName> = NonNullable<ParamsEntry[Name]>;

/** What a parameter's default may follow from. */
export interface ResolveContext {
  /** The augmentation sets by name. */
  readonly sets: ReadonlyMap<string, readonly Augmentation[]>;
  /** The trial's. */
  readonly dataset: DatasetFacts;
  /** Training images that validation leaves. */
  readonly trainingImages: number;
  /** The experiment's part of them, where the parameters do not say: a number, or a share below 1. */
  readonly trainSubset: number;
}

/** The schema of a value of type `V`, with a text, examples and a default for people. */
export type SchemaOf<V> = Schema & { readonly description: string; readonly examples: readonly V[] } & ([
    V,
  ] extends [boolean]
    ? { readonly type: 'boolean' }
    : [V] extends [number]
      ? { readonly type: 'number' | 'integer' }
      : [V] extends [string]
        ? { readonly type: 'string'; readonly enum?: readonly V[] }
        : unknown);

/** What an effect computes with; draws are a pure function of the trial's seed and the step. */
export type EffectTools = Pick<AugmentationTools, 'tf' | 'uniform'>;

/**
 * What a parameter does at a point of a training step, beside what the network, the optimiser and the loop read of it.
 * In the order of the parameters' files. At its neutral value it gives back what it got.
 */
export interface TrainingEffect<V> {
  /** The pooled features [N, C] on their way to the last layer. */
  readonly features?: (features: Tensor2D, value: V, tools: EffectTools) => Tensor2D;
  /** The gradients of the parameters that train, on their way to the optimiser. */
  readonly gradients?: (gradients: readonly Tensor[], value: V, tools: EffectTools) => readonly Tensor[];
  /**
   * What the loss of an image is multiplied by, for each class; null: by nothing.
   * @param counts training images of each class
   */
  readonly classWeights?: (value: V, counts: readonly number[]) => readonly number[] | null;
}

/** One parameter: all that the program knows of it but where training reads its value. One file in definitions/. */
export interface ParameterDefinition<Name extends ParamName = ParamName> {
  readonly name: Name;
  /** As a file writes it. `default` is documented by it, and used where there is no `resolve`. */
  readonly schema: SchemaOf<EntryOf<Name>> & { readonly default?: EntryOf<Name> };
  /**
   * The value that trains as if the parameter did not exist. A parameter that is introduced when there are finished
   * trials needs one: their ids then stay. Never changed afterwards.
   */
  readonly neutral?: TrialParams[Name];
  /** The same for settings of a parameter that is a mapping, which it had not from the start. */
  readonly neutralSettings?: Readonly<Record<string, unknown>>;
  /** The value is a name whose content is part of the identity elsewhere: it is in no identity itself. */
  readonly named?: true;
  readonly effect?: TrainingEffect<TrialParams[Name]>;
  /** The value of what the file gives; undefined: it gives nothing. Without it, that or the default. */
  readonly resolve?: (given: EntryOf<Name> | undefined, context: ResolveContext) => TrialParams[Name];
}
