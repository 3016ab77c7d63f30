import { positionsOf, renderCodeFrame, type Place } from './code-frame.js';
import { explainEnvironmentProblem, type EnvironmentProblem } from './environment-problem.js';
import { explainFileProblem, type FileProblem } from './file-problem.js';
import type { Explanation } from './wording.js';

/** Every way in which a command can end that is not an error of this program. */
export type Problem = FileProblem | EnvironmentProblem;

/** One problem as text: several lines, without a newline at the end. */
export function describeProblem(problem: Problem): string {
  const { title, label, notes } = explain(problem);
  const heading = `error[${problem.reason}]: ${title}`;
  const place = placeOf(problem);
  const rest = place
    ? renderCodeFrame(place, label, notes)
    : [label, ...notes].filter((line) => line !== '').map((line) => `  = ${line}`);
  return [heading, ...rest].join('\n');
}

/** The sentence behind `error[reason]: `. */
export const titleOf = (problem: Problem): string => explain(problem).title;

/** One problem for programs. Lines and columns are 1-based, columns in code points, the end exclusive. */
export interface ProblemJson {
  readonly reason: Problem['reason'];
  /** The file, as the text form shows it (`--set`, `<stdin>`); null where the problem is about none. */
  readonly path: string | null;
  /** Null where the problem has no place in a text. */
  readonly line: number | null;
  readonly column: number | null;
  readonly endLine: number | null;
  readonly endColumn: number | null;
  /** The sentence behind `error[reason]: `. */
  readonly message: string;
  /** What the text form says beside the carets and below. */
  readonly notes: readonly string[];
}

/** A problem as `--json` prints it. */
export function problemToJson(problem: Problem): ProblemJson {
  const { title, label, notes } = explain(problem);
  const place = placeOf(problem);
  const path = place?.path ?? ('path' in problem ? problem.path : null);
  const positions = place ? positionsOf(place) : noPositions;
  const all = [label, ...notes].filter((note) => note !== '');
  return { reason: problem.reason, path, ...positions, message: title, notes: all };
}

const noPositions = { line: null, column: null, endLine: null, endColumn: null } as const;

const explain = (problem: Problem): Explanation =>
  problem.kind === 'file' ? explainFileProblem(problem) : explainEnvironmentProblem(problem);

const placeOf = (problem: Problem): Place | null => ('place' in problem ? problem.place : null);
