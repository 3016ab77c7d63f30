import { randomUUID } from 'node:crypto';
import { join, resolve as absolute } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { count } from '../../diagnostics/count.js';
import { RunnerError } from '../../diagnostics/runner-error.js';
import { parseDuration } from '../../spec/parse-duration.js';
import type { TrialOutcome } from '../../trial/outcome.js';
import type { TrialRequest } from '../../trial/trial-protocol.js';
import { leaveRunning } from '../../trial/leave-running.js';
import type { Attempt, Executor, ExecutorOptions } from '../executor.js';
import { Follower } from './follower.js';
import { jobScript, submitArguments } from './job-script.js';
import { packTrials } from './pack-trials.js';
import { giveUp, resolveIntents } from './resolve-intents.js';
import { shareOut } from './share-out.js';
import { SlurmClient, type Submission } from './slurm-client.js';
import { Submissions, type SubmittedArray } from './submissions.js';
import { TaskFiles } from './task-files.js';

/** Milliseconds without a further trial after which what has come is handed over together. */
const batchPause = 300;

/** A trial that is to be trained, until it is known how that ended. */
interface Wanted {
  readonly request: TrialRequest;
  readonly attempt: Attempt;
  readonly settle: (outcome: TrialOutcome | null) => void;
  readonly refuse: (error: unknown) => void;
}

/**
 * Trains in tasks of Slurm's job arrays. What is asked for within a moment becomes arrays together; what an earlier process
 * handed over, and was not followed to its end, is followed, not handed over again.
 */
export class SlurmExecutor implements Executor {
  readonly slots: number;
  readonly outlivesProcess = true;
  readonly #client = new SlurmClient();
  readonly #submissions: Submissions;
  readonly #follower: Follower;
  /** Seconds that a task may take; null: what the partition allows. */
  readonly #limit: number | null;
  #batch: Wanted[] = [];
  #timer: NodeJS.Timeout | undefined;
  #handing: Promise<void> = Promise.resolve();
  #isWithdrawn = false;

  constructor(private readonly options: ExecutorOptions) {
    const { time } = options.machine;
    this.#limit = time === undefined ? null : parseDuration(time);
    this.slots = options.trials; // how many run at the same time is for Slurm to say
    this.#submissions = new Submissions(absolute(options.directory));
    this.#follower = new Follower(this.#client, this.#submissions, options.say);
  }

  run(request: TrialRequest, attempt: Attempt): Promise<TrialOutcome | null> {
    return new Promise((settle, refuse) => {
      if (attempt.signal.aborted || this.#isWithdrawn) return settle(null);
      const wanted = { request, attempt, settle, refuse };
      this.#batch.push(wanted);
      attempt.signal.addEventListener('abort', () => this.#withdraw(wanted), { once: true });
      this.#schedule();
    });
  }

  withdraw(): void {
    this.#isWithdrawn = true;
    for (const { settle } of this.#batch.splice(0)) settle(null);
    this.#handing = this.#handing.then(() => this.#follower.withdraw());
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const batch = this.#batch;
      this.#batch = [];
      this.#handing = this.#handing.then(() => this.#hand(batch));
    }, batchPause);
  }

  #withdraw(wanted: Wanted): void {
    if (wanted.attempt.signal.reason === leaveRunning) wanted.settle(null);
    if (!this.#batch.includes(wanted)) return; // the follower ends it
    this.#batch = this.#batch.filter((other) => other !== wanted);
    wanted.settle(null);
  }

  /** Never rejects. */
  async #hand(batch: readonly Wanted[]): Promise<void> {
    try {
      await resolveIntents(this.#client, this.#submissions, this.options.say);
      const places = this.#submissions.places();
      const left: Wanted[] = [];
      for (const wanted of batch) {
        const { id } = wanted.request.trial;
        const place = places.get(id);
        const end = place && (await new TaskFiles(place.array.folder).readEnd(id));
        // A result that the run knows, which its task has recorded first: the run wants another.
        const isKnown = end && end.status !== 'failed' && !(await wanted.attempt.isRecorded());
        if (place && !isKnown) this.#follow(wanted, place.array, place.index);
        else left.push(wanted);
      }
      await this.#submit(left);
    } catch (error) {
      for (const { refuse } of batch) refuse(error);
    }
  }

  async #submit(batch: readonly Wanted[]): Promise<void> {
    const wanted = batch.filter((trial) => !this.#isGivenUp(trial));
    for (const other of batch) if (!wanted.includes(other)) other.settle(null);
    if (wanted.length === 0) return;
    const { machine, secondsOf } = this.options;
    const tasks = packTrials(wanted, ({ request }) => secondsOf(request.trial), machine, this.#limit);
    const { maxArraySize } = await this.#client.limits();
    for (let at = 0; at < tasks.length; at += maxArraySize)
      await this.#submitArray(
        tasks.slice(at, at + maxArraySize),
        Math.ceil((tasks.length - at) / maxArraySize),
      );
  }

  #isGivenUp({ attempt }: Wanted): boolean {
    return attempt.signal.aborted || this.#isWithdrawn;
  }

