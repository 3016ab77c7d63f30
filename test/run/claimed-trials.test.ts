import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Trial } from '../../src/plan/plan.js';
import { readClaimed } from '../../src/run/claimed-trials.js';
import { ProgressWriter } from '../../src/run/trial-progress.js';
import { TrialStore } from '../../src/run/trial-store.js';
import { ProcessLock } from '../../src/system/process-lock.js';
import { contextOf, paramsOf } from '../params.js';

const trialOf = (digit: string): Trial => ({
  id: digit.repeat(64),
  cellIndex: 0,
  label: digit,
  seed: 2017,
  params: paramsOf({ epochs: 3 }),
  data: { validation: 'test' },
  context: contextOf(),
});
const [a, b, c] = ['a', 'b', 'c'].map(trialOf) as [Trial, Trial, Trial];
const trials = [c, b, a];
const progress = { epoch: 2, step: 1, stepsPerEpoch: 2, loss: 1, accuracy: 0.5, secondsLeft: 3 };
const lastEpoch = { epoch: 1, trainLoss: 1, trainAccuracy: 0.5, valLoss: 1.5, valAccuracy: 0.25, seconds: 2 };

const newStore = () => new TrialStore(mkdtempSync(join(tmpdir(), 'runner-claims-')));
const writerOf = (store: TrialStore) => new ProgressWriter('tiny', (id) => store.claimPath(id));
const everything = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => [
    name,
    statSync(join(folder, name)).mtimeMs,
  ]);

async function claim(store: TrialStore, trial: Trial): Promise<ProcessLock> {
  const taken = await store.claim(trial.id);
  if (!(taken instanceof ProcessLock)) throw new Error(`Expected the claim, got ${JSON.stringify(taken)}`);
  return taken;
}

test('nothing is claimed where there is no folder', async () => {
  expect(await readClaimed(newStore(), trials)).toEqual([]);
});

test('what runs, in the order asked for, with its progress; looking takes and writes nothing', async () => {
  const store = newStore();
  const writer = writerOf(store);
  const claims = [await claim(store, a), await claim(store, b)];
  writer.show({ type: 'started', trial: a, slot: 0 });
  const before = everything(store.directory);
  const claimed = await readClaimed(store, trials);
  expect(everything(store.directory)).toEqual(before);
  expect(claimed.map(({ trial }) => trial.label)).toEqual(['b', 'a']);
  for (const { claim } of claimed)
    expect(claim).toMatchObject({ isAlive: true, isHere: true, owner: { pid: process.pid } });
  expect(claimed[0]!.record).toBeNull();
  expect(claimed[1]!.record).toMatchObject({ experiment: 'tiny', retry: 0, progress: null, lastEpoch: null });
  for (const taken of claims) await taken.release();
  expect(readdirSync(store.claimsDirectory)).toEqual([]);
});

test('progress is written once a second at most, and what was passed over is in the next', async () => {
  const store = newStore();
  const writer = writerOf(store);
  const taken = await claim(store, a);
  writer.show({ type: 'started', trial: a, slot: 0 });
  writer.show({ type: 'epoch', trial: a, slot: 0, record: lastEpoch });
  writer.show({ type: 'progress', trial: a, slot: 0, progress: { ...progress, step: 0 } });
  expect((await readClaimed(store, [a]))[0]!.record).toMatchObject({ progress: null, lastEpoch: null });
  await sleep(1010);
  writer.show({ type: 'progress', trial: a, slot: 0, progress });
  expect((await readClaimed(store, [a]))[0]!.record).toMatchObject({ progress, lastEpoch });
  writer.show({ type: 'retried', trial: a, slot: 0, retry: 1, outcome: null as never });
  expect((await readClaimed(store, [a]))[0]!.record).toMatchObject({
    retry: 1,
    progress: null,
    lastEpoch: null,
  });
  await taken.release();
  writer.show({ type: 'progress', trial: a, slot: 0, progress }); // it is late: there is no claim any more
  expect(readdirSync(store.claimsDirectory)).toEqual([]);
});

test.each([
  '',
  '{"version":1,"exp',
  '{"version":2}',
  '[]',
  'null',
  '{"version":1,"experiment":"x","startedAt":"","at":"","retry":0,"progress":{"epoch":"1"},"lastEpoch":null}',
])('progress that reads %j is not known', async (text) => {
  const store = newStore();
  const taken = await claim(store, a);
  writeFileSync(join(store.claimPath(a.id), 'progress.json'), text);
  expect((await readClaimed(store, [a]))[0]).toMatchObject({ record: null, claim: { isAlive: true } });
  await taken.release();
});

test(
  'a process that is killed leaves its claim, which says how far it was',
  { timeout: 60_000 },
  async () => {
    const store = newStore();
    const script = `
    import { ProcessLocks } from ${JSON.stringify(fileURLToPath(new URL('../../src/system/process-lock.ts', import.meta.url)))};
    import { mkdirSync } from 'node:fs';
    mkdirSync(process.argv[1], { recursive: true });
    await new ProcessLocks().tryLock(process.argv[1] + '/' + process.argv[2]);
    console.log('taken');
    setInterval(() => {}, 1000);`;
    const args = ['--import', 'tsx', '--input-type=module', '-e', script, store.claimsDirectory, a.id];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    writerOf(store).show({ type: 'started', trial: a, slot: 0 });
    expect((await readClaimed(store, trials))[0]!.claim).toMatchObject({
      isAlive: true,
      owner: { pid: child.pid },
    });
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect((await readClaimed(store, trials))[0]).toMatchObject({
      claim: { isAlive: false, isHere: true, owner: { pid: child.pid } },
      record: { experiment: 'tiny' },
    });
  },
);

test('on another host, a claim lives that has shown life within the last minute', async () => {
  const store = newStore();
  const taken = await claim(store, a);
  const path = store.claimPath(a.id);
  const owner = { pid: 7, processSpace: 'elsewhere', startTime: null, token: 't' };
  writeFileSync(join(path, 'owner.json'), JSON.stringify(owner));
  expect((await readClaimed(store, [a]))[0]!.claim).toEqual({ owner, isAlive: true, isHere: false });
  const past = new Date(Date.now() - 61_000);
  utimesSync(path, past, past);
  expect((await readClaimed(store, [a]))[0]!.claim).toEqual({ owner, isAlive: false, isHere: false });
  await taken.release();
});
