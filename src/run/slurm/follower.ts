import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TrialOutcome } from '../../trial/outcome.js';
import type { TrialRequest } from '../../trial/trial-protocol.js';
import { leaveRunning } from '../../trial/leave-running.js';
import type { Attempt } from '../executor.js';
import { failureOf } from './failure-of.js';
import { endOf, isLasting, type JobEnd } from './job-state.js';
import type { JobRow, SlurmClient, TaskName } from './slurm-client.js';
import type { Submissions, SubmittedArray } from './submissions.js';
import { MessageTail, TaskFiles } from './task-files.js';

/** A trial in Slurm's hands. */
export interface Handed {
  readonly request: TrialRequest;
  readonly attempt: Attempt;
  readonly array: SubmittedArray;
  /** Of its task. */
  readonly index: number;
  /** Takes what the trial's process prints. */
  readonly logFile: string;
  /** Said once, how it ended; null: it was ended from outside. */
  readonly settle: (outcome: TrialOutcome | null) => void;
  /** Hands it over again: its task is gone, and that says nothing about the trial. */
  readonly again: () => void;
}

interface Followed extends Handed {
  readonly tail: MessageTail;
  isStarted: boolean;
  /** Looks at Slurm since its task has ended there, or is not there. */
  endLooks: number;
  /** When it was first not there; null while it is. */
  goneSince: number | null;
}

const fileInterval = 1000; // milliseconds between two looks at the tasks' files
const queueInterval = { first: 2000, growth: 1.5, last: 60 * 1000 }; // milliseconds between two calls of squeue
/** Looks at Slurm after which an end without a record counts: the file system may be slower than Slurm. */
const looksForEnd = 2;
const goneAfter = 60 * 1000; // milliseconds

/**
 * Follows trials to their ends, by what their tasks write. Slurm is asked once for all of them, and decides about those
 * alone that leave no outcome.
 */
export class Follower {
  readonly #followed = new Map<string, Followed>();
  readonly #toldReasons = new Set<string>();
  #cancelling: Followed[] = [];
  #interval = queueInterval.first;
  #isRunning = false;
  #isSilent = false;

  constructor(
    private readonly client: SlurmClient,
    private readonly submissions: Submissions,
    private readonly say: (line: string) => void,
  ) {}

