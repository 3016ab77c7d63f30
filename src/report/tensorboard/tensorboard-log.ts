import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Plan, Trial } from '../../plan/plan.js';
import type { RunEvent } from '../../run/run-plan.js';
import { encodeEvent, type TensorboardEvent } from './encode-event.js';
import { eventPath, hparamsOf } from './event-path.js';
import { endEvent, epochEvent, startEvents } from './trial-events.js';

/**
 * Writes a run's trials while they train, so that TensorBoard shows their curves. At the end of the run `writeTensorboard`
 * makes the same files from the journal. A disk that refuses them costs a warning, once.
 */
export class TensorboardLog {
  #hasWarned = false;

  constructor(
    private readonly directory: string,
    private readonly plan: Plan,
    private readonly onWarning: (line: string) => void,
  ) {}

  show(event: RunEvent): void {
    const now = Date.now() / 1000;
    switch (event.type) {
      case 'started':
      case 'retried':
        return this.#append(event.trial, startEvents(hparamsOf(this.plan, event.trial), now), true);
      case 'epoch':
        return this.#append(event.trial, [epochEvent(event.record, now)]);
      case 'ended':
        return this.#append(event.trial, [endEvent(event.outcome, now)]);
      default:
        return;
    }
  }

  /** At once, an epoch's few hundred bytes. */
  #append(trial: Trial, events: readonly TensorboardEvent[], isNew = false): void {
    const path = eventPath(this.directory, this.plan, trial);
    try {
      if (isNew) mkdirSync(dirname(path), { recursive: true });
      if (isNew) rmSync(path, { force: true }); // what a reader has open stays as it was
      appendFileSync(path, Buffer.concat(events.map(encodeEvent)));
    } catch (error) {
      if (!this.#hasWarned) this.onWarning(`${path}: not written, ${(error as Error).message}`);
      this.#hasWarned = true;
    }
  }
}
