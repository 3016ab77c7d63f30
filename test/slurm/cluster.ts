/** A Slurm of two nodes on this machine, by start-cluster.sh. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const scriptOf = (name: string) => fileURLToPath(new URL(`${name}-cluster.sh`, import.meta.url));

/** Debian: `apt-get install slurmctld slurmd slurm-client munge`. */
export const hasSlurm = ['slurmctld', 'slurmd', 'munged', 'sbatch'].every(
  (command) => spawnSync('sh', ['-c', `PATH=$PATH:/usr/sbin command -v ${command}`]).status === 0,
);

export class Cluster {
  /** For processes that use it. */
  readonly env: Readonly<Record<string, string>>;

  private constructor(readonly folder: string) {
    this.env = { SLURM_CONF: join(folder, 'slurm.conf') };
  }

  /** @param settings variables of start-cluster.sh; each cluster at a time has its own BASE_PORT */
  static start(settings: Readonly<Record<string, string>>): Cluster {
    const cluster = new Cluster(mkdtempSync(join(tmpdir(), 'runner-slurm-')));
    try {
      cluster.#run(scriptOf('start'), [cluster.folder], settings);
    } catch (error) {
      cluster.stop();
      throw error;
    }
    return cluster;
  }

  stop(): void {
    this.#run(scriptOf('stop'), [this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What a command of Slurm prints. @throws Error where it fails */
  command(name: string, ...args: readonly string[]): string {
    return this.#run(name, args);
  }

  /** Lines of squeue. */
  queue(format: string): string[] {
    return this.command('squeue', '-h', '-r', '-o', format).split('\n').filter(Boolean);
  }

  /** Of one of its daemons: `controller`, `node1`, `node2`. */
  pid(name: string): number {
    return Number(readFileSync(join(this.folder, `${name}.pid`), 'utf8'));
  }

  #run(command: string, args: readonly string[], variables: Readonly<Record<string, string>> = {}): string {
    const path = `${process.env.PATH}:/usr/sbin`;
    const { status, stdout, stderr, error } = spawnSync(command, args, {
      env: { ...process.env, ...this.env, ...variables, PATH: path },
      encoding: 'utf8',
      timeout: 60_000,
    });
    if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr}`);
    return stdout;
  }
}

/** Processes whose command line holds a text. */
export function processesWith(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
      } catch {
        return false; // it is gone
      }
    })
    .map(Number);
}

/** Looks again and again until there is something. @throws Error after a minute */
export async function until<T>(look: () => T | undefined | false | null): Promise<T> {
  for (let waited = 0; waited < 60_000; waited += 50) {
    const found = look();
    if (found !== undefined && found !== false && found !== null) return found;
    await sleep(50);
  }
  throw new Error(`in vain: ${String(look)}`);
}
