import type { RunEvent } from '../../run/run-plan.js';

/** Shows a run while it goes on. Everything goes to standard error. */
export interface Board {
  show(event: RunEvent): void;
  /** Leaves the screen as it is and stops drawing. */
  close(): Promise<void>;
}

export const describeNarrowing = (concurrency: number): string =>
  `${concurrency} at a time from now on, and it is started once more`;

export const describeElsewhere = ({ trial, owner }: Extract<RunEvent, { type: 'elsewhere' }>): string =>
  `${trial.label}: another process (${owner.pid}) trains it; waiting for it after the others`;
