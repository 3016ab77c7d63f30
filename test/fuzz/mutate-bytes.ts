import type { Draws } from './draws.js';

const maximumBytes = 1_000_000;

/** Where lengths overflow, signs turn and signed shifts go wrong. */
const numbers = [
  0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff,
];
const texts = ['0', '-1', '1e308', '-1e-320', '1e15', '4294967296', '9007199254740993', '00', '0x7f', '.inf'];

/** An input made of another by up to eight changes: flips, cuts, copies, words, numbers, parts of other seeds. */
export function mutateBytes(
  bytes: Buffer,
  seeds: readonly Buffer[],
  words: readonly string[],
  draws: Draws,
): Buffer {
  let changed: Buffer = Buffer.from(bytes); // a copy: seeds stay as they are
  for (let changes = 1 + draws.below(8); changes > 0; changes--)
    changed = mutateOnce(changed, seeds, words, draws);
  return changed.subarray(0, maximumBytes);
}

function mutateOnce(bytes: Buffer, seeds: readonly Buffer[], words: readonly string[], draws: Draws): Buffer {
  const [start, end] = chunkOf(bytes, draws);
  const chunk = bytes.subarray(start, end);
  const replaceBy = (...parts: Buffer[]) =>
    Buffer.concat([bytes.subarray(0, start), ...parts, bytes.subarray(end)]);
  switch (draws.below(13)) {
    case 0:
      if (bytes.length > 0) bytes[draws.below(bytes.length)]! ^= 1 << draws.below(8);
      return bytes;
    case 1:
      if (bytes.length > 0) bytes[draws.below(bytes.length)] = draws.below(256);
      return bytes;
    case 2:
      return replaceBy();
    case 3:
      return replaceBy(chunk, chunk);
    case 4: // rarely up to the largest size, for what is quadratic
      return replaceBy(Buffer.alloc(chunk.length * repeats(chunk.length, draws), chunk));
    case 5:
      return bytes.subarray(0, start);
    case 6:
      return replaceBy(Buffer.from(draws.pick(words)));
    case 7:
      return replaceBy(chunk, Buffer.from(draws.pick(words)));
    case 8: {
      const other = draws.pick(seeds);
      return replaceBy(other.subarray(...chunkOf(other, draws)));
    }
    case 9:
      return overwriteNumber(bytes, start, draws);
    case 10:
      return replaceNumber(bytes, start, draws);
    case 11:
      return moveLine(bytes, draws);
    default:
      return replaceBy(Buffer.from(Array.from(chunk.subarray(0, 16), () => draws.below(256))));
  }
}

/** Mostly short, at times anything. */
function chunkOf(bytes: Buffer, draws: Draws): [start: number, end: number] {
  const start = draws.below(bytes.length + 1);
  const longest = draws.oneIn(8) ? bytes.length : draws.pick([1, 2, 4, 16, 64]);
  return [start, Math.min(bytes.length, start + draws.below(longest + 1))];
}

function repeats(length: number, draws: Draws): number {
  const most = Math.floor((draws.oneIn(200) ? maximumBytes : 4096) / Math.max(1, length));
  return 1 + draws.below(Math.max(1, most));
}

function overwriteNumber(bytes: Buffer, start: number, draws: Draws): Buffer {
  const width = draws.pick([1, 2, 4]);
  if (start + width > bytes.length) return bytes;
  const value = draws.oneIn(4) ? bytes.length : draws.pick(numbers);
  const fitting = value % 2 ** (8 * width);
  if (draws.oneIn(2)) bytes.writeUIntLE(fitting, start, width);
  else bytes.writeUIntBE(fitting, start, width);
  return bytes;
}

/** The next number of a text. */
function replaceNumber(bytes: Buffer, start: number, draws: Draws): Buffer {
  const [match] = bytes.toString('latin1', start, start + 1000).matchAll(/-?\d[\d.e+-]*/g);
  if (!match) return bytes;
  const at = start + match.index;
  const number = draws.oneIn(2) ? draws.pick(texts) : String(draws.below(200) - 20);
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(number), bytes.subarray(at + match[0].length)]);
}

function moveLine(bytes: Buffer, draws: Draws): Buffer {
  const lines = bytes.toString('latin1').split('\n');
  const [line] = lines.splice(draws.below(lines.length), draws.oneIn(2) ? 1 : 0);
  const moved = line ?? draws.pick(lines);
  const indented = draws.oneIn(2) ? moved : `${' '.repeat(draws.below(8))}${moved.trimStart()}`;
  lines.splice(draws.below(lines.length + 1), 0, indented);
  return Buffer.from(lines.join('\n'), 'latin1');
}
