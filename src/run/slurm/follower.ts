import { setTimeout as sleep } from 'node:timers/promises';
import type { TrialOutcome } from '../../trial/outcome.js';
import { leaveRunning } from '../../trial/leave-running.js';
import { taskOf, type Followed, type Handed } from './followed-trial.js';
import { endOf, isLasting } from './job-state.js';
import { judgeEnd } from './judge-end.js';
import { QueryPace } from './query-pace.js';
import type { JobRow, SlurmClient, TaskName } from './slurm-client.js';
import type { Submissions, SubmittedArray } from './submissions.js';
import { MessageTail, TaskFiles } from './task-files.js';
import { Turns } from './turns.js';

const fileInterval = 1000; // milliseconds between two looks at the tasks' files
/** What one look reads at most, in turn: however many trials there are, the file system has some ten requests a second. */
const atOnce = { arrays: 3, messages: 5 };
/** Looks at Slurm after which an end without a record counts: the file system may be slower than Slurm. */
const looksForEnd = 2;
const goneAfter = 60 * 1000; // milliseconds

/**
 * Follows trials to their ends, by what their tasks write. Slurm is asked once for all of them, and decides about those
 * alone that leave no outcome.
 */
export class Follower {
  readonly #followed = new Map<string, Followed>();
  /** Of each array, the ids of the trials that its tasks have begun, as was last seen. */
  readonly #started = new Map<SubmittedArray, ReadonlySet<string>>();
  readonly #toldReasons = new Set<string>();
  readonly #arraysInTurn = new Turns<SubmittedArray>(atOnce.arrays);
  readonly #messagesInTurn = new Turns<Followed>(atOnce.messages);
  readonly #pace = new QueryPace();
  #cancelling: Followed[] = [];
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
      waitedAt: null,
    };
    this.#followed.set(request.trial.id, followed);
    this.#pace.quicken();
    if (attempt.signal.aborted) this.#abort(followed);
    else attempt.signal.addEventListener('abort', () => this.#abort(followed), { once: true });
    if (!this.#isRunning) void this.#run();
  }

  /** Of the arrays in which it is not known that all have ended: how many tasks have not. */
  unfinishedTasks(): ReadonlyMap<SubmittedArray, number> {
    const tasks = new Map<SubmittedArray, Set<number>>();
    for (const { array, index } of this.#followed.values())
      tasks.set(array, (tasks.get(array) ?? new Set()).add(index));
    return new Map([...tasks].map(([array, indices]) => [array, indices.size]));
  }

  /** Takes back what has not begun. What runs goes on. */
  async withdraw(): Promise<void> {
    // Tasks begin no more of these arrays' trials, whether Slurm answers or not.
    for (const array of this.unfinishedTasks().keys()) await new TaskFiles(array.folder).abandon();
    await this.client.cancelWaiting(this.#tasksOfOnly(await this.#waiting()));
    // Only now: a task that Slurm had begun may have begun a trial before it saw that it should not.
    const waiting = await this.#waiting();
    this.#drop(waiting);
    await this.#forget(waiting);
    for (const { settle } of waiting) settle(null);
  }

  /** What has not begun, as its tasks' files say now. */
  async #waiting(): Promise<readonly Followed[]> {
    await this.#readLists(this.unfinishedTasks().keys());
    return [...this.#followed.values()].filter(({ isStarted }) => !isStarted);
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    const { minJobAge } = await this.client.limits();
    this.#pace.limit((minJobAge * 1000) / 2); // so that no end is forgotten between two looks
    while (this.#followed.size > 0) {
      await sleep(fileInterval);
      await this.#readLists(this.#arraysInTurn.next([...this.unfinishedTasks().keys()]));
      const started = [...this.#followed.values()].filter(({ isStarted }) => isStarted);
      for (const followed of this.#messagesInTurn.next(started)) await this.#readMessages(followed);
      if (this.#pace.isDue()) await this.#askSlurm(minJobAge * 1000);
    }
    this.#isRunning = false;
  }

  /** Two lists per array; what has ended is settled. */
  async #readLists(arrays: Iterable<SubmittedArray>): Promise<void> {
    const ended = new Map<SubmittedArray, ReadonlySet<string>>();
    for (const array of arrays) {
      const files = new TaskFiles(array.folder);
      this.#started.set(array, await files.ids('started'));
      ended.set(array, await files.ids('ended'));
    }
    for (const followed of [...this.#followed.values()]) {
      const { array, request } = followed;
      if (!ended.has(array)) continue;
      followed.isStarted ||= this.#hasBegun(array, request.trial.id);
      const hasEnded = followed.isStarted && ended.get(array)!.has(request.trial.id);
      const outcome = hasEnded ? await new TaskFiles(array.folder).readEnd(request.trial.id) : null;
      if (!outcome) continue;
      await this.#readMessages(followed);
      await this.#settle(followed, outcome);
    }
  }

  #hasBegun(array: SubmittedArray, id: string): boolean {
    return this.#started.get(array)?.has(id) ?? false;
  }

  async #readMessages({ tail, attempt }: Followed): Promise<void> {
    for (const message of await tail.read()) {
      if (message.type === 'progress') attempt.onProgress(message.progress);
      if (message.type === 'epoch') attempt.onEpoch(message.record);
    }
  }

  /** @param remembered milliseconds for which Slurm remembers what has ended */
  async #askSlurm(remembered: number): Promise<void> {
    const asked = [...this.#followed.values()];
    if (asked.length === 0) return;
    const rows = await this.client.rows([...new Set(asked.map(({ array }) => array.job!))]);
    this.#pace.asked();
    if (rows === null) {
      if (!this.#isSilent) this.say('Slurm does not answer; what it runs goes on, and it is asked again.');
      this.#isSilent = true;
      return;
    }
    this.#isSilent = false;
    await this.#readLists(this.unfinishedTasks().keys()); // what has ended before Slurm answered has written so
    await this.submissions.refresh(); // another process may have taken trials back
    const gone: Followed[] = [];
    for (const followed of asked) {
      if (this.#followed.get(followed.request.trial.id) !== followed) continue; // it has ended
      const row = rows.get(taskOf(followed));
      const end = row ? endOf(row.state) : null;
      const now = performance.now();
      if (row && !end) {
        followed.endLooks = 0;
        followed.goneSince = null;
        if (row.state === 'PENDING') followed.waitedAt = now;
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
      else followed.goneSince ??= now;
      this.#pace.quicken();
      if (followed.endLooks < looksForEnd) continue;
      // It waited, and Slurm would remember an end: it was cancelled in the queue.
      const { waitedAt, goneSince, isStarted } = followed;
      const waited = !isStarted && waitedAt !== null && (goneSince ?? 0) - waitedAt < remembered;
      if (row && end) await this.#decide(followed, row.state, row);
      else if (waited || now - goneSince! >= goneAfter) gone.push(followed);
    }
    if (gone.length === 0) return;
    const history = await this.client.history([...new Set(gone.map(({ array }) => array.job!))]);
    for (const followed of gone) await this.#decide(followed, history.get(taskOf(followed)) ?? '', null);
  }

  /** Of a trial without an outcome, whose task has ended. @param state of its end, as Slurm says it; empty: unknown */
  async #decide(followed: Followed, state: string, row: JobRow | null): Promise<void> {
    const { request, array } = followed;
    const judgement = await judgeEnd(followed, endOf(state), row, (id) => this.#hasBegun(array, id));
    if (judgement.type === 'failed') return this.#settle(followed, judgement.outcome);
    this.say(`${request.trial.label}: ${judgement.why}`);
    if (judgement.type === 'cancelled') return this.#settle(followed, null);
    this.#followed.delete(request.trial.id);
    await this.#forget([followed]);
    followed.again();
  }

  /** A result needs no record: the trials' store has it. */
  async #settle(followed: Followed, outcome: TrialOutcome | null): Promise<void> {
    this.#followed.delete(followed.request.trial.id);
    if (outcome === null || outcome.status === 'failed') await this.#forget([followed]);
    followed.settle(outcome);
  }

  #forget(trials: readonly Followed[]): Promise<void> {
    return this.submissions.append(
      ...trials.map(
        ({ array: { name }, request }) => ({ type: 'settled', name, trial: request.trial.id }) as const,
      ),
    );
  }

  #tellReason({ array: { job } }: Followed, { state, reason }: JobRow): void {
    if (state !== 'PENDING' || !isLasting(reason)) return;
    const about = `${job}: ${reason}`;
    if (this.#toldReasons.has(about)) return;
    this.#toldReasons.add(about);
    this.say(
      `Job array ${job} waits because of ${reason}, which does not pass by itself: correct the machine profile, and \`runner cancel FILE\` takes it back`,
    );
  }

  /** Leaves it to itself, or ends it, together with what is ended in the same moment. */
  #abort(followed: Followed): void {
    if (this.#followed.get(followed.request.trial.id) !== followed) return;
    if (followed.attempt.signal.reason === leaveRunning) {
      this.#followed.delete(followed.request.trial.id);
      return followed.settle(null);
    }
    if (this.#cancelling.push(followed) > 1) return;
    setImmediate(() => {
      const cancelled = this.#cancelling;
      this.#cancelling = [];
      void this.#end(cancelled);
    });
  }

  async #end(trials: readonly Followed[]): Promise<void> {
    this.#drop(trials);
    const isDone = await this.client.cancel(this.#tasksOfOnly(trials));
    if (isDone) await this.#forget(trials);
    else this.say('Slurm does not answer: its jobs were not cancelled; `runner cancel FILE` does it later');
    for (const { settle } of trials) settle(null);
  }

  /** Tasks of these trials that have no other one that is followed. */
  #tasksOfOnly(trials: readonly Followed[]): TaskName[] {
    const these = new Set(trials);
    const others = [...this.#followed.values()].filter((followed) => !these.has(followed));
    const wanted = new Set(others.map(taskOf));
    return [...new Set(trials.map(taskOf))].filter((name) => !wanted.has(name));
  }

  #drop(trials: readonly Followed[]): void {
    for (const { request } of trials) this.#followed.delete(request.trial.id);
  }
}
