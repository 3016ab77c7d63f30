import type { Report } from '../report/analyse.js';
import { reportToJson, type Exit } from '../report/report-to-json.js';
import { describeResults } from '../report/text/describe-results.js';
import type { Arguments } from './arguments.js';

/** The end of a command, on standard output: the leaderboard for people, or all of it for programs. */
export function printReport(
  report: Report,
  exit: Exit,
  directory: string | null,
  { json }: Pick<Arguments, 'json'>,
): void {
  const text = json
    ? JSON.stringify(reportToJson(report, exit, directory), null, 2)
    : describeResults(report, process.stdout.columns || Infinity);
  process.stdout.write(`${text}\n`);
}
