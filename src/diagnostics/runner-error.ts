import type { Problem } from './problem.js';

/**
 * Ends a command because of what the user wrote or of what the machine lacks: expected, explained, without
 * a stack. Anything else that is thrown is an error of this program and is shown with its stack and cause.
 */
export class RunnerError extends Error {
  /** `exitCode`: 2 where nothing has run, 1 where something has. */
  constructor(
    readonly problems: readonly Problem[],
    readonly exitCode: 1 | 2 = 2,
  ) {
    super(problems.map((problem) => problem.reason).join(', '));
    this.name = 'RunnerError';
  }
}
