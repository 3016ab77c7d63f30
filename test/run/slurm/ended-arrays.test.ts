import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { endedArrays } from '../../../src/run/slurm/ended-arrays.js';
import { Submissions } from '../../../src/run/slurm/submissions.js';
import { TaskFiles } from '../../../src/run/slurm/task-files.js';
import type { TrialOutcome } from '../../../src/trial/outcome.js';

const failed: TrialOutcome = { status: 'failed', failure: 'crash', cause: 'x', logFile: 'x.log' };
const completed = { status: 'completed', epochs: [] } as unknown as TrialOutcome;
let directory: string;
let submissions: Submissions;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'runner-arrays-'));
  submissions = new Submissions(directory);
  claimed = [];
});

/** An array of one task of two trials. */
async function submit(name: string): Promise<TaskFiles> {
  const folder = join(submissions.folder, name);
  await mkdir(folder, { recursive: true });
  await submissions.append(
    { type: 'intent', name, tasks: [['a', 'b']] },
    { type: 'submitted', name, job: '1' },
  );
  return new TaskFiles(folder);
}

let claimed: string[] = [];
const isClaimed = (id: string) => Promise.resolve(claimed.includes(id));
const ended = async () => (await endedArrays(directory, isClaimed)).map((folder) => basename(folder)).sort();

test('an array is over when each of its trials has a result, or is settled', async () => {
  const files = await submit('one');
  await submit('two');
  await submit('three');
  expect(await ended()).toEqual([]);
  await files.writeEnd('a', completed);
  expect(await ended()).toEqual([]);
  await files.writeEnd('b', completed);
  await submissions.append(
    { type: 'settled', name: 'two', trial: 'a' },
    { type: 'settled', name: 'two', trial: 'b' },
    { type: 'abandoned', name: 'three' },
  );
  expect(await ended()).toEqual(['one', 'three', 'two']);
});

test('a failure that nobody has seen is kept', async () => {
  const files = await submit('one');
  await files.writeEnd('a', completed);
  await files.writeEnd('b', failed);
  expect(await ended()).toEqual([]);
  await submissions.append({ type: 'settled', name: 'one', trial: 'b' });
  expect(await ended()).toEqual(['one']);
});

test('an array that a process follows is kept: it may still have to read how a trial ended', async () => {
  const files = await submit('one');
  await files.writeEnd('a', completed);
  await files.writeEnd('b', completed);
  claimed = ['b'];
  expect(await ended()).toEqual([]);
});

test('of an array without its folder nothing is expected, and its account stays readable', async () => {
  await submit('one');
  const { folder } = await submit('two');
  await rm(folder, { recursive: true });
  const read = new Submissions(directory);
  await read.refresh();
  expect(read.open().map(({ name }) => name)).toEqual(['one']);
  expect([...read.places().keys()]).toEqual(['a', 'b']);
  expect(await readdir(read.folder)).toEqual(['one', 'submissions.jsonl']);
});
