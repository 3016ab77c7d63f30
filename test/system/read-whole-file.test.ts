import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readWholeFile } from '../../src/system/read-whole-file.js';

describe('a whole file', () => {
  let directory: string;
  beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'whole-'))));
  afterAll(() => rmSync(directory, { recursive: true }));

  it.each([0, 1, 5_000_000])('of %i bytes is read as it is', async (bytes) => {
    const path = join(directory, 'file');
    const content = randomBytes(bytes);
    writeFileSync(path, content);
    expect(Buffer.compare(await readWholeFile(path), content)).toBe(0);
  });

  it('that is not there is an error with its code', async () => {
    await expect(readWholeFile(join(directory, 'nothing'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
