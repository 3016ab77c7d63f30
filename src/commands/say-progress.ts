import type { Arguments } from './arguments.js';

const firstAfter = 1000; // milliseconds: what is done sooner is not worth a line
const interval = { terminal: 100, lines: 5000 }; // milliseconds between two signs

/** A line of progress on standard error that is written over on a terminal, and now and then added elsewhere. */
export function sayProgress(
  { quiet }: Pick<Arguments, 'quiet'>,
  describe: (done: number, total: number) => string,
): (done: number, total: number) => void {
  const startedAt = performance.now();
  const { stderr } = process;
  let last = -Infinity;
  return (done, total) => {
    const now = performance.now();
    const isEnd = done >= total && last > -Infinity;
    const pause = stderr.isTTY ? interval.terminal : interval.lines;
    if (quiet || now - startedAt < firstAfter || (!isEnd && now - last < pause)) return;
    last = now;
    const left =
      done > 0 && !isEnd
        ? `, about ${Math.ceil((((now - startedAt) / done) * (total - done)) / 1000)} s left`
        : '';
    const line = `${describe(done, total)}${left}`;
    if (stderr.isTTY) stderr.write(`\r\x1b[2K${line}${isEnd ? '\n' : ''}`);
    else stderr.write(`${line}\n`);
  };
}
