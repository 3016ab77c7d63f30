import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';
import { promisify } from 'node:util';
import type { PlannedDataset } from '../plan/plan.js';
import type { ProvisionedEngine } from '../provision/provision-engine.js';
import { trainerVersion } from '../plan/trainer-version.js';
import { programVersion } from '../system/program-version.js';
import type { Environment } from './journal-record.js';

const packageRoot = new URL('../../', import.meta.url);

/**
 * What a reader needs to judge or repeat the numbers: versions, engine, devices, commit, hashes.
 * @param decoder versions of what decoded images; null where nothing had to
 */
export async function readEnvironment(
  engine: ProvisionedEngine,
  datasets: readonly PlannedDataset[],
  decoder: Readonly<Record<string, string>> | null,
): Promise<Environment> {
  const lockFile = await readFile(new URL('package-lock.json', packageRoot)).catch(() => null);
  return {
    runner: programVersion().version,
    trainerVersion,
    node: process.version,
    platform: `${process.platform}-${process.arch} ${release()}`,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    engine: `${engine.family}-${engine.build}`,
    engineReason: engine.why,
    tensorflow: engine.tensorflowVersion,
    devices: engine.devices,
    git: await readCommit(),
    lockFileSha256: lockFile && createHash('sha256').update(lockFile).digest('hex'),
    dataSha256: datasets.length === 1 ? datasets[0]!.sha256 : null,
    datasets: Object.fromEntries(datasets.map(({ name, sha256 }) => [name, sha256])),
    decoder,
  };
}

/** The working folder's commit; null outside a repository, without git, or where git takes longer than 10 s. */
async function readCommit(): Promise<{ commit: string; dirty: boolean } | null> {
  const git = async (...args: string[]) =>
    (await promisify(execFile)('git', args, { timeout: 10_000 })).stdout.trim();
  try {
    return { commit: await git('rev-parse', 'HEAD'), dirty: (await git('status', '--porcelain')) !== '' };
  } catch {
    return null;
  }
}
