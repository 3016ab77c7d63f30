import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Heartbeat } from '../../src/system/heartbeat.js';
import { lookAtLock, ProcessLock, ProcessLocks } from '../../src/system/process-lock.js';

const contender = fileURLToPath(new URL('lock-contender.ts', import.meta.url));
let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runner-lock-'));
  path = join(folder, 'trial');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** `exit` is waited for from the start: it happens once. */
async function contend(
  log: string,
  times: number,
): Promise<{ child: ChildProcess; exit: Promise<unknown[]> }> {
  const child = spawn(process.execPath, ['--import', 'tsx', contender, path, log, String(times)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  await once(child.stdout, 'data');
  return { child, exit };
}

test('a lock is had by one at a time; its holder is reported; released, it leaves nothing behind', async () => {
  const locks = new ProcessLocks();
  const lock = await locks.tryLock(path);
  expect(lock).toBeInstanceOf(ProcessLock);
  expect(await locks.tryLock(path)).toMatchObject({ pid: process.pid });
  expect(await (lock as ProcessLock).isHeld()).toBe(true);
  await (lock as ProcessLock).release();
  expect(await (lock as ProcessLock).isHeld()).toBe(false);
  expect(await readdir(folder)).toEqual([]);
});

test('four processes started together never have it at once, even when some of them are killed', async () => {
  const log = join(folder, 'log');
  const children = await Promise.all([1, 2, 3, 4].map(() => contend(log, 40)));
  const killed = children.slice(0, 2);
  await sleep(150);
  for (const { child } of killed) {
    await sleep(50);
    child.kill('SIGKILL');
  }
  const codes = (await Promise.all(children.map(({ exit }) => exit))).map(([code]) => code);
  expect(codes.slice(2)).toEqual([0, 0]);
  const lines = (await readFile(log, 'utf8')).trimEnd().split('\n');
  const gone = new Set(killed.map(({ child }) => String(child.pid)));
  let owner: string | null = null;
  for (const line of lines) {
    const pid = line.split(' ')[0]!;
    if (line.endsWith('has it')) {
      // Only the killed may have had it until they ended.
      if (owner !== null) expect([...gone]).toContain(owner);
      owner = pid;
    } else {
      expect(pid).toBe(owner);
      owner = null;
    }
  }
  expect(lines.filter((line) => line.endsWith('has it')).length).toBeGreaterThanOrEqual(80);
});

test('the lock of another host is taken over when its sign of life stands still, whatever its clock says', async () => {
  await mkdir(path);
  const owner = { pid: 1, processSpace: 'another host', startTime: null, token: 'theirs' };
  await writeFile(join(path, 'owner.json'), JSON.stringify(owner));
  const beat = (hours: number) => {
    const time = new Date(Date.now() + hours * 3_600_000);
    return utimes(path, time, time);
  };
  const locks = new ProcessLocks(200);
  await beat(-5);
  expect(await locks.tryLock(path)).toMatchObject({ token: 'theirs' }); // old, but seen for the first time
  await sleep(250);
  await beat(5);
  expect(await locks.tryLock(path)).toMatchObject({ token: 'theirs' }); // it has moved
  await sleep(250);
  const lock = await locks.tryLock(path);
  expect(lock).toBeInstanceOf(ProcessLock);
  await (lock as ProcessLock).release();
  expect(await readdir(folder)).toEqual([]);
});

test('of what a process was making when it was killed, only what is old is removed', async () => {
  for (const name of ['trial.old', 'trial.new', 'trial2.old']) await mkdir(join(folder, name));
  const time = new Date(Date.now() - 2 * 3_600_000);
  for (const name of ['trial.old', 'trial2.old']) await utimes(join(folder, name), time, time);
  await ((await new ProcessLocks().tryLock(path)) as ProcessLock).release();
  expect((await readdir(folder)).sort()).toEqual(['trial.new', 'trial2.old']);
});

test('what is no lock, in the place of one, is reported, and nothing stays beside it', async () => {
  await writeFile(path, '');
  await expect(new ProcessLocks().tryLock(path)).rejects.toMatchObject({ code: 'ENOTDIR' });
  expect(await readdir(folder)).toEqual(['trial']);
});

test('who lost a lock knows it, and does not remove the new owner’s', async () => {
  const lock = (await new ProcessLocks().tryLock(path)) as ProcessLock;
  await writeFile(join(path, 'owner.json'), JSON.stringify({ pid: 1, processSpace: 'x', token: 'theirs' }));
  expect(await lock.isHeld()).toBe(false);
  await lock.release();
  expect(await readdir(folder)).toEqual(['trial']);
});

test('a lock whose owner cannot be read, as after a crash of the machine, is taken over', async () => {
  const forged = '{"pid":1,"processSpace":"here","startTime":null,"token":"../../a"}';
  for (const [name, content] of [
    ['owner.json', ''],
    ['owner.json', 'null'],
    ['owner.json', forged],
    ['half', ''],
  ] as const) {
    await mkdir(path);
    await writeFile(join(path, name), content);
    expect(await new ProcessLocks().tryLock(path)).toMatchObject({ pid: 0 }); // for a minute it may be another host's
    const lock = await new ProcessLocks(0).tryLock(path);
    expect(lock).toBeInstanceOf(ProcessLock);
    await (lock as ProcessLock).release();
    expect(await readdir(folder)).toEqual([]);
  }
});

describe('a sign of life that many locks share', () => {
  test('is one file, and only its time of change says whether the owner lives', async () => {
    const beat = await Heartbeat.inFile(join(folder, 'beat-1'));
    const locks = new ProcessLocks(undefined, beat);
    const [one, other] = [join(folder, 'one'), join(folder, 'other')];
    const held = [await locks.tryLock(one), await locks.tryLock(other)] as ProcessLock[];
    // As if of another host.
    for (const lock of [one, other]) {
      const owner = JSON.parse(await readFile(join(lock, 'owner.json'), 'utf8')) as object;
      await writeFile(join(lock, 'owner.json'), JSON.stringify({ ...owner, processSpace: 'another host' }));
      await utimes(lock, 1, 1); // the lock itself is old
      expect(await lookAtLock(lock)).toMatchObject({ isAlive: true, isHere: false });
    }
    await utimes(beat.path, 1, 1);
    for (const lock of [one, other]) expect(await lookAtLock(lock)).toMatchObject({ isAlive: false });
    for (const lock of held) await lock.release();
    await beat.remove();
    expect(await readdir(folder)).toEqual([]);
  });

  test('keeps others away while it goes on, and not when it stands still or is gone', async () => {
    const beat = join(folder, 'beat-1');
    await writeFile(beat, '');
    const owner = { pid: 1, processSpace: 'another host', startTime: null, token: 'theirs', beat: 'beat-1' };
    const theirs = async () => {
      await mkdir(path);
      await writeFile(join(path, 'owner.json'), JSON.stringify(owner));
    };
    await theirs();
    const locks = new ProcessLocks(200);
    for (let second = 1; second < 5; second++) {
      await utimes(beat, second, second);
      expect(await locks.tryLock(path)).toMatchObject({ token: 'theirs' });
      await sleep(100);
    }
    await sleep(250);
    const taken = await locks.tryLock(path);
    expect(taken).toBeInstanceOf(ProcessLock);
    await (taken as ProcessLock).release();
    await rm(beat);
    await theirs();
    await locks.tryLock(path);
    await sleep(250);
    const again = await locks.tryLock(path);
    expect(again).toBeInstanceOf(ProcessLock);
    await (again as ProcessLock).release();
    expect(await readdir(folder)).toEqual([]);
  });
});
