import type { Problem } from './problem.js';

/**
 * Ends a command because of what the user wrote or of what the machine lacks: expected, explained, without
 * a stack. Anything else that is thrown is an error of this program and is shown with its stack and cause.
 */
export class RunnerError extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map((problem) => problem.reason).join(', '));
    this.name = 'RunnerError';
  }
}
