import type { Trial } from '../../plan/plan.js';
import type { TrialOutcome } from '../../trial/outcome.js';
import { describeDuration } from './describe-duration.js';

/** How a trial ended, on one line. */
export function describeOutcome(trial: Trial, outcome: TrialOutcome): string {
  switch (outcome.status) {
    case 'completed': {
      const last = outcome.epochs.at(-1)!;
      return `${trial.label}: val accuracy ${last.valAccuracy.toFixed(4)}, ${describeDuration(outcome.trainSeconds)}`;
    }
    case 'diverged':
      return `${trial.label}: diverged, loss not finite in epoch ${outcome.epoch} at step ${outcome.step}`;
    case 'failed':
      return `${trial.label}: failed (${outcome.failure}), ${outcome.cause}; log: ${outcome.logFile}`;
  }
}
