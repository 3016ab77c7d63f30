/** How Slurm says that a job has ended. */
export type JobEnd =
  'completed' | 'failed' | 'cancelled' | 'timeout' | 'outOfMemory' | 'nodeFailure' | 'preempted';

const ends: Readonly<Record<string, JobEnd>> = {
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  TIMEOUT: 'timeout',
  DEADLINE: 'timeout',
  OUT_OF_MEMORY: 'outOfMemory',
  NODE_FAIL: 'nodeFailure',
  BOOT_FAIL: 'nodeFailure',
  PREEMPTED: 'preempted',
};

/**
 * The end that a state is, by its first word: sacct writes `CANCELLED by 1000`. Null for every other one, those of later
 * versions of Slurm among them: the job goes on, or may.
 */
export function endOf(state: string): JobEnd | null {
  return ends[/^\w+/.exec(state)?.[0] ?? ''] ?? null;
}

/** Reasons of a waiting job that do not pass by themselves: what it asks for is not there, or not allowed. */
const lasting =
  /^(PartitionConfig|PartitionNodeLimit|PartitionTimeLimit|PartitionDown|PartitionInactive|BadConstraints|InvalidAccount|InvalidQOS|AccountNotAllowed|QOSNotAllowed|JobHeld\w+|NodeDown|(QOS|Assoc)(Max(Cpu|GRES|Mem|Node|Wall|Billing|BB|TRES)|Grp\w+Minutes)\w*)$/;

export const isLasting = (reason: string): boolean => lasting.test(reason);
