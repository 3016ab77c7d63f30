import { appendFile, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { Trial } from '../../src/plan/plan.js';
import { JournalWriter, readJournal } from '../../src/run/journal.js';
import { encodeRecord, type OutcomeRecord } from '../../src/run/journal-record.js';
import type { TestRecord, TrialOutcome } from '../../src/trial/outcome.js';
import { contextOf, paramsOf } from '../params.js';

let path: string;
beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'runner-journal-')), 'results', 'journal.jsonl');
});

const failed: TrialOutcome = {
  status: 'failed',
  failure: 'crash',
  cause: 'its process ended with code 1',
  logFile: 'a.log',
};
const at = '2026-11-24T00:00:00.000Z';
const outcomeOf = (id: string, outcome: TrialOutcome = failed): OutcomeRecord => {
  const trial: Trial = {
    id,
    cellIndex: 0,
    label: id,
    seed: 2017,
    params: paramsOf(),
    data: { validation: 'test' },
    context: contextOf(),
  };
  return { version: 2, type: 'outcome', at, experiment: 'tiny', trial, outcome };
};

async function write(...ids: string[]): Promise<void> {
  const journal = await JournalWriter.open(path);
  await Promise.all(ids.map((id) => journal.append(outcomeOf(id))));
  await journal.close();
}

const ids = async () => [...(await readJournal(path)).outcomes.keys()];

test('a journal that is not there is empty', async () => {
  expect(await readJournal(path)).toEqual({
    records: new Map(),
    outcomes: new Map(),
    environment: null,
    looks: [],
    bytes: 0,
    warnings: [],
  });
});

test('reads back what was appended, also at once', async () => {
  const journal = await JournalWriter.open(path);
  await journal.append({ version: 2, type: 'environment', at, environment: { node: 'v20' } });
  await journal.close();
  await write('flip', 'mask', 'none');
  const { records, outcomes, environment, warnings } = await readJournal(path);
  expect([...outcomes.keys()]).toEqual(['flip', 'mask', 'none']);
  expect(records.get('flip')).toEqual(outcomeOf('flip'));
  expect(environment).toEqual({ node: 'v20' });
  expect(warnings).toEqual([]);
});

test('cut off anywhere, it keeps every whole line, reports the torn one, and the next writer goes on behind it', async () => {
  await write('flip', 'mask');
  const whole = await readFile(path);
  const second = whole.indexOf('\n') + 1;
  for (let length = second + 1; length < whole.length - 1; length += 7) {
    await writeFile(path, whole.subarray(0, length));
    const torn = await readJournal(path);
    expect([...torn.outcomes.keys()]).toEqual(['flip']);
    expect(torn.warnings).toEqual([
      `${path}:2: the last line is torn and was passed over`,
      `${path}: kept the outcomes of 1 trial`,
    ]);
    await write('none');
    expect(await readJournal(path)).toMatchObject({ warnings: [] });
    expect(await ids()).toEqual(['flip', 'none']);
  }
});

test('one changed byte anywhere costs one line at most, and is reported with its number', async () => {
  await write('flip', 'mask', 'none');
  const whole = await readFile(path);
  const second = whole.indexOf('\n') + 1;
  const third = whole.indexOf('\n', second) + 1;
  for (let place = second; place < third - 1; place += 5) {
    const damaged = Buffer.from(whole);
    damaged[place]! ^= 1;
    await writeFile(path, damaged);
    const { outcomes, warnings } = await readJournal(path);
    // A changed byte may become a newline: then there are two damaged lines.
    expect([...outcomes.keys()]).toEqual(['flip', 'none']);
    expect(warnings[0]).toBe(`${path}:2: the line is damaged and was passed over`);
    expect(warnings.at(-1)).toBe(`${path}: kept the outcomes of 2 trials`);
  }
});

test('a failure after numbers does not replace them; numbers replace a failure', async () => {
  const diverged: TrialOutcome = {
    status: 'diverged',
    epochs: [],
    parameters: 1,
    trainSeconds: 1,
    peakBytes: 1,
    engine: 'tensorflow-cpu',
    epoch: 1,
    step: 20,
  };
  const journal = await JournalWriter.open(path);
  for (const outcome of [failed, diverged, failed]) await journal.append(outcomeOf('flip', outcome));
  await journal.close();
  expect((await readJournal(path)).outcomes.get('flip')).toEqual(diverged);
});

test('reads version 1, which had no checksum, no context and no classes of failure', async () => {
  await mkdir(dirname(path));
  const trial = { ...outcomeOf('flip').trial, context: undefined }; // JSON leaves it out
  const lines = [
    { version: 1, type: 'environment', at, environment: { node: 'v20' } },
    {
      version: 1,
      type: 'outcome',
      at,
      trial,
      outcome: { status: 'failed', cause: 'slow', logFile: 'a.log', timedOut: true },
    },
    { version: 1, type: 'outcome', at, trial: { ...trial, id: 'mask' }, outcome: { status: 'completed' } },
  ];
  await writeFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  await appendFile(path, `${encodeRecord(outcomeOf('none'))}\n`);
  const { records, environment, warnings } = await readJournal(path);
  expect([...records.keys()]).toEqual(['flip', 'none']);
  expect(records.get('flip')).toMatchObject({
    trial: { context: null },
    outcome: { status: 'failed', failure: 'timeout', cause: 'slow' },
  });
  expect(environment).toEqual({ node: 'v20' });
  expect(warnings[0]).toBe(`${path}:3: the line is damaged and was passed over`); // without its numbers
});

