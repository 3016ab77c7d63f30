import { parameters } from '../params/parameters.js';
import { analyse } from '../report/analyse.js';
import { tidyTable } from '../report/export/tidy-table.js';
import { toCsv } from '../report/formats/to-csv.js';
import { isStandardOutput } from '../system/descriptor-path.js';
import { fileIdentity } from '../system/file-identity.js';
import { UsageError, type Arguments } from './arguments.js';
import { loadPlanAndFiles } from './load-plan.js';
import { readResults } from './open-results.js';
import { requireOutcomes } from './require-outcomes.js';
import { saveNamedFile } from './save-named-file.js';
import { say } from './say.js';
import { count } from '../diagnostics/count.js';

/** Saves one table of all trials and epochs. Changes nothing in the results. */
export async function exportTable(args: Arguments): Promise<number> {
  const [file, out = '-'] = args.files as [string, string?];
  const format = args.format ?? (out.toLowerCase().endsWith('.parquet') ? 'parquet' : 'csv');
  if (format === 'parquet' && isStandardOutput(out))
    throw new UsageError(
      '--format parquet needs a file, such as `runner export experiment.yaml epochs.parquet`',
    );
  const { plan, files } = await loadPlanAndFiles(file, args);
  const { results, known } = await readResults(plan, file, args);
  requireOutcomes(plan, results, known);
  const table = tidyTable(analyse(plan, known.outcomes), isInteger);
  const content =
    format === 'csv'
      ? toCsv(table.columns, table.rows)
      : (await import('../report/export/to-parquet.js')).toParquet(table);
  if (isStandardOutput(out)) process.stdout.write(content);
  else {
    const journal = { path: results.journalPath, identity: await fileIdentity(results.journalPath) };
    await saveNamedFile(out, content, { read: [...files, journal] });
    say(args, `${count(table.rows.length, 'row')}: ${out}`);
  }
  return 0;
}

/** By their schemas; a part of the training images, which files may give as a share, is a number of them in trials. */
const integers = new Set([
  'trainSubset',
  'holdoutImages',
  ...parameters.flatMap(({ name, schema }) => {
    const { type, properties = {} } = schema as IntegerSchema;
    const inner = Object.entries(properties).filter(([, { type }]) => type === 'integer');
    return [...(type === 'integer' ? [name] : []), ...inner.map(([key]) => `${name}.${key}`)];
  }),
]);

interface IntegerSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, { readonly type?: string }>>;
}

export const isInteger = (path: string): boolean => integers.has(path);
