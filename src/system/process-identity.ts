/**
 * Which process an id means. It is asked of a lock's owner: its id may be another process' by now, since ids are given
 * again, and after a start of the machine in the same order.
 */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { runCommand } from './run-command.js';

export interface ProcessIdentity {
  readonly pid: number;
  /** Process ids mean something only on one host, since its start, and in one namespace of processes. */
  readonly processSpace: string;
  /** When the process started: on Linux in ticks since the host did, elsewhere in milliseconds since 1970. Null: unknown. */
  readonly startTime: string | null;
}

/** `unknown`: a process of this id runs, and the system does not say since when. */
export type ProcessState = 'running' | 'gone' | 'unknown';

/** Milliseconds by which two tellings of one start may differ: `ps` has whole seconds, and Node starts after its process. */
const tolerance = 3000;

const askAgainAfter = 5000; // milliseconds
const timeoutMs = 10_000;

/** How a process' start is told. */
export interface StartTimes {
  /** Of this process. */
  own(): string | null;
  /** Of another one; null where the system does not say. */
  of(pid: number): Promise<string | null>;
  areEqual(one: string, other: string): boolean;
}

/** Field 22 of /proc/PID/stat, counted behind the command's name, which may hold anything. */
const fromProc = (pid: number): string | null => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
};

const linux: StartTimes = {
  own: () => fromProc(process.pid),
  // eslint-disable-next-line @typescript-eslint/require-await -- the other systems' are commands
  of: async (pid) => fromProc(pid),
  areEqual: (one, other) => one === other,
};

/**
 * The clock when the system started a process, as a command tells it. Only who finds a lock taken has to ask; who waits
 * for it asks four times a second, and PowerShell takes longer than that.
 */
function byClock(ask: (pid: number) => Promise<number>): StartTimes {
  const told = new Map<number, { readonly at: number; readonly start: string | null }>();
  return {
    own: () => ownStart,
    of: async (pid) => {
      const last = told.get(pid);
      if (last && performance.now() - last.at < askAgainAfter) return last.start;
      const milliseconds = await ask(pid);
      const start = Number.isNaN(milliseconds) ? null : String(milliseconds);
      told.set(pid, { at: performance.now(), start });
      return start;
    },
    areEqual: (one, other) => Math.abs(Number(one) - Number(other)) <= tolerance,
  };
}

const ownStart = String(Math.round(Date.now() - 1000 * process.uptime()));

/** `Thu Nov 26 05:10:03 2026`, in the zone and language that it is asked in. macOS, the BSDs and Linux' procps have it. */
export const posix = byClock(async (pid) => {
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  const { code, stdout } = await runCommand('ps', ['-o', 'lstart=', '-p', String(pid)], { env, timeoutMs });
  return code === 0 ? Date.parse(`${stdout.trim()} UTC`) : NaN;
});

/** Windows has no other command for it since WMIC is gone. Of another user's process it says nothing. */
export const windows = byClock(async (pid) => {
  const script = `(Get-Process -Id ${pid}).StartTime.ToUniversalTime().ToString('o')`;
  const args = ['-NoProfile', '-NonInteractive', '-Command', script];
  const { code, stdout } = await runCommand('powershell.exe', args, { timeoutMs });
  return code === 0 ? Date.parse(stdout.trim()) : NaN;
});

const startTimesOf = (platform: NodeJS.Platform): StartTimes =>
  platform === 'linux' ? linux : platform === 'win32' ? windows : posix;

const startTimes = startTimesOf(process.platform);

/** Of this process. */
export function identifySelf(times: StartTimes = startTimes): ProcessIdentity {
  return { pid: process.pid, processSpace, startTime: times.own() };
}

/** What became of a process of this process space. */
export async function stateOf(
  { pid, startTime }: Pick<ProcessIdentity, 'pid' | 'startTime'>,
  times: StartTimes = startTimes,
): Promise<ProcessState> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return 'gone';
  }
  if (startTime === null) return 'unknown';
  const found = await times.of(pid);
  if (found === null) return 'unknown';
  return times.areEqual(startTime, found) ? 'running' : 'gone';
}

/** The host alone where there is no /proc: a start of the machine shows by the start of the process. */
export const processSpace = describeProcessSpace();

function describeProcessSpace(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${hostname()} ${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}
