import { endOf, isLasting } from './job-state.js';
import { QueryPace } from './query-pace.js';
import type { SubmittedTrial } from './read-submitted.js';
import { SlurmClient, type JobRow } from './slurm-client.js';

/** What Slurm says of trials that nobody follows, for those who look on. Where it does not answer, their files have to do. */
export class ClusterQueue {
  readonly #client = new SlurmClient();
  readonly #pace = new QueryPace(0);
  readonly #endLooks = new Map<string, number>();
  #rows: ReadonlyMap<string, JobRow> | null = null;

  /** @param looksForEnd at Slurm, after which a task counts as ended that left no record: the file system may be slower */
  constructor(private readonly looksForEnd: number) {}

  /** Asks Slurm, unless it was asked a moment ago. False: nothing is new. */
  async look(submitted: readonly SubmittedTrial[]): Promise<boolean> {
    const names = [...new Set(submitted.flatMap(({ job }) => (job === null ? [] : [job])))];
    if (names.length === 0 || !this.#pace.isDue()) return false;
    const rows = await this.#client.rows([...new Set(names.map((name) => name.split('_')[0]!))]);
    this.#pace.asked();
    if (rows === null) return false;
    this.#rows = rows;
    for (const name of names) {
      const hasEnded = !this.#isThere(name);
      this.#endLooks.set(name, hasEnded ? (this.#endLooks.get(name) ?? 0) + 1 : 0);
      if (hasEnded) this.#pace.quicken();
    }
    return true;
  }

  /** Those that have not ended, as far as is known, with the reasons of those that wait for good. */
  narrow(submitted: readonly SubmittedTrial[]): SubmittedTrial[] {
    return submitted.flatMap((trial) => {
      const { job } = trial;
      if (job === null || this.#rows === null) return [trial];
      if ((this.#endLooks.get(job) ?? 0) >= this.looksForEnd) return [];
      const row = this.#rows.get(job);
      const isStuck = row?.state === 'PENDING' && isLasting(row.reason);
      return [{ ...trial, stuckBy: isStuck ? row.reason : null }];
    });
  }

  #isThere(name: string): boolean {
    const row = this.#rows!.get(name);
    return row !== undefined && endOf(row.state) === null;
  }
}
