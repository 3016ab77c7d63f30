import { Listr } from 'listr2';
import { printable } from '../../diagnostics/code-frame.js';
import { totalsLine, trialLines, type RunningTrial } from './board-lines.js';
import { LiveRenderer, markWidth, type Line, type LineSource } from './live-renderer.js';
import type { Totals } from './totals.js';

/**
 * Draws a source's lines with listr2 until the function that it gives back is called, or the process ends.
 */
export function drawLive(source: LineSource): () => Promise<void> {
  let finish!: () => void;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const listr = new Listr<unknown, typeof LiveRenderer>([{ task: () => finished }], {
    renderer: LiveRenderer,
    rendererOptions: { source },
    registerSignalListeners: false,
  });
  const drawn = listr.run();
  return async () => {
    finish();
    await drawn;
  };
}

/** The bar of all trials, and of those that run as many as there is room for in so many rows. */
export function liveFrame(
  totals: Totals,
  running: readonly RunningTrial[],
  columns: number,
  rows: number,
): Line[] {
  const width = columns - markWidth;
  const lines: Line[] = [{ mark: 'running', text: totalsLine(totals, running, width) }];
  for (const [index, trial] of running.entries()) {
    const texts = trialLines(trial, width);
    const isLast = index === running.length - 1;
    if (lines.length + texts.length + (isLast ? 0 : 1) > rows) {
      lines.push({ mark: 'none', text: `${running.length - index} more running` });
      break;
    }
    lines.push(...texts.map((text): Line => ({ mark: 'none', text })));
  }
  return lines;
}

/** Names and causes may hold what moves the cursor. */
export const onOneLine = (text: string): string => printable(text.replace(/\s+/g, ' '));
