import type { Trial } from '../plan/plan.js';
import type { RunEvent } from '../run/run-plan.js';

/** What says of a trial that this process has no more to do for it to be trained. */
const isHandedOver: ReadonlySet<RunEvent['type']> = new Set([
  'queued',
  'ended',
  'reused',
  'elsewhere',
  'interrupted',
]);

/** Waits until a scheduler has all of some trials that have not ended before. */
export class Detacher {
  isDone = false;
  readonly #left: Set<string>;

  constructor(
    trials: readonly Trial[],
    private readonly detach: () => void,
  ) {
    this.#left = new Set(trials.map(({ id }) => id));
  }

  show(event: RunEvent): void {
    if (!('trial' in event) || !isHandedOver.has(event.type)) return;
    this.#left.delete(event.trial.id);
    if (this.#left.size > 0 || this.isDone) return;
    this.isDone = true;
    setImmediate(this.detach); // those who are told of the last one have all been told
  }
}
