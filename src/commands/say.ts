import type { Arguments } from './arguments.js';

/** A line of conversation, on standard error. */
export function say({ quiet }: Pick<Arguments, 'quiet'>, line: string): void {
  if (!quiet) process.stderr.write(`${line}\n`);
}
