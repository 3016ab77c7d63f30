import { runCommand, type CommandResult } from '../../system/run-command.js';

/** One task of a job array, as squeue has it. */
export interface JobRow {
  /** Such as `RUNNING`. */
  readonly state: string;
  /** Why it waits, such as `Priority`; of what has ended it says little. */
  readonly reason: string;
  /** Where it runs or ran; empty before. */
  readonly node: string;
}

/** `ARRAY_INDEX`. Never the job's own number: the last task to start has that of the array. */
export type TaskName = `${string}_${number}`;

export type Submission =
  | { readonly job: string }
  /** What sbatch said. The job may be there all the same. */
  | {
      readonly refusal: string;
      /** There is no sbatch. */
      readonly notFound: boolean;
      /** The controller has refused it: it does not come later. */
      readonly isFinal: boolean;
    };

const limit = { submit: 30_000, ask: 30_000, cancel: 30_000 }; // milliseconds
const namesAtOnce = 200; // tasks in one call of scancel

/** What a cluster is configured to allow. */
export interface SlurmLimits {
  /** Tasks in an array at most. */
  readonly maxArraySize: number;
  /** Seconds for which squeue knows what has ended. */
  readonly minJobAge: number;
}

/** The commands of Slurm. Each call is bounded in time, and a failure is a value. */
export class SlurmClient {
  readonly #env: NodeJS.ProcessEnv;
  #limits: SlurmLimits | undefined;
  /** How often Slurm was asked or told something. */
  calls = 0;

  constructor(environment: Readonly<NodeJS.ProcessEnv> = process.env) {
    this.#env = withoutSettings(environment);
  }

  /** Submits a script. @param args of sbatch, the script's path last */
  async submit(args: readonly string[]): Promise<Submission> {
    const { code, stdout, output, notFound } = await this.#run(
      'sbatch',
      ['--parsable', ...args],
      limit.submit,
    );
    const job = /^(\d+)(;\S+)?$/m.exec(stdout)?.[1]; // `ID;CLUSTER` where there are several clusters
    if (code === 0 && job !== undefined) return { job };
    const refusal = output.trim() || `sbatch ended with ${code}`;
    const isFinal = code !== null && !/timed out|socket|communication|unable to contact/i.test(output);
    return { refusal, notFound, isFinal };
  }

  /** The tasks of some arrays that Slurm still knows, by their names; null where it does not answer. */
  async rows(jobs: readonly string[]): Promise<ReadonlyMap<TaskName, JobRow> | null> {
    const result = await this.#ask(['-j', jobs.join(','), '-o', '%F_%K|%T|%r|%N']);
    return (
      result &&
      new Map(
        result.map((line) => {
          const [name, state = '', reason = '', node = ''] = line.split('|');
          return [name as TaskName, { state, reason, node }];
        }),
      )
    );
  }

  /** The arrays with a name that Slurm still knows; null where it does not answer. */
  async jobsNamed(name: string): Promise<readonly string[] | null> {
    const result = await this.#ask(['--name', name, '-o', '%F']);
    return result && [...new Set(result)];
  }

  /**
   * States of tasks that squeue does not know any more, from the accounting. It is optional: where it does not answer, or
   * not yet, nothing is known. A row under the bare number of an array is one task's for some seconds, so it is passed over.
   */
  async history(jobs: readonly string[]): Promise<ReadonlyMap<TaskName, string>> {
    const args = ['-X', '-P', '-n', '-j', jobs.join(','), '-o', 'JobID,State'];
    const { code, stdout } = await this.#run('sacct', args, limit.ask);
    const rows = code === 0 ? stdout.split('\n').map((line) => line.split('|')) : [];
    return new Map(
      rows.flatMap(([id, state = '']) => (/^\d+_\d+$/.test(id!) ? [[id as TaskName, state]] : [])),
    );
  }

  /** Ends tasks, waiting or running. False where Slurm does not answer; that one is gone already is no failure. */
  cancel(names: readonly string[]): Promise<boolean> {
    return this.#cancel([], names);
  }

  /** The same of those that wait; what runs goes on. */
  cancelWaiting(names: readonly string[]): Promise<boolean> {
    return this.#cancel(['--state=PENDING'], names);
  }

  async #cancel(options: readonly string[], names: readonly string[]): Promise<boolean> {
    let done = true;
    for (let at = 0; at < names.length; at += namesAtOnce) {
      const some = names.slice(at, at + namesAtOnce);
      const { code } = await this.#run('scancel', [...options, ...some], limit.cancel);
      done &&= code === 0;
    }
    return done;
  }

  /** Asked once; Slurm's own defaults where it does not answer. */
  async limits(): Promise<SlurmLimits> {
    if (this.#limits) return this.#limits;
    const { code, stdout } = await this.#run('scontrol', ['show', 'config'], limit.ask);
    const read = (name: string, otherwise: number) =>
      Number(new RegExp(`^${name}\\s*=\\s*(\\d+)`, 'm').exec(stdout)?.[1] ?? otherwise);
    const limits = { maxArraySize: read('MaxArraySize', 1001), minJobAge: read('MinJobAge', 300) };
    if (code === 0) this.#limits = limits;
    return limits;
  }

  async #ask(args: readonly string[]): Promise<readonly string[] | null> {
    const result = await this.#run('squeue', ['-h', '-r', '-t', 'all', ...args], limit.ask);
    if (result.code === 0) return result.stdout.split('\n').filter((line) => line !== '');
    // What squeue says where it has forgotten all of them.
    return /Invalid job id specified/i.test(result.output) ? [] : null;
  }

  #run(command: string, args: readonly string[], timeoutMs: number): Promise<CommandResult> {
    this.calls++;
    return runCommand(command, args, { env: this.#env, timeoutMs });
  }
}

/** Without what changes the commands' behaviour: this program may run within a job itself, or by a user with a format of his own. */
function withoutSettings(environment: Readonly<NodeJS.ProcessEnv>): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) =>
        !/^(SLURM|SBATCH|SQUEUE|SACCT|SCANCEL|SCONTROL)_/.test(name) ||
        name === 'SLURM_CONF' ||
        name === 'SLURM_CLUSTERS',
    ),
  );
}
