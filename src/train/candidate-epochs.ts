import { createHash } from 'node:crypto';
import type { LabelledImages } from '../data/dataset.js';
import type { EpochRecord, TestRecord } from '../trial/outcome.js';
import { encodeMisses, encodeProbabilities, type PredictionRecord } from '../trial/predictions.js';
import type { Checkpoint, SavedNetwork } from './checkpoint.js';
import { packBits } from './pack-bits.js';
import type { Evaluation, Trainer, TrialInputs } from './trainer.js';

/**
 * The epochs that a metric may select: the last, and of each metric the first of its best value on the validation images. What the test images say of them is kept (validation on test), or their networks are, to be looked
 * at once when training is over (validation held out).
 */
export class CandidateEpochs {
  readonly #trainer: Trainer;
  readonly #validatesOnTest: boolean;
  readonly #hasTest: boolean;
  readonly #imagesSha256: string;
  readonly #keepsNetworks: boolean;
  #kept: Kept;
  /** The last epoch, and that of the highest validation accuracy. */
  #keepsAll: ReadonlySet<number> = new Set();

  /**
   * @param saved what was kept before an interruption
   * @param keepsNetworks also where they are not needed to be tested
   */
  constructor(
    { trial, images }: TrialInputs,
    trainer: Trainer,
    { tests, networks, predictions }: Kept,
    keepsNetworks: boolean,
  ) {
    this.#trainer = trainer;
    this.#validatesOnTest = trial.data.validation === 'test';
    this.#hasTest = images.test !== null && images.test.labels.length > 0;
    this.#imagesSha256 = images.test ? testSha256(images.test) : '';
    this.#keepsNetworks = keepsNetworks || (!this.#validatesOnTest && this.#hasTest);
    this.#kept = { tests, networks, predictions };
  }

  /** Of the epochs so far: what a checkpoint must hold. */
  get kept(): Kept {
    return this.#kept;
  }

  /** Takes the last of `epochs` in, whose validation it is, and forgets those that no metric can select any more. */
  add(epochs: readonly EpochRecord[], validation: Evaluation): void {
    const { epoch } = epochs.at(-1)!;
    const best = bestEpochs(epochs);
    this.#keepsAll = new Set([epoch, firstOfHighest(epochs, 'valAccuracy')]);
    const isBest = (kept: { readonly epoch: number }) => best.has(kept.epoch);
    const tests = this.#kept.tests.filter(isBest);
    const networks = this.#kept.networks.filter(isBest);
    const predictions = this.#kept.predictions.filter(isBest);
    if (this.#validatesOnTest) tests.push(this.#record(epoch, validation));
    if (this.#validatesOnTest || !this.#hasTest)
      predictions.push(predictionsOf(epoch, validation, this.#hasTest ? 'test' : 'validation'));
    if (this.#keepsNetworks && best.has(epoch)) networks.push(this.#network(epoch));
    this.#kept = { tests, networks, predictions };
  }

  /** The candidates' networks, where they are kept. Before `test`, which takes the last one away. */
  networks(lastEpoch: number): readonly SavedNetwork[] {
    const { networks } = this.#kept;
    return networks.at(-1)?.epoch === lastEpoch ? networks : [...networks, this.#network(lastEpoch)];
  }

  /** What the same epochs took the judged images for; complete after `test`. Two of them keep all probabilities. */
  get predictions(): readonly PredictionRecord[] {
    return this.#kept.predictions
      .map((record) => (this.#keepsAll.has(record.epoch) ? record : { ...record, probabilities: null }))
      .sort((a, b) => a.epoch - b.epoch);
  }

  /**
   * What the test images say of each candidate, ascending. Training is over: it takes the trainer's images and numbers
   * away. Of training that a checkpoint of version 1 continues, the best epochs before it are not known. A data set without
   * test images gives nothing.
   */
  async test(lastEpoch: number, alive: () => void): Promise<readonly TestRecord[]> {
    if (this.#validatesOnTest) return this.#kept.tests;
    if (!this.#hasTest) return [];
    const tests: TestRecord[] = [];
    const predictions: PredictionRecord[] = [];
    const test = async (epoch: number) => {
      const evaluation = await this.#trainer.evaluateOnTest(alive);
      tests.push(this.#record(epoch, evaluation));
      predictions.push(predictionsOf(epoch, evaluation, 'test'));
    };
    await test(lastEpoch);
    for (const { epoch, tensors } of this.#kept.networks) {
      if (epoch === lastEpoch) continue;
      this.#trainer.classifier.restore(tensors);
      await test(epoch);
    }
    this.#kept = { ...this.#kept, predictions };
    return tests.sort((a, b) => a.epoch - b.epoch);
  }

  #network(epoch: number): SavedNetwork {
    return { epoch, tensors: this.#trainer.classifier.saveNetwork() }; // device to host
  }

  #record(epoch: number, evaluation: Evaluation): TestRecord {
    const { loss, accuracy, balancedAccuracy, macroF1, top5, correct } = evaluation;
    return {
      epoch,
      testLoss: loss,
      testAccuracy: accuracy,
      testBalancedAccuracy: balancedAccuracy,
      testMacroF1: macroF1,
      ...(top5 === null ? {} : { testTop5: top5 }),
      images: correct.length,
      correct: packBits(correct),
      imagesSha256: this.#imagesSha256,
    };
  }
}

type Kept = Pick<Checkpoint, 'tests' | 'networks' | 'predictions'>;

function predictionsOf(
  epoch: number,
  { counts, predictions, correct }: Evaluation,
  part: PredictionRecord['part'],
): PredictionRecord {
  return {
    version: 1,
    epoch,
    part,
    images: correct.length,
    classes: counts.classes,
    confusion: counts.encode(),
    ...(part === 'validation' ? { correct: packBits(correct) } : {}),
    misses: encodeMisses(predictions),
    probabilities: encodeProbabilities(predictions),
  };
}

/** The first of lowest loss, and of each other metric the first of its highest value. */
function bestEpochs(epochs: readonly EpochRecord[]): ReadonlySet<number> {
  const lowest = epochs.reduce((best, record) => (record.valLoss < best.valLoss ? record : best)).epoch;
  return new Set([lowest, ...highMetrics.map((name) => firstOfHighest(epochs, name))]);
}

function firstOfHighest(epochs: readonly EpochRecord[], name: (typeof highMetrics)[number]): number {
  const valueOf = (record: EpochRecord) => record[name] ?? -Infinity;
  return epochs.reduce((best, record) => (valueOf(record) > valueOf(best) ? record : best)).epoch;
}

/** Metrics of which more is better. */
const highMetrics = ['valAccuracy', 'valBalancedAccuracy', 'valMacroF1', 'valTop5'] as const;

/** Which images they are, by their labels. */
function testSha256({ labels }: LabelledImages): string {
  return createHash('sha256')
    .update('test')
    .update(new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength))
    .digest('hex');
}
