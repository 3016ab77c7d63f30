import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { parseArguments } from '../../src/commands/arguments.js';
import { loadPlanAndFiles } from '../../src/commands/load-plan.js';
import { PageWriter } from '../../src/commands/page-writer.js';
import { openResults } from '../../src/commands/open-results.js';
import { writeCurrentResults } from '../../src/commands/write-current-results.js';
import { writeFolder } from '../spec/experiment-folder.js';

test('what another runner appends while the outputs are written is in the outputs at the end', async () => {
  const folder = writeFolder({ 'flip.yaml': 'name: flip\nparams: { weights: none }\nseeds: [1, 2]' });
  const file = join(folder, 'flip.yaml');
  const args = parseArguments(['report', file, '--results-dir', join(folder, 'results')]);
  const loaded = await loadPlanAndFiles(file, args);
  const { plan } = loaded;
  const results = openResults(plan, args);
  const page = new PageWriter(loaded, results.directory, args);
  const left = [...plan.trials];
  const read = results.read.bind(results);
  // Somebody else appends an outcome right after each reading, as long as there are trials.
  vi.spyOn(results, 'read').mockImplementation(async (...options) => {
    const known = await read(...options);
    const trial = left.shift();
    if (!trial) return known;
    const journal = await results.openJournal();
    const outcome = { status: 'failed', failure: 'crash', cause: 'by itself', logFile: 'a.log' } as const;
    const at = new Date().toISOString();
    await journal.append({ version: 2, type: 'outcome', at, experiment: 'flip', trial, outcome });
    await journal.close();
    return known;
  });
  const report = await writeCurrentResults(plan, file, results, await results.read(plan), 2, page);
  expect(report.results).toHaveLength(2);
  expect(await readFile(join(folder, 'results/flip/report.html'), 'utf8')).toContain('by itself');
  expect((await readFile(join(folder, 'results/flip/trials.csv'), 'utf8')).match(/by itself/g)).toHaveLength(
    2,
  );
});
