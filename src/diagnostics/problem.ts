import { describeEnvironmentProblem, type EnvironmentProblem } from './environment-problem.js';
import { describeFileProblem, type FileProblem } from './file-problem.js';

/** Every way in which a command can end that is not an error of this program. */
export type Problem = FileProblem | EnvironmentProblem;

/** One problem as text: several lines, without a newline at the end. */
export function describeProblem(problem: Problem): string {
  return problem.kind === 'file' ? describeFileProblem(problem) : describeEnvironmentProblem(problem);
}
