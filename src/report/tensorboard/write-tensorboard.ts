import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { OutcomeRecord } from '../../run/journal-record.js';
import { writeFileAtomically } from '../../system/write-file-atomically.js';
import type { Report } from '../analyse.js';
import { encodeEvent } from './encode-event.js';
import { eventPath, hparamsOf } from './event-path.js';
import { trialEvents } from './trial-events.js';

/**
 * Writes a file for each trial that has ended. A pure function of the report and the records, so that a file made again
 * is byte-identical; one that is so already is left alone.
 * @param records when the outcomes were recorded, by trial id
 * @throws the file system's errors
 */
export async function writeTensorboard(
  directory: string,
  { plan, results }: Pick<Report, 'plan' | 'results'>,
  records: ReadonlyMap<string, Pick<OutcomeRecord, 'at'>>,
): Promise<void> {
  for (const result of results) {
    const { trial } = result;
    const endedAt = Date.parse(records.get(trial.id)!.at) / 1000;
    const events = trialEvents(result, hparamsOf(plan, trial), endedAt);
    const content = Buffer.concat(events.map(encodeEvent));
    const path = eventPath(directory, plan, trial);
    const before = await readFile(path).catch(() => null);
    // Under another name first, without `tfevents`: TensorBoard reads whatever has that in its name.
    const temporary = join(dirname(path), `${randomUUID()}.tmp`);
    if (!before?.equals(content)) await writeFileAtomically(path, content, temporary);
  }
}
