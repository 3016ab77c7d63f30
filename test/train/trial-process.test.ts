/** The process itself, as the runner starts it, with the real data. */
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { defaultDataset } from '../../src/data/datasets.js';
import type { Trial, TrialParams } from '../../src/plan/plan.js';
import {
  encode,
  MessageReader,
  saveSoon,
  type TrialMessage,
  type TrialRequest,
} from '../../src/trial/trial-protocol.js';
import { paramsOf } from '../params.js';

const trialProcess = fileURLToPath(new URL('../../dist/train/trial-process.js', import.meta.url));

let dataDirectory: string;
let folder: string;
let path: string;
beforeAll(async () => void (dataDirectory = (await defaultDataset.find({ onProgress: () => {} })).directory));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runner-process-'));
  path = join(folder, 'a1b2.checkpoint');
});
afterEach(() => rm(folder, { recursive: true }));

const trialOf = (params: Partial<TrialParams> = {}): Trial => ({
  id: 'a1b2',
  cellIndex: 0,
  label: '',
  seed: 2017,
  params: { ...paramsOf(), trainSubset: 192, epochs: 3, ...params },
  data: { validation: { holdout: 300 } },
  context: { trainerVersion: 3, dataSha256: '', weightsSha256: null, engineFamily: 'tensorflow' },
});

const requestOf = (changes: Partial<TrialRequest> = {}): TrialRequest => ({
  trial: trialOf(),
  dataset: defaultDataset.name,
  dataDirectory,
  weightsPath: null,
  engine: 'tensorflow-cpu',
  checkpoint: null,
  ...changes,
});

/** What TensorFlow says while it loads, on processors where it takes oneDNN; no variable silences it. */
const chatter = /^(?:WARNING: All log messages before absl::|[IW]\d{4} ).*\n/gm;

/** Ends with the process; `onMessage` may kill it. */
async function runProcess(
  request: TrialRequest,
  onMessage: (message: TrialMessage, kill: () => void, askToSave: () => void) => void,
) {
  const child = fork(trialProcess, [], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
    execArgv: [],
  });
  const messages: TrialMessage[] = [];
  let log = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => void (log += text));
  child.on('message', (message: TrialMessage) => {
    messages.push(message);
    onMessage(
      message,
      () => void child.kill('SIGKILL'),
      () => void child.send(saveSoon),
    );
  });
  child.send(request);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, log: log.replace(chatter, ''), messages };
}

const epochsOf = (messages: readonly TrialMessage[]) =>
  messages.flatMap((message) => (message.type === 'epoch' ? [message.record.epoch] : []));

function lossesOf(messages: readonly TrialMessage[]): number[] {
  const last = messages.at(-1);
  if (last?.type !== 'outcome' || last.outcome.status !== 'completed') return expect.unreachable();
  return last.outcome.epochs.flatMap(({ trainLoss, valLoss }) => [trainLoss, valLoss]);
}

test('a process that is killed is taken up by the next, to the same end as one that never was', async () => {
  const trial = trialOf({ epochs: 8 });
  const undisturbed = await runProcess(requestOf({ trial }), () => {});
  expect(undisturbed).toMatchObject({ code: 0, log: '' });
  const request = requestOf({ trial, checkpoint: { path, everyEpochs: 1 } });
  const killed = await runProcess(request, (message, kill) => {
    if (message.type === 'epoch' && message.record.epoch === 2) kill(); // the first epoch's checkpoint is there
  });
  expect(killed.signal).toBe('SIGKILL');
  const next = await runProcess(request, () => {});
  expect(next.log).toMatch(/^Training continues after epoch [1-7], from .*\n$/);
  const trained = epochsOf(next.messages);
  expect(trained).toEqual([2, 3, 4, 5, 6, 7, 8].slice(-trained.length));
  expect(lossesOf(next.messages)).toEqual(lossesOf(undisturbed.messages));
  expect((await stat(path)).isFile()).toBe(true); // whoever keeps the outcome deletes it
});

test('asked for a checkpoint it keeps one at the end of the epoch, and the next process goes on from it', async () => {
  const trial = trialOf({ epochs: 8 });
  const request = requestOf({ trial, checkpoint: { path, everyEpochs: 1000 } });
  const never = await runProcess(request, () => {});
  await expect(stat(path)).rejects.toThrow('ENOENT');
  const killed = await runProcess(request, (message, kill, askToSave) => {
    if (message.type !== 'epoch') return;
    if (message.record.epoch === 1) askToSave();
    if (existsSync(path)) kill();
  });
  expect(killed.signal).toBe('SIGKILL');
  const next = await runProcess(request, () => {});
  expect(next.log).toMatch(/^Training continues after epoch [2-7], from .*\n$/);
  expect(lossesOf(next.messages)).toEqual(lossesOf(never.messages));
});

