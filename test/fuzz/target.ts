import { RunnerError } from '../../src/diagnostics/runner-error.js';
import { describeProblem } from '../../src/diagnostics/problem.js';

type Reader = (bytes: Buffer) => unknown;

/** A reader of bytes that someone else may have written. */
export interface Target {
  /** Inputs of the run in CI: about five seconds of them. */
  readonly runs: number;
  /** What its inputs are made of. */
  readonly words: readonly string[];
  /** For changes of the meaning rather than of the bytes. */
  readonly tree?: {
    readonly parse: (bytes: Buffer) => unknown;
    readonly print: (tree: unknown) => Buffer;
  };
  /** Makes checksums fit again, so that what lies behind them is reached too. */
  readonly seal?: (bytes: Buffer) => Buffer;
  /** Gives the reader, which may use the folder. It returns, or throws what `isDocumented` knows. */
  readonly open: (folder: string) => Reader | Promise<Reader>;
  readonly isDocumented: (error: unknown) => boolean;
}

/** Told in full, so that the telling is tried too. */
export function isRunnerError(error: unknown): boolean {
  return error instanceof RunnerError && error.problems.map(describeProblem).every((text) => text !== '');
}

/** An Error that someone threw to be read: not a TypeError, a RangeError or the like. */
export function isPlainError(error: unknown): boolean {
  return error instanceof Error && Object.getPrototypeOf(error) === Error.prototype && error.message !== '';
}

export const json: NonNullable<Target['tree']> = {
  parse: (bytes) => JSON.parse(bytes.toString()) as unknown,
  print: (tree) => Buffer.from(JSON.stringify(tree) ?? ''),
};
