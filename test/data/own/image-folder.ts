import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { onTestFinished } from 'vitest';
import type { OwnEntry } from '../../../src/data/own/own-entry.js';

/** A PNG of one colour that follows from a number, with a bright stripe at a height that tells the class. */
export async function drawImage(number: number, label: number, width = 12, height = 12): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height * 3);
  for (let at = 0; at < pixels.length; at++) {
    const row = Math.floor(at / 3 / width);
    const isStripe = Math.floor((row * 3) / height) === label % 3;
    pixels[at] = isStripe ? 200 + ((number * 7 + at) % 50) : (number * 31 + at * 7) % 60;
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

/** Writes files into a folder of their own, gone after the test, which has a cache of its own too. */
export function writeImages(files: Readonly<Record<string, Buffer | string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'runner-images-'));
  const before = process.env['XDG_CACHE_HOME'];
  process.env['XDG_CACHE_HOME'] = join(folder, '.cache');
  onTestFinished(() => {
    if (before === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = before;
    rmSync(folder, { recursive: true, force: true });
  });
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** Some images of each class, as `class/number.png`. */
export async function drawClasses(
  counts: Readonly<Record<string, number>>,
  prefix = '',
): Promise<Record<string, Buffer>> {
  const files: Record<string, Buffer> = {};
  for (const [label, [name, count]] of Object.entries(counts).entries())
    for (let index = 0; index < count; index++)
      files[`${prefix}${name}/${index}.png`] = await drawImage(
        1000 * label + index + prefix.length * 100,
        label,
      );
  return files;
}

/** An entry of `datasets` for a folder, with defaults. */
export function entryOf(location: string, changes: Partial<OwnEntry> = {}): OwnEntry {
  return {
    name: 'flowers',
    kind: 'folder',
    path: location,
    location,
    layout: null,
    classes: null,
    channels: null,
    background: 255,
    skipsBadImages: false,
    order: 'content',
    files: { trainImages: 'images', trainLabels: 'labels', testImages: null, testLabels: null },
    firstLabel: 0,
    transpose: false,
    columns: { path: null, label: null, split: null, group: null },
    placeOf: () => ({ path: 'own.yaml', text: 'folder: flowers', start: 8, end: 15 }),
    ...changes,
  };
}
