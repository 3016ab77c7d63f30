import { setTimeout as sleep } from 'node:timers/promises';
import type { Plan } from '../plan/plan.js';
import { analyse } from '../report/analyse.js';
import { lookAt } from '../run/looks.js';
import type { Known, ResultsFolder } from '../run/results-folder.js';
import type { RunEvent } from '../run/run-plan.js';
import type { TrialOutcome } from '../trial/outcome.js';
import type { PageWriter } from './page-writer.js';

/** Milliseconds between two pages at least, and of how many times the last one's. */
const shortestPause = 2000;
const pausePerWrite = 15;

/**
 * report.html while trials are trained: written again when a trial has ended, in the background, in at most a sixteenth of the
 * time. Whoever opens it looks at figures, so the journal keeps the look. What goes wrong here costs a line, no trial.
 */
export class LivePage {
  readonly #outcomes: Map<string, TrialOutcome>;
  readonly #closing = new AbortController();
  #known: Known;
  #isStale = true;
  #loop: Promise<void> | null = null;

  constructor(
    private readonly plan: Plan,
    private readonly results: ResultsFolder,
    known: Known,
    private readonly page: PageWriter,
    private readonly onTrouble: (line: string) => void,
  ) {
    this.#known = known;
    this.#outcomes = new Map(known.outcomes);
    this.#start();
  }

  show(event: RunEvent): void {
    if (event.type !== 'ended' && event.type !== 'reused') return;
    this.#outcomes.set(event.trial.id, event.outcome);
    this.#isStale = true;
    this.#start();
  }

  /** Waits for a page that is being written; writes no other. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#loop;
  }

  #start(): void {
    if (this.#loop || this.#closing.signal.aborted) return;
    this.#loop = this.#writeWhileStale()
      .catch((error: unknown) => this.onTrouble(`warning: report.html is not up to date: ${String(error)}`))
      .finally(() => (this.#loop = null));
  }

  async #writeWhileStale(): Promise<void> {
    const { signal } = this.#closing;
    while (this.#isStale && !signal.aborted) {
      this.#isStale = false;
      const started = performance.now();
      const report = analyse(this.plan, this.#outcomes);
      const figures = report.comparisons.map(({ seeds }) => seeds);
      this.#known = await this.results.keepLook(this.#known, lookAt(this.plan, figures));
      await this.page.write(report, this.#known.environment, { at: new Date().toISOString() });
      const pause = Math.max(shortestPause, pausePerWrite * (performance.now() - started));
      await sleep(pause, null, { signal, ref: false }).catch(() => {});
    }
  }
}
