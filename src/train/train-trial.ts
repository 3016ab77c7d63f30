import { setImmediate } from 'node:timers/promises';
import type { EpochRecord, TrialOutcome } from '../trial/outcome.js';
import type { CheckpointRequest, TrialProgress } from '../trial/trial-protocol.js';
import { CandidateEpochs } from './candidate-epochs.js';
import { isPlateau } from './early-stopping.js';
import { keepNetworks } from './keep-networks.js';
import { RunningSums } from './running-sums.js';
import { Trainer, type TrialInputs } from './trainer.js';
import { findCheckpoint, keepCheckpoint } from './trial-checkpoint.js';

/** Steps between two readings of the loss: a reading waits for the device. Fixed, so that divergence is
 * found at the same step on every machine. */
const readingInterval = 20;

export interface TrainingJob extends TrialInputs {
  /** Such as `tensorflow-cpu`. */
  readonly engine: string;
  /** Where the trial's state is kept; null for nowhere. */
  readonly checkpoint: CheckpointRequest | null;
  /** Where the networks are kept that a metric may select, once training is completed; absent: nowhere. */
  readonly networksPath?: string;
  /** Whether a checkpoint was asked for beside those of `checkpoint`, since this was asked last. */
  readonly takeSaveSoon?: () => boolean;
}

export interface TrialListener {
  progress(progress: TrialProgress): void;
  epoch(record: EpochRecord): void;
  /** It works, with nothing to report. */
  alive(): void;
}

/**
 * Trains one trial and evaluates after each epoch. Returns, rather than throws, when the loss is not finite. Disposes
 * of all that it has on the device, however it ends.
 *
 * The test images are looked at once, after training, by the epochs that a metric may select; where validation is on
 * the test images, its own results are taken. No message but the outcome tells of them, and nothing depends on them.
 *
 * With `checkpoint`, its state is kept at that path, and training goes on from what is there of this trial and
 * engine: then its numbers are, to the last digit, those of training that was never interrupted, and its seconds
 * those of the epochs in both parts. A checkpoint that cannot be used or written costs a line on the standard
 * error, no more. So does one of `networksPath`.
 */
export async function trainTrial(job: TrainingJob, listener: TrialListener): Promise<TrialOutcome> {
  const { trial, engine, checkpoint, networksPath, takeSaveSoon = () => false } = job;
  const { epochs: lastEpoch, earlyStopping } = trial.params;
  const owner = { trialId: trial.id, engine };
  const alive = () => listener.alive();
  const trainer = new Trainer(job);
  const sums = new RunningSums(); // of one epoch's steps
  try {
    const saved = checkpoint && (await findCheckpoint(checkpoint, owner, trainer.classifier));
    alive();
    if (saved) await trainer.restore(saved, alive);
    const { stepsPerEpoch } = trainer;
    const epochs: EpochRecord[] = [...(saved?.epochs ?? [])];
    const candidates = new CandidateEpochs(
      job,
      trainer,
      saved ?? { tests: [], networks: [], predictions: [] },
      networksPath !== undefined,
    );
    const stepsBefore = epochs.length * stepsPerEpoch;
    const started = performance.now();
    const measured = () => ({
      epochs,
      trainSeconds: (saved?.trainSeconds ?? 0) + secondsSince(started),
      peakBytes: Math.max(saved?.peakBytes ?? 0, process.resourceUsage().maxRSS * 1024),
    });
    const result = () => ({ ...measured(), parameters: trainer.parameters, engine });

    for (let epoch = epochs.length + 1; epoch <= lastEpoch; epoch++) {
      const epochStarted = performance.now();
      const order = trainer.order(epoch); // [N] indices of the training images
      sums.reset();
      for (let step = 1; step <= stepsPerEpoch; step++) {
        const batch = trainer.step(order, epoch, step);
        sums.add(batch.sums, batch.size);
        if (step % readingInterval === 0 || step === stepsPerEpoch) {
          const { loss } = sums.read(); // device to host
          if (!Number.isFinite(loss)) return { ...result(), status: 'diverged', epoch, step };
        }
        const done = (epoch - 1) * stepsPerEpoch + step - stepsBefore;
        const left = (lastEpoch - epoch) * stepsPerEpoch + stepsPerEpoch - step;
        const secondsLeft = (secondsSince(started) / done) * left;
        const { loss, accuracy } = sums;
        listener.progress({ epoch, step, stepsPerEpoch, loss, accuracy, secondsLeft });
        await setImmediate(); // lets messages out and a lost parent be noticed
      }
      const validation = await trainer.evaluate(alive); // device to host, once
      if (!Number.isFinite(validation.loss))
        return { ...result(), status: 'diverged', epoch, step: stepsPerEpoch };
      const record = {
        epoch,
        trainLoss: sums.loss!,
        trainAccuracy: sums.accuracy!,
        valLoss: validation.loss,
        valAccuracy: validation.accuracy,
        valBalancedAccuracy: validation.balancedAccuracy,
        valMacroF1: validation.macroF1,
        ...(validation.top5 === null ? {} : { valTop5: validation.top5 }),
        seconds: secondsSince(epochStarted),
      };
      epochs.push(record);
      candidates.add(epochs, validation);
      listener.epoch(record);
      if (epoch === lastEpoch || isPlateau(valLossesOf(epochs), earlyStopping)) break;
      if (checkpoint) {
        const state = { ...measured(), ...candidates.kept };
        await keepCheckpoint(checkpoint, owner, trainer.classifier, state, takeSaveSoon());
      }
      alive();
    }
    const trained = epochs.at(-1)!.epoch;
    const networks = networksPath === undefined ? [] : candidates.networks(trained);
    const tests = await candidates.test(trained, alive); // device to host, once a candidate
    const infinite = tests.find(({ testLoss }) => !Number.isFinite(testLoss));
    const { predictions } = candidates;
    if (!infinite) {
      if (networksPath !== undefined) await keepNetworks(networksPath, job, networks);
      return { ...result(), tests, predictions, status: 'completed' };
    }
    const { epoch } = infinite;
    const before = epochs.slice(0, epoch - 1);
    return { ...result(), epochs: before, status: 'diverged', epoch, step: stepsPerEpoch };
  } finally {
    sums.dispose();
    trainer.dispose();
  }
}

const valLossesOf = (epochs: readonly EpochRecord[]) => epochs.map(({ valLoss }) => valLoss);

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
