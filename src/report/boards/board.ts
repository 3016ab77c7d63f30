import {
  Listr,
  ListrLogger,
  ProcessOutput,
  type DefaultRenderer,
  type ListrTaskWrapper,
  type SimpleRenderer,
} from 'listr2';
import type { RunEvent } from '../../run/run-plan.js';
import type { TrialOutcome } from '../../trial/outcome.js';
import { describeDuration } from '../text/describe-duration.js';
import { describeOutcome } from '../text/describe-outcome.js';
import { count } from '../../diagnostics/count.js';

/** Shows a run while it goes on. Everything goes to standard error. */
export interface Board {
  show(event: RunEvent): void;
  /** Leaves the screen as it is and stops drawing. */
  close(): Promise<void>;
}

function describeProgress(event: Extract<RunEvent, { type: 'progress' }>): string {
  const { epoch, step, stepsPerEpoch, loss, accuracy, secondsLeft } = event.progress;
  const parts = [`epoch ${epoch}/${event.trial.params.epochs}`, `step ${step}/${stepsPerEpoch}`];
  if (loss !== null) parts.push(`loss ${loss.toFixed(4)}`);
  if (accuracy !== null) parts.push(`accuracy ${accuracy.toFixed(4)}`);
  if (secondsLeft !== null) parts.push(`${describeDuration(secondsLeft)} left`);
  return `${event.trial.label} · ${parts.join(' · ')}`;
}

const describeNarrowing = (concurrency: number): string =>
  `${concurrency} at a time from now on, and it is started once more`;

const describeElsewhere = ({ trial, owner }: Extract<RunEvent, { type: 'elsewhere' }>): string =>
  `${trial.label}: another process (${owner.pid}) trains it; waiting for it after the others`;

/** Counts what has ended and foretells the rest from the mean time of the trials so far. */
class Totals {
  ended = 0;
  failed = 0;
  diverged = 0;
  #seconds = 0;

  constructor(
    private readonly trials: number,
    private readonly concurrency: number,
  ) {}

  count(outcome: TrialOutcome): void {
    this.ended++;
    if (outcome.status === 'failed') this.failed++;
    else this.#seconds += outcome.trainSeconds;
    if (outcome.status === 'diverged') this.diverged++;
  }

  describe(): string {
    const parts = [`${this.ended}/${count(this.trials, 'trial')}`];
    if (this.failed > 0) parts.push(`${this.failed} failed`);
    if (this.diverged > 0) parts.push(`${this.diverged} diverged`);
    const timed = this.ended - this.failed;
    if (timed > 0 && this.ended < this.trials) {
      const left = ((this.#seconds / timed) * (this.trials - this.ended)) / this.concurrency;
      parts.push(`about ${describeDuration(left)} left`);
    }
    return parts.join(' · ');
  }
}

/** Plain lines: one when a trial starts, ends an epoch, and ends. For pipes and logs. */
export function openPlainBoard(trials: number, concurrency: number, write: (line: string) => void): Board {
  const totals = new Totals(trials, concurrency);
  return {
    show(event) {
      switch (event.type) {
        case 'started':
          return write(`started ${event.trial.label}`);
        case 'progress':
          return;
        case 'epoch': {
          const { epoch, trainLoss, valAccuracy, seconds } = event.record;
          const place = `epoch ${epoch}/${event.trial.params.epochs}`;
          const figures = `loss ${trainLoss.toFixed(4)}, val accuracy ${valAccuracy.toFixed(4)}`;
          return write(`${event.trial.label}: ${place}, ${figures}, ${describeDuration(seconds)}`);
        }
        case 'ended':
          totals.count(event.outcome);
          return write(
            `[${totals.describe()}] ${event.outcome.status} ${describeOutcome(event.trial, event.outcome)}`,
          );
        case 'retried':
          return write(
            `${describeOutcome(event.trial, event.outcome)}; started again, number ${event.retry}`,
          );
        case 'narrowed':
          return write(
            `${describeOutcome(event.trial, event.outcome)}; ${describeNarrowing(event.concurrency)}`,
          );
        case 'elsewhere':
          return write(describeElsewhere(event));
        case 'reused':
          totals.count(event.outcome);
          return write(
            `[${totals.describe()}] ${describeOutcome(event.trial, event.outcome)}, by another process`,
          );
        case 'interrupted':
          return write(`interrupted ${event.trial.label}`);
        case 'stopped':
          return write(`No more trials are started: ${event.reason}`);
      }
    },
    close: () => Promise.resolve(),
  };
}

type Line = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof SimpleRenderer>;

/** A live board by listr2: the totals with what failed below them, and one line a running trial. */
export function openLiveBoard(trials: number, concurrency: number): Board {
  const totals = new Totals(trials, concurrency);
  let finish!: () => void;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  let totalsLine: Line | undefined;
  const slots: Line[] = [];
  const listr = new Listr<unknown, typeof DefaultRenderer, typeof SimpleRenderer>(
    [
      {
        title: totals.describe(),
        task: (_, line) => {
          totalsLine = line;
          return finished;
        },
        rendererOptions: { outputBar: 20, persistentOutput: true },
      },
      ...Array.from({ length: Math.min(concurrency, trials) }, (_, slot) => ({
        title: 'waiting',
        task: (_: unknown, line: Line) => {
          slots[slot] = line;
          return finished;
        },
      })),
    ],
    {
      concurrent: true,
      registerSignalListeners: false,
      rendererOptions: {
        // Drawn on standard error; listr2 holds back what else is written to either stream meanwhile.
        logger: new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stdout) }),
      },
    },
  );
  const running = listr.run();
  const setSlot = (slot: number, title: string) => {
    const line = slots[slot];
    if (line) line.title = title;
  };
  const say = (text: string) => {
    if (totalsLine) totalsLine.output = text;
  };
  const sayTotals = () => {
    if (totalsLine) totalsLine.title = totals.describe();
  };
  return {
    show(event) {
      switch (event.type) {
        case 'started':
          return setSlot(event.slot, `${event.trial.label} · starting`);
        case 'progress':
          return setSlot(event.slot, describeProgress(event));
        case 'epoch':
          return;
        case 'ended':
          totals.count(event.outcome);
          setSlot(event.slot, 'waiting');
          sayTotals();
          if (event.outcome.status !== 'completed') say(describeOutcome(event.trial, event.outcome));
          return;
        case 'retried':
          return setSlot(event.slot, `${event.trial.label} · failed, started again, number ${event.retry}`);
        case 'narrowed':
          setSlot(event.slot, `${event.trial.label} · waits for memory`);
          return say(
            `${describeOutcome(event.trial, event.outcome)}; ${describeNarrowing(event.concurrency)}`,
          );
        case 'elsewhere':
          return say(describeElsewhere(event));
        case 'reused':
          totals.count(event.outcome);
          return sayTotals();
        case 'interrupted':
          return setSlot(event.slot, `${event.trial.label} · interrupted`);
        case 'stopped':
          return say(`No more trials are started: ${event.reason}`);
      }
    },
    async close() {
      for (const slot of slots.keys()) if (slots[slot]!.title === 'waiting') setSlot(slot, 'done');
      finish();
      await running;
    },
  };
}