const epoch = { epoch: 1, trainLoss: 0.5, trainAccuracy: 0.8, valLoss: 0.6, valAccuracy: 0.7, seconds: 1 };
const tested: TestRecord = {
  epoch: 1,
  testLoss: 0.25,
  testAccuracy: 0.3,
  images: 10,
  correct: Buffer.of(0b101, 0b10).toString('base64'),
  imagesSha256: 'ab'.repeat(32),
};
const completed: Extract<TrialOutcome, { status: 'completed' }> = {
  status: 'completed',
  epochs: [epoch, { ...epoch, epoch: 2 }],
  parameters: 1,
  trainSeconds: 1,
  peakBytes: 1,
  engine: 'tensorflow-cpu',
};

test('what the test images said is kept, and a trial of before has none', async () => {
  const writer = await JournalWriter.open(path);
  const withTests = { ...completed, tests: [tested, { ...tested, epoch: 2 }] };
  await writer.append(outcomeOf('before', completed));
  await writer.append(outcomeOf('now', withTests));
  await writer.close();
  const { outcomes, warnings } = await readJournal(path);
  expect([...outcomes]).toEqual([
    ['before', completed],
    ['now', withTests],
  ]);
  expect(warnings).toEqual([]);
});

test.each<[string, unknown]>([
  ['no list', tested],
  ['null', null],
  ['nothing of an epoch', [null]],
  ['an epoch that was not', [{ ...tested, epoch: 3 }]],
  ['an epoch twice', [tested, tested]],
  ['a loss that is no number', [{ ...tested, testLoss: '0.25' }]],
  ['no accuracy', [{ ...tested, testAccuracy: undefined }]],
  ['no images', [{ ...tested, images: 0, correct: '' }]],
  ['more images than bits', [{ ...tested, images: 17 }]],
  ['a bit behind the last', [{ ...tested, images: 9 }]],
  ['bits that are no base64', [{ ...tested, correct: 'BQI!' }]],
  ['no bits', [{ ...tested, correct: undefined }]],
  ['a hash that is none', [{ ...tested, imagesSha256: 'ab' }]],
])('tests that are %s make a line damaged', async (_title, tests) => {
  await mkdir(dirname(path));
  const record = outcomeOf('flip', { ...completed, tests } as TrialOutcome);
  await writeFile(path, `${encodeRecord(record)}\n`);
  const { outcomes, warnings } = await readJournal(path);
  expect([...outcomes.keys()]).toEqual([]);
  expect(warnings[0]).toBe(`${path}:1: the line is damaged and was passed over`);
});

test.each<[string, object]>([
  ['no groups', { fixed: null, shown: null }],
  ['a group of nothing', { fixed: null, shown: [null] }],
  ['seeds that are no numbers', { fixed: null, shown: [{ seeds: ['1'], comparisons: [] }] }],
  ['comparisons that are no texts', { fixed: null, shown: [{ seeds: [1], comparisons: [1] }] }],
  ['fixed seeds that are none', { fixed: 6, shown: [] }],
])('a look with %s is a damaged line', async (_title, fields) => {
  await mkdir(dirname(path));
  const good = {
    version: 2,
    type: 'look',
    at,
    fixed: [1],
    shown: [{ seeds: [1], comparisons: ['a'] }],
  } as const;
  await writeFile(path, `${encodeRecord(good)}\n${encodeRecord({ ...good, ...fields })}\n`);
  const { looks, warnings } = await readJournal(path);
  expect(looks).toMatchObject([good]);
  expect(warnings[0]).toBe(`${path}:2: the line is damaged and was passed over`);
});

test('a line whose checksum holds but whose fields do not is damaged', async () => {
  const whole = outcomeOf('flip');
  const measured = { epochs: [], parameters: 1, trainSeconds: 1, peakBytes: 1, engine: 'tensorflow-cpu' };
  const records: unknown[] = [
    null,
    {},
    { version: 2, type: 'outcome', at },
    { ...whole, trial: { ...whole.trial, id: 7 } },
    { ...whole, trial: { ...whole.trial, context: {} } },
    { ...whole, outcome: { status: 'done' } },
    { ...whole, outcome: { status: 'failed' } },
    { ...whole, outcome: { ...measured, status: 'completed' } }, // without epochs
    { ...whole, outcome: { ...measured, status: 'diverged', epochs: [{ epoch: 1 }], epoch: 2, step: 3 } },
    { version: 2, type: 'environment', at, environment: [] },
  ];
  await mkdir(dirname(path));
  const lines = [
    ...records.map((record) => encodeRecord((record ?? []) as OutcomeRecord)),
    encodeRecord(whole),
  ];
  await writeFile(path, lines.map((line) => `${line}\n`).join(''));
  const { outcomes, environment, warnings } = await readJournal(path);
  expect([...outcomes.keys()]).toEqual(['flip']);
  expect(environment).toBeNull();
  expect(warnings).toHaveLength(records.length + 1);
});

test('a journal of a newer version is refused, and not touched', async () => {
  await mkdir(dirname(path));
  await writeFile(path, '{"version":3,"type":"outcome"}\n');
  await expect(readJournal(path)).rejects.toMatchObject({
    problems: [{ reason: 'journal-newer', path, version: 3 }],
  });
});
