const first = 2000; // milliseconds
const growth = 1.5;

/** When Slurm is to be asked: after two seconds, then less and less often, up to once a minute. */
export class QueryPace {
  #interval = first;
  #longest = 60 * 1000;
  #due: number;

  /** @param milliseconds until the first query */
  constructor(milliseconds = first) {
    this.#due = performance.now() + milliseconds;
  }

  /** @param milliseconds never more between two queries, but two seconds are allowed */
  limit(milliseconds: number): void {
    this.#longest = Math.max(first, Math.min(this.#longest, milliseconds));
  }

  /** Something has changed: the next query is soon. */
  quicken(): void {
    this.#interval = first;
    this.#due = Math.min(this.#due, performance.now() + first);
  }

  isDue(): boolean {
    return performance.now() >= this.#due;
  }

  asked(): void {
    this.#due = performance.now() + this.#interval;
    this.#interval = Math.min(this.#longest, this.#interval * growth);
  }
}
