import { stat } from 'node:fs/promises';
import type { TrialOutcome } from '../../trial/outcome.js';
import type { TrialRequest } from '../../trial/trial-protocol.js';
import type { Attempt } from '../executor.js';
import type { TaskName } from './slurm-client.js';
import type { SubmittedArray } from './submissions.js';
import { TaskFiles, type MessageTail } from './task-files.js';

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

/** The same while it is followed. Times are those of `performance.now()`. */
export interface Followed extends Handed {
  readonly tail: MessageTail;
  isStarted: boolean;
  /** Looks at Slurm since its task has ended there, or is not there. */
  endLooks: number;
  /** When it was first not there; null while it is. */
  goneSince: number | null;
  /** When Slurm last had it in its queue; null: it was not seen there. */
  waitedAt: number | null;
}

export const taskOf = ({ array, index }: Pick<Handed, 'array' | 'index'>): TaskName =>
  `${array.job!}_${index}`;

/** Whether the trial got further in its task: each attempt that does is no failure, so this ends. */
export async function hasCheckpoint({ request, array }: Handed): Promise<boolean> {
  if (!request.checkpoint) return false;
  const paths = [request.checkpoint.path, new TaskFiles(array.folder).start(request.trial.id)];
  const [saved, started] = await Promise.all(paths.map((path) => stat(path).catch(() => null)));
  return saved !== null && started !== null && saved!.mtimeMs > started!.mtimeMs; // both by the clock of the file system
}
