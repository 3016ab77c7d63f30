import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Heartbeat, touch } from './heartbeat.js';
import { isLeftover } from './is-leftover.js';
import { identifySelf, processSpace, stateOf, type ProcessIdentity } from './process-identity.js';
import { removePath } from './remove-path.js';
import { renamePath } from './rename-path.js';

const staleAfter = 60_000; // milliseconds without one, where the owner cannot be asked: another host or container

/** Who holds a lock. */
export interface LockOwner extends ProcessIdentity {
  /** Of this one taking of the lock. */
  readonly token: string;
  /** Name of the file beside the lock that shows its owner's life; absent: the lock itself does. */
  readonly beat?: string;
}

/** A lock that this process holds: a folder, with its owner in it. */
export class ProcessLock {
  /** Null: it has one together with others. */
  readonly #beat: Heartbeat | null;

  /** @param tookOver it was another's, of which something is left */
  constructor(
    readonly path: string,
    private readonly owner: LockOwner,
    private readonly tookOver: boolean,
  ) {
    this.#beat = owner.beat === undefined ? new Heartbeat(path) : null;
  }

  /** False where another host took it over, because this one was silent for too long. */
  async isHeld(): Promise<boolean> {
    return (await readOwner(this.path))?.token === this.owner.token;
  }

  async release(): Promise<void> {
    this.#beat?.stop();
    if (await this.isHeld()) await moveAway(this.path, `${this.path}.${randomUUID()}`);
    // Of thousands of locks, none looks through the folder of all of them.
    if (this.#beat || this.tookOver) await removeLeftovers(this.path);
  }
}

/** A lock as it is, seen by somebody who does not want it. */
export interface SeenLock {
  readonly owner: LockOwner;
  /** The owner's process runs; where that cannot be told, it has shown life within the last minute of this host's clock. */
  readonly isAlive: boolean;
  /** The owner is on this host, so that its process was asked. */
  readonly isHere: boolean;
}

/** Who holds a lock; null where nobody does. Takes nothing and writes nothing. */
export async function lookAtLock(path: string): Promise<SeenLock | null> {
  const owner = await readOwner(path);
  if (owner === null) return null;
  const isHere = owner.processSpace === processSpace;
  const state = isHere ? await stateOf(owner) : 'unknown';
  if (state !== 'unknown') return { owner, isAlive: state === 'running', isHere };
  const shown = await lastSign(path, owner);
  return shown === null ? null : { owner, isAlive: Date.now() - shown < staleAfter, isHere };
}

/**
 * Takes locks between processes that may run on several hosts. Only making, renaming and reading files is asked of the
 * file system, so it holds where its own locks do not (NFS). The lock of a process that is gone is taken over: at once
 * where the process can be asked, else when its sign of life has not changed for a minute of this process' own clock,
 * whatever the clocks of the hosts say.
 */
export class ProcessLocks {
  readonly #seen = new Map<string, { readonly mtimeMs: number; readonly since: number }>();

  /** @param beat shows life for all locks that are taken from now on; it lies beside them. Null: each shows its own */
  constructor(
    private readonly staleMilliseconds = staleAfter,
    private readonly beat: Heartbeat | null = null,
  ) {}

