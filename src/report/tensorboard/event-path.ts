import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { folderNamed, forbiddenIn } from '../../system/file-names.js';
import type { AxisValue, Plan, Trial } from '../../plan/plan.js';

/** Of a name in a file system that takes 255 bytes. */
const longestName = 200;

/**
 * A trial's file: in a folder of its own, which is a run to TensorBoard: `NAME/CELL/seed=2017` in the user's folder. It
 * has always the same name, so that it is replaced and never doubled.
 */
export function eventPath(
  directory: string,
  { name }: Pick<Plan, 'name'>,
  { label, seed }: Trial,
  platform = process.platform,
): string {
  const cell = label.replace(/ ?seed=[^ ]*$/, '');
  const folders = [
    folderNamed(name, platform),
    ...(cell === '' ? [] : [toFileName(cell, platform)]),
    `seed=${seed}`,
  ];
  return join(directory, ...folders, 'events.out.tfevents.runner');
}

/** What tells the trial from the others. */
export const hparamsOf = (
  { cells }: Pick<Plan, 'cells'>,
  { cellIndex, seed }: Trial,
): Readonly<Record<string, AxisValue>> => ({ ...cells[cellIndex]!.axes, seed });

/** A label as a file's name; one that cannot be a name, or is too long, ends with its hash. */
function toFileName(label: string, platform: NodeJS.Platform): string {
  const name = label.replace(forbiddenIn(platform), '_');
  if (name === label && Buffer.byteLength(name) <= longestName) return name;
  const hash = createHash('sha256').update(label).digest('hex').slice(0, 8);
  return `${Buffer.from(name)
    .subarray(0, longestName)
    .toString()
    .replace(/\uFFFD+$/, '')}~${hash}`;
}
