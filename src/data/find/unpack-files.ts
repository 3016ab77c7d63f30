import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { renamePath } from '../../system/rename-path.js';

/**
 * Puts what gzipped files hold in their place. Every trial reads the data: plain files of 55 MB take it 0.3 s less than
 * gzipped ones. The content was checked before: of a plain file where there is one.
 */
export async function unpackFiles(directory: string, fileNames: readonly string[]): Promise<void> {
  for (const name of fileNames) {
    const plain = join(directory, name);
    const packed = `${plain}.gz`;
    if (!existsSync(packed)) continue;
    if (!existsSync(plain)) {
      await pipeline(createReadStream(packed), createGunzip(), createWriteStream(`${plain}.tmp`));
      await renamePath(`${plain}.tmp`, plain);
    }
    await rm(packed);
  }
}
