import type { TrialOutcome } from '../../trial/outcome.js';
import { count } from '../../diagnostics/count.js';
import { describeDuration } from '../text/describe-duration.js';

/** Counts what has ended and foretells the rest from the mean time of the trials so far. */
export class Totals {
  ended = 0;
  failed = 0;
  diverged = 0;
  #seconds = 0;

  /** @param trials that are to end, as far as is known */
  constructor(
    public trials: number,
    private readonly concurrency: number,
  ) {}

  /** How many more than `trials` there may be. */
  more = 0;

  plan({ trials, most }: { readonly trials: number; readonly most: number }): void {
    this.trials = trials;
    this.more = most - trials;
  }

  count(outcome: TrialOutcome): void {
    this.ended++;
    if (outcome.status === 'failed') this.failed++;
    else this.#seconds += outcome.trainSeconds;
    if (outcome.status === 'diverged') this.diverged++;
  }

  /**
   * Null before the first trial that was timed, and after the last.
   * @param begun trials' worth of work that the running ones have done
   */
  secondsLeft(begun = 0): number | null {
    const timed = this.ended - this.failed;
    const left = this.trials - this.ended;
    if (timed === 0 || left === 0) return null;
    return ((this.#seconds / timed) * (left - begun)) / Math.min(this.concurrency, left);
  }

  describe(): string {
    const parts = [`${this.ended}/${count(this.trials, 'trial')}`];
    if (this.more > 0) parts.push(`at most ${this.more} more`);
    if (this.failed > 0) parts.push(`${this.failed} failed`);
    if (this.diverged > 0) parts.push(`${this.diverged} diverged`);
    const left = this.secondsLeft();
    if (left !== null) parts.push(`about ${describeDuration(left)} left`);
    return parts.join(' · ');
  }
}