  follow(handed: Handed): void {
    const { request, attempt, array } = handed;
    const followed: Followed = {
      ...handed,
      tail: new MessageTail(new TaskFiles(array.folder).messages(request.trial.id)),
      isStarted: false,
      endLooks: 0,
      goneSince: null,
    };
    this.#followed.set(request.trial.id, followed);
    this.#interval = queueInterval.first;
    if (attempt.signal.aborted) this.#abort(followed);
    else attempt.signal.addEventListener('abort', () => this.#abort(followed), { once: true });
    if (!this.#isRunning) void this.#run();
  }

  /** Tasks that are not known to have ended. */
  unfinishedTasks(): number {
    return new Set([...this.#followed.values()].map(taskOf)).size;
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    for (let next = performance.now() + this.#interval; this.#followed.size > 0;) {
      await sleep(fileInterval);
      await this.#readFiles();
      if (performance.now() < next) continue;
      await this.#askSlurm();
      next = performance.now() + this.#interval;
      this.#interval = Math.min(queueInterval.last, this.#interval * queueInterval.growth);
    }
    this.#isRunning = false;
  }

  /** Two lists per array, and the messages of what trains. */
  async #readFiles(): Promise<void> {
    const all = [...this.#followed.values()];
    for (const array of new Set(all.map((followed) => followed.array))) {
      const files = new TaskFiles(array.folder);
      const [started, ended] = [await files.ids('started'), await files.ids('ended')];
      for (const followed of all) {
        if (followed.array !== array) continue;
        const { id } = followed.request.trial;
        if (!started.has(id)) continue;
        followed.isStarted = true;
        await this.#readMessages(followed);
        const outcome = ended.has(id) ? await files.readEnd(id) : null;
        if (outcome) await this.#settle(followed, outcome);
      }
    }
  }

  async #readMessages({ tail, attempt }: Followed): Promise<void> {
    for (const message of await tail.read()) {
      if (message.type === 'progress') attempt.onProgress(message.progress);
      if (message.type === 'epoch') attempt.onEpoch(message.record);
    }
  }

  async #askSlurm(): Promise<void> {
    const jobs = [...new Set([...this.#followed.values()].map(({ array }) => array.job!))];
    if (jobs.length === 0) return;
    const rows = await this.client.rows(jobs);
    if (rows === null) {
      if (!this.#isSilent) this.say('Slurm does not answer; what it runs goes on, and it is asked again.');
      this.#isSilent = true;
      return;
    }
    this.#isSilent = false;
    const asked = [...this.#followed.values()];
    await this.#readFiles(); // what has ended before Slurm answered has written so
    await this.submissions.refresh(); // another process may have taken trials back
    const gone: Followed[] = [];
    for (const followed of asked) {
      if (this.#followed.get(followed.request.trial.id) !== followed) continue; // it has ended
      const row = rows.get(taskOf(followed));
      const end = row ? endOf(row.state) : null;
      if (row && !end) {
        followed.endLooks = 0;
        followed.goneSince = null;
        this.#tellReason(followed, row);
        continue;
      }
      if (followed.array.settled.has(followed.request.trial.id)) {
        this.say(`${followed.request.trial.label}: its job ${taskOf(followed)} was cancelled`);
        await this.#settle(followed, null);
        continue;
      }
      followed.endLooks++;
      if (row) followed.goneSince = null;
      else followed.goneSince ??= performance.now();
      this.#interval = queueInterval.first;
      if (followed.endLooks < looksForEnd) continue;
      if (row && end) await this.#decide(followed, end, row);
      else if (performance.now() - followed.goneSince! >= goneAfter) gone.push(followed);
    }
    if (gone.length > 0) await this.#decideGone(gone);
  }

  async #decideGone(gone: readonly Followed[]): Promise<void> {
    const history = await this.client.history([...new Set(gone.map(({ array }) => array.job!))]);
    for (const followed of gone) {
      const end = endOf(history.get(taskOf(followed)) ?? '');
      await this.#decide(followed, end, null);
    }
  }

  /** Of a trial without an outcome, whose task has ended; null: Slurm has forgotten it. */
  async #decide(followed: Followed, end: JobEnd | null, row: JobRow | null): Promise<void> {
    const { request, isStarted, array, index } = followed;
    const task = taskOf(followed);
    if (end === 'cancelled') {
      this.say(`${request.trial.label}: somebody has cancelled its job ${task}; the next run trains it`);
      return this.#settle(followed, null);
    }
    const isPacked = array.tasks[index]!.length > 1;
    const hasOthersStarted =
      isPacked && array.tasks[index]!.some((id) => id !== request.trial.id && this.#hasBegun(array, id));
    const isInterrupted = end === 'timeout' || end === 'preempted' || end === 'nodeFailure';
    const wasPassedOver = !isStarted && hasOthersStarted; // another trial of its task had the time
    if (wasPassedOver || (isInterrupted && isStarted && (await hasCheckpointOf(followed)))) {
      this.say(`${request.trial.label}: job ${task} ${describeEnd(end)}; it goes on in another one`);
      this.#followed.delete(request.trial.id);
      await this.#forget(followed);
      return followed.again();
    }
    const log = isStarted ? followed.logFile : new TaskFiles(array.folder).log(index);
    await this.#settle(followed, await failureOf(task, end, row, log));
  }

  /** Whether another trial of a task was begun; those that have ended are not followed any more. */
  #hasBegun(array: SubmittedArray, id: string): boolean {
    const other = this.#followed.get(id);
    return other?.array !== array || other.isStarted;
  }

  /** A result needs no record: the trials' store has it. */
  async #settle(followed: Followed, outcome: TrialOutcome | null): Promise<void> {
    this.#followed.delete(followed.request.trial.id);
    this.#interval = queueInterval.first;
    if (outcome === null || outcome.status === 'failed') await this.#forget(followed);
    followed.settle(outcome);
  }

  #forget({ array: { name }, request }: Followed): Promise<void> {
    return this.submissions.append({ type: 'settled', name, trial: request.trial.id });
  }

  #tellReason(followed: Followed, { state, reason }: JobRow): void {
    if (state !== 'PENDING' || !isLasting(reason)) return;
    const about = `${followed.array.job}: ${reason}`;
    if (this.#toldReasons.has(about)) return;
    this.#toldReasons.add(about);
    this.say(
      `Job array ${followed.array.job} waits because of ${reason}, which does not pass by itself: correct the machine profile, and \`runner cancel FILE\` takes it back`,
    );
  }

  /** Leaves it to itself, or ends it, together with what is ended in the same moment. */
  #abort(followed: Followed): void {
    if (this.#followed.get(followed.request.trial.id) !== followed) return;
    if (followed.attempt.signal.reason === leaveRunning) {
      this.#followed.delete(followed.request.trial.id);
      return followed.settle(null);
    }
    if (this.#cancelling.push(followed) === 1) setImmediate(() => void this.#cancel());
  }

  async #cancel(): Promise<void> {
    const cancelled = this.#cancelling;
    this.#cancelling = [];
    for (const { request } of cancelled) this.#followed.delete(request.trial.id);
    const wanted = new Set([...this.#followed.values()].map(taskOf)); // other trials of the same task go on
    const names = new Set(cancelled.map(taskOf).filter((name) => !wanted.has(name)));
    const isDone = await this.client.cancel([...names]);
    if (isDone)
      await this.submissions.append(
        ...cancelled.map(
          ({ array, request }) => ({ type: 'settled', name: array.name, trial: request.trial.id }) as const,
        ),
      );
    else this.say('Slurm does not answer: its jobs were not cancelled; `runner cancel FILE` does it later');
    for (const { settle } of cancelled) settle(null);
  }
}

/** Whether the trial got further in its task: each attempt that does is no failure, so this ends. */
async function hasCheckpointOf({ request, array }: Handed): Promise<boolean> {
  if (!request.checkpoint) return false;
  const paths = [request.checkpoint.path, new TaskFiles(array.folder).start(request.trial.id)];
  const [saved, started] = await Promise.all(paths.map((path) => stat(path).catch(() => null)));
  return saved !== null && started !== null && saved!.mtimeMs > started!.mtimeMs; // both by the clock of the file system
}

const taskOf = ({ array, index }: Pick<Handed, 'array' | 'index'>): TaskName => `${array.job!}_${index}`;

function describeEnd(end: JobEnd | null): string {
  switch (end) {
    case 'timeout':
      return 'was at its limit of time';
    case 'preempted':
      return 'had to make room for another';
    case 'nodeFailure':
      return 'lost its node';
    default:
      return 'ended';
  }
}