  /**
   * @param arrays still to be submitted, this one among them
   * @throws RunnerError `no-slurm`; `submission-refused` where no other jobs of this run are there, whose end may change it
   */
  async #submitArray(tasks: readonly (readonly Wanted[])[], arrays: number): Promise<void> {
    const { say } = this.options;
    for (let pause = 5000, isTold = false; ; pause = Math.min(60 * 1000, pause * 2)) {
      const { array, command, submission } = await this.#trySubmit(tasks, arrays);
      if (array.job !== null) {
        say(`Slurm has job array ${array.job}: ${count(tasks.length, 'task')}`);
        for (const [index, task] of tasks.entries())
          for (const wanted of task) this.#follow(wanted, array, index);
        return;
      }
      const { refusal, isFinal } = submission as Refusal;
      if (isFinal && this.#follower.unfinishedTasks().size === 0)
        throw new RunnerError([
          { kind: 'environment', reason: 'submission-refused', command, output: refusal },
        ]);
      if (!isTold) say(`Slurm refuses more jobs for now, and is asked again: ${refusal}`);
      isTold = true;
      await sleep(pause);
      if (tasks.flat().every((trial) => this.#isGivenUp(trial))) {
        for (const { settle } of tasks.flat()) settle(null);
        return;
      }
    }
  }

  /** Its intent is on the disk before sbatch is called, and what sbatch says of a failure is not believed. */
  async #trySubmit(tasks: readonly (readonly Wanted[])[], arrays: number) {
    const { experiment, engineRequest, budget, machine, logFile, say, resultsDirectory } = this.options;
    const name = `runner-${experiment}-${randomUUID().slice(0, 13)}`;
    const files = new TaskFiles(join(this.#submissions.folder, name));
    await files.prepare(
      { engine: engineRequest, budget, experiment, resultsDirectory: absolute(resultsDirectory) },
      tasks.map((task) => task.map(({ request }) => ({ request, logFile: logFile(request.trial.id) }))),
      jobScript(files.folder, machine),
    );
    const ids = tasks.map((task) => task.map(({ request }) => request.trial.id));
    const open = [...this.#follower.unfinishedTasks()].map(([other, unfinished]) => ({
      job: other.job!,
      parallel: other.parallel,
      after: other.after,
      unfinished,
    }));
    const share = shareOut(machine.maxParallel, open, arrays);
    await this.#submissions.append({ type: 'intent', name, tasks: ids, ...share });
    const array = this.#submissions.array(name);
    const args = submitArguments(files, name, tasks.length, share, this.#limit, machine);
    const submission = await this.#client.submit(args);
    if ('job' in submission) await this.#submissions.append({ type: 'submitted', name, job: submission.job });
    else if (submission.notFound) {
      await giveUp(this.#submissions, array);
      throw new RunnerError([{ kind: 'environment', reason: 'no-slurm' }]);
    } else
      await resolveIntents(
        this.#client,
        this.#submissions,
        say,
        (other) => other === array && submission.isFinal,
      );
    return { array, command: ['sbatch', '--parsable', ...args].join(' '), submission };
  }

  #follow(wanted: Wanted, array: SubmittedArray, index: number): void {
    const { request, attempt, settle } = wanted;
    const again = () => {
      if (this.#isGivenUp(wanted)) return settle(null);
      this.#batch.push(wanted);
      this.#schedule();
    };
    const logFile = this.options.logFile(request.trial.id);
    attempt.onQueued(`${array.job!}_${index}`);
    this.#follower.follow({ request, attempt, array, index, logFile, settle, again });
  }
}

type Refusal = Extract<Submission, { readonly refusal: string }>;