  /** The lock, or who has it. The folder above it must be there. */
  async tryLock(path: string): Promise<ProcessLock | LockOwner> {
    // Made whole under another name and renamed, so that a lock never exists without its owner.
    const self: LockOwner = {
      ...identifySelf(),
      token: randomUUID(),
      ...(this.beat && { beat: basename(this.beat.path) }),
    };
    const candidate = `${path}.${self.token}`;
    await mkdir(candidate);
    await writeFile(join(candidate, 'owner.json'), JSON.stringify(self));
    for (let [unexplained, tookOver] = [0, false]; ;) {
      await touch(candidate);
      let refusal: unknown;
      try {
        await renamePath(candidate, path);
        return new ProcessLock(path, self, tookOver);
      } catch (error) {
        refusal = error;
      }
      // That the lock is there says more than the error, which is EPERM over SFTP, and may be another one elsewhere.
      const owner = await readOwner(path);
      if (owner === null) {
        if (isRefusalOf(refusal, ...occupied) || ++unexplained < 5) continue; // released this moment
        await removePath(candidate);
        throw refusal;
      }
      if (!(await this.#isStale(path, owner))) {
        await removePath(candidate);
        return owner;
      }
      // Two processes may find the same lock stale. The second would move the first one's new lock away, were its
      // target not there already: a name of the stale lock alone, which stays until the lock is released.
      await moveAway(path, `${path}.stale-${owner.token}`, { keep: true });
      tookOver = true;
    }
  }

  async #isStale(path: string, owner: LockOwner): Promise<boolean> {
    const state = owner.processSpace === processSpace ? await stateOf(owner) : 'unknown';
    if (state !== 'unknown') return state === 'gone';
    const mtimeMs = await lastSign(path, owner);
    if (mtimeMs === null) return false;
    const seen = this.#seen.get(path);
    if (seen?.mtimeMs !== mtimeMs) {
      this.#seen.set(path, { mtimeMs, since: performance.now() });
      return this.staleMilliseconds <= 0;
    }
    return performance.now() - seen.since >= this.staleMilliseconds;
  }
}

/** When a lock's owner has shown life last, by the clock of the file system; null: there is no lock any more. */
async function lastSign(path: string, { beat }: LockOwner): Promise<number | null> {
  const shown = beat === undefined ? null : await stat(join(dirname(path), beat)).catch(() => null);
  const found = shown ?? (await stat(path).catch(() => null)); // its file is gone where the owner ended
  return found && found.mtimeMs;
}

/** How file systems refuse to rename a folder to the name of one that holds something. */
const occupied = ['ENOTEMPTY', 'EEXIST'];

function isRefusalOf(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException).code ?? '');
}

/** Renames at once, then deletes; of several processes that do it, one succeeds. */
async function moveAway(path: string, target: string, { keep = false } = {}): Promise<void> {
  try {
    await renamePath(path, target);
  } catch (error) {
    if (isRefusalOf(error, 'ENOENT', ...occupied) || existsSync(target) || !existsSync(path)) return;
    throw error;
  }
  if (!keep) await removePath(target);
}

/** Folders beside the lock that it, or a process killed in the act, left behind. */
async function removeLeftovers(path: string): Promise<void> {
  const prefix = `${basename(path)}.`;
  for (const entry of await readdir(dirname(path)).catch(() => [])) {
    if (!entry.startsWith(prefix)) continue;
    const leftover = join(dirname(path), entry);
    if (entry.startsWith(`${prefix}stale-`) || (await isAbandoned(leftover))) await removePath(leftover);
  }
}

/** Whether nobody is about to make a lock of the folder. Without an owner, or with one elsewhere, its age tells. */
async function isAbandoned(candidate: string): Promise<boolean> {
  const owner = await readOwner(candidate);
  const state = owner?.processSpace === processSpace ? await stateOf(owner) : 'unknown';
  return state === 'unknown' ? isLeftover(candidate) : state === 'gone';
}

/**
 * Null where there is no lock. A crash of the machine may leave a file without its content, or a folder without its file:
 * then the owner is one that cannot be asked, as if of another host.
 */
async function readOwner(lock: string): Promise<LockOwner | null> {
  for (let again = true; ; again = false) {
    const owner = parseOwner(await readFile(join(lock, 'owner.json'), 'utf8').catch(() => ''));
    if (owner !== null) return owner;
    const found = await stat(lock).catch(() => null);
    if (!found?.isDirectory()) return null;
    // Between the two, one lock may have been released and another taken.
    if (!again) return { pid: 0, processSpace: '', startTime: null, token: `damaged-${found.ino}` };
  }
}

function parseOwner(text: string): LockOwner | null {
  try {
    const {
      pid,
      processSpace,
      startTime = null,
      token = 'none',
      beat,
    } = JSON.parse(text) as Record<keyof LockOwner, unknown>;
    if (!Number.isSafeInteger(pid) || typeof processSpace !== 'string') return null;
    if (startTime !== null && typeof startTime !== 'string') return null;
    if (typeof token !== 'string' || !/^[\w-]{1,64}$/.test(token)) return null; // it becomes part of a path
    const isName = typeof beat === 'string' && /^[\w-]{1,64}$/.test(beat);
    return { pid: pid as number, processSpace, startTime, token, ...(isName && { beat }) };
  } catch {
    return null;
  }
}
