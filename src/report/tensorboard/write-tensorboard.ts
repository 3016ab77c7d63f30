import type { OutcomeRecord } from '../../run/journal-record.js';
import { writeFileAtomically } from '../../system/write-file-atomically.js';
import type { Report } from '../analyse.js';
import { encodeEvent } from './encode-event.js';
import { eventPath, hparamsOf } from './event-path.js';
import { trialEvents } from './trial-events.js';

/**
 * Writes a file for each trial that has ended. A pure function of the report and the records, so that a file made again
 * is byte-identical.
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
    await writeFileAtomically(eventPath(directory, plan, trial), Buffer.concat(events.map(encodeEvent)));
  }
}
