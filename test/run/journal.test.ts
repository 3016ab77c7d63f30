import { appendFile, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { Trial } from '../../src/plan/trial.js';
import { JournalWriter, readJournal } from '../../src/run/journal.js';
import type { TrialOutcome } from '../../src/run/outcome.js';

let path: string;
beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'runner-journal-')), 'results', 'journal.jsonl');
});

const failed: TrialOutcome = { status: 'failed', cause: 'its process ended with code 1', logFile: 'a.log' };
const at = '2026-11-24T00:00:00.000Z';
const outcomeOf = (id: string) =>
  ({ version: 1, type: 'outcome', at, trial: { id } as Trial, outcome: failed }) as const;

test('a journal that is not there is empty', async () => {
  expect(await readJournal(path)).toEqual({ outcomes: new Map(), environment: null, warnings: [] });
});

test('reads back what was appended, also at once', async () => {
  const journal = await JournalWriter.open(path);
  await journal.append({ version: 1, type: 'environment', at, environment: { node: 'v20' } });
  await Promise.all(['flip', 'mask', 'none'].map((id) => journal.append(outcomeOf(id))));
  await journal.close();
  const { outcomes, environment, warnings } = await readJournal(path);
  expect([...outcomes.keys()]).toEqual(['flip', 'mask', 'none']);
  expect(outcomes.get('flip')).toEqual(failed);
  expect(environment).toEqual({ node: 'v20' });
  expect(warnings).toEqual([]);
});

test('passes over a torn last line and says so; the next writer cuts it off', async () => {
  const journal = await JournalWriter.open(path);
  await journal.append(outcomeOf('flip'));
  await journal.close();
  await appendFile(path, '{"version":1,"type":"outc');
  const torn = await readJournal(path);
  expect([...torn.outcomes.keys()]).toEqual(['flip']);
  expect(torn.warnings).toEqual([`${path}:2: the last line is torn and was passed over`]);

  const next = await JournalWriter.open(path);
  await next.append(outcomeOf('mask'));
  await next.close();
  expect([...(await readJournal(path)).outcomes.keys()]).toEqual(['flip', 'mask']);
  expect(await readFile(path, 'utf8')).not.toContain('"outc{');
});

test('damage in the middle costs that line and is reported with its number', async () => {
  const journal = await JournalWriter.open(path);
  await journal.append(outcomeOf('flip'));
  await appendFile(path, 'damaged\n');
  await journal.append(outcomeOf('mask'));
  await journal.close();
  const { outcomes, warnings } = await readJournal(path);
  expect([...outcomes.keys()]).toEqual(['flip', 'mask']);
  expect(warnings).toEqual([`${path}:2: the line is damaged and was passed over`]);
});
