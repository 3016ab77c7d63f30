import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseArguments } from '../../src/commands/arguments.js';
import { loadPlan, readResults } from '../../src/commands/load-plan.js';
import { writeCurrentResults } from '../../src/commands/write-current-results.js';
import { JournalWriter } from '../../src/run/journal.js';
import { writeFolder } from '../spec/experiment-folder.js';

test('what another runner appends while the outputs are written is in the outputs at the end', async () => {
  const folder = writeFolder({ 'flip.yaml': 'name: flip\nparams: { weights: none }\nseeds: [1, 2]' });
  const file = join(folder, 'flip.yaml');
  const args = parseArguments(['report', file, '--results-dir', join(folder, 'results')]);
  const plan = await loadPlan(file, args);
  const left = [...plan.trials];
  const read = async () => {
    const seen = await readResults(plan, args);
    const trial = left.shift();
    if (!trial) return seen;
    const journal = await JournalWriter.open(seen.journalPath);
    const outcome = { status: 'failed', failure: 'crash', cause: 'by itself', logFile: 'a.log' } as const;
    const at = new Date().toISOString();
    await journal.append({ version: 2, type: 'outcome', at, experiment: 'flip', trial, outcome });
    await journal.close();
    return seen;
  };
  const report = await writeCurrentResults(plan, await read(), read, 2);
  expect(report.results).toHaveLength(2);
  expect((await readFile(join(folder, 'results/flip/trials.csv'), 'utf8')).match(/by itself/g)).toHaveLength(
    2,
  );
});
