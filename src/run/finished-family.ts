import { open } from 'node:fs/promises';
import type { EngineFamily } from '../provision/choose-family.js';
import { decodeRecord, isFinished } from './journal-record.js';

const marks: Readonly<Record<EngineFamily, string>> = {
  tensorflow: '"engineFamily":"tensorflow"',
  wasm: '"engineFamily":"wasm"',
};
const blockBytes = 1 << 20;

/**
 * The family of engines of the trial that was finished last, of an experiment's journal; null without one. Looks from its
 * end, no further than it must.
 */
export async function finishedFamily(journalPath: string): Promise<EngineFamily | null> {
  const file = await open(journalPath).catch(() => null); // none yet; who needs it says why it cannot be read
  if (file === null) return null;
  try {
    const stats = await file.stat();
    if (!stats.isFile()) return null;
    let rest = Buffer.alloc(0); // the beginning of a line whose first part was not read yet
    for (let end = stats.size; end > 0;) {
      const start = Math.max(0, end - blockBytes);
      const block = Buffer.alloc(end - start);
      await file.read(block, 0, block.length, start);
      const text = Buffer.concat([block, rest]);
      const first = start === 0 ? 0 : text.indexOf('\n') + 1;
      const lines = start > 0 && first === 0 ? [] : text.toString('utf8', first).split('\n');
      for (const line of lines.reverse()) {
        const family = familyOf(line, journalPath);
        if (family !== null) return family;
      }
      rest = start > 0 && first === 0 ? text : text.subarray(0, first);
      end = start;
    }
    return null;
  } finally {
    await file.close();
  }
}

function familyOf(line: string, path: string): EngineFamily | null {
  const family = line.includes(marks.wasm) ? 'wasm' : line.includes(marks.tensorflow) ? 'tensorflow' : null;
  if (family === null) return null;
  const record = decodeRecord(line, path);
  return record?.type === 'outcome' && isFinished(record.outcome) ? family : null;
}