test('started with files instead of a parent, it gives the same outcome', async () => {
  const request = requestOf({ checkpoint: { path, everyEpochs: 1 } });
  const files = ['request.json', 'messages.jsonl'].map((name) => join(folder, name)) as [string, string];
  await writeFile(files[0], encode(request));
  await writeFile(files[1], 'of an earlier start');
  const args = [trialProcess, '--request', files[0], '--messages', files[1]];
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
  expect(status).toBe(0);
  await rm(path, { force: true });
  const byFiles = new MessageReader().read(await readFile(files[1]));
  const byIpc = await runProcess(request, () => {});
  expect(epochsOf(byFiles)).toEqual([1, 2, 3]);
  expect(lossesOf(byFiles)).toEqual(lossesOf(byIpc.messages));
  expect(byFiles[0]).toEqual({ type: 'alive' });

  const refused = requestOf({ trial: trialOf({ resolution: -1 }) });
  await writeFile(files[0], encode(refused));
  expect(spawnSync(process.execPath, args, { stdio: 'ignore' }).status).toBe(1);
  expect(new MessageReader().read(await readFile(files[1])).at(-1)).toEqual(
    (await runProcess(refused, () => {})).messages.at(-1),
  );
});

test('started with neither files nor a parent, it says what it expects', () => {
  const { status, stderr } = spawnSync(process.execPath, [trialProcess], { encoding: 'utf8' });
  expect(status).not.toBe(0);
  expect(stderr).toContain('Expected --request FILE and --messages FILE, or to be started by runner');
});

test('a checkpoint that cannot be written costs a line, not the trial', async () => {
  const checkpoint = { path: join(trialProcess, 'a1b2.checkpoint'), everyEpochs: 1 }; // a file, no folder
  const { code, log, messages } = await runProcess(requestOf({ checkpoint }), () => {});
  expect(code).toBe(0);
  expect(lossesOf(messages)).toHaveLength(6);
  expect(log.match(/^No checkpoint after epoch [12]: .*$/gm)).toHaveLength(2);
});

test('says that it is alive while it has no progress to tell', async () => {
  const { messages } = await runProcess(requestOf(), () => {});
  expect(messages[0]).toEqual({ type: 'alive' }); // the data is read
});

test.each<[string, () => Promise<Partial<TrialRequest>>, object, RegExp]>([
  [
    'memory that does not suffice',
    () => Promise.resolve({ trial: trialOf({ resolution: 200_000 }) }),
    {
      failure: 'outOfMemory',
      message: expect.stringMatching(/^memory ran out: OOM when allocating/) as string,
    },
    /OOM when allocating/,
  ],
  [
    'data that is damaged',
    async () => {
      for (const name of await readdir(dataDirectory))
        await copyFile(join(dataDirectory, name), join(folder, name));
      for (const name of await readdir(folder)) await truncate(join(folder, name), 100);
      return { dataDirectory: folder };
    },
    {
      failure: 'configuration',
      message: expect.stringMatching(/^`.*` is not a file of Fashion-MNIST$/) as string,
    },
    /^error\[data-corrupt\]/,
  ],
  [
    'an operation that the engine refuses',
    () =>
      Promise.resolve({
        trial: trialOf({ augmentation: [{ name: 'randomCrop', padding: -0.25, fill: 0 }] }),
      }),
    { failure: 'engine', message: expect.stringMatching(/^the engine refused: /) as string },
    /TF_Status/,
  ],
])('%s is reported before the process ends', async (_title, changes, failure, log) => {
  const result = await runProcess(requestOf(await changes()), () => {});
  expect(result.code).toBe(1);
  expect(result.messages.at(-1)).toEqual({ type: 'failure', ...failure });
  expect(result.log).toMatch(log);
});

test('an error of this program ends it without a word of a failure, and with a stack', async () => {
  const trial = { ...trialOf(), params: undefined as unknown as TrialParams };
  const { code, log, messages } = await runProcess(requestOf({ trial }), () => {});
  expect(code).toBe(1);
  expect(messages.filter(({ type }) => type === 'failure')).toEqual([]);
  expect(log).toMatch(/^TypeError: [^]*\n {4}at /);
});
