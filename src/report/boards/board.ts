import type { Trial } from '../../plan/plan.js';
import type { RunEvent } from '../../run/run-plan.js';
import type { EpochRecord } from '../../trial/outcome.js';
import { describeDuration } from '../text/describe-duration.js';
import { describeOutcome } from '../text/describe-outcome.js';

/** Shows a run while it goes on. Everything goes to standard error. */
export interface Board {
  show(event: RunEvent): void;
  /** Leaves the screen as it is and stops drawing. */
  close(): Promise<void>;
}

type EventOf<Type> = Extract<RunEvent, { type: Type }>;

export function describeEpoch(trial: Trial, record: EpochRecord): string {
  const { epoch, trainLoss, valAccuracy, seconds } = record;
  const figures = `loss ${trainLoss.toFixed(4)}, val accuracy ${valAccuracy.toFixed(4)}`;
  return `${trial.label}: epoch ${epoch}/${trial.params.epochs}, ${figures}, ${describeDuration(seconds)}`;
}

export const describeQueued = ({ trial, job }: EventOf<'queued'>): string =>
  `queued ${trial.label}, job ${job}`;

export const describeRetry = ({ trial, outcome, retry }: EventOf<'retried'>): string =>
  `${describeOutcome(trial, outcome)}; started again, number ${retry}`;

export const describeNarrowing = ({ trial, outcome, concurrency }: EventOf<'narrowed'>): string =>
  `${describeOutcome(trial, outcome)}; ${concurrency} at a time from now on, and it is started once more`;

export const describeReuse = ({ trial, outcome }: EventOf<'reused'>): string =>
  `${describeOutcome(trial, outcome)}, by another process`;

export const describeDrop = ({ trial }: EventOf<'dropped'>): string =>
  `${trial.label}: not needed, its comparisons are decided without it`;

export const describeStop = ({ reason }: EventOf<'stopped'>): string =>
  `No more trials are started: ${reason}`;

export const describeElsewhere = ({ trial, owner }: EventOf<'elsewhere'>): string =>
  `${trial.label}: another process (${owner.pid}) trains it; waiting for it after the others`;
