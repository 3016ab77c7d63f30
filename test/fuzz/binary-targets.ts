import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeIdx } from '../../src/data/idx/idx.js';
import { tarEntries } from '../../src/system/tar-entries.js';
import { ZipArchive } from '../../src/system/zip-archive.js';
import { mobilenetLayers } from '../../src/model/mobilenet-v1/layers.js';
import { readPretrainedWeights } from '../../src/model/mobilenet-v1/pretrained-weights.js';
import { decodeSafetensors } from '../../src/saving/networks/safetensors.js';
import { readCheckpoint } from '../../src/train/checkpoint.js';
import { isPlainError, isRunnerError, type Target } from './target.js';

const numbers = ['\0', '\0\0\0\0', '\xFF\xFF\xFF\xFF', '\x01\0\0\0', '\0\0\0\x01', '\x7F\xFF\xFF\xFF'];

export const idx: Target = {
  runs: 30_000,
  words: [...numbers, '\0\0\x08\x01', '\0\0\x08\x03', '\0\0\x0D\x01', '\x1F\x8B\x08\0'],
  isDocumented: isPlainError,
  open: () => decodeIdx,
};

/** Pretrained weights: the first convolution and the first block's depthwise one, at width 0.25. */
export const hdf5: Target = {
  runs: 1500,
  words: [
    ...numbers,
    '\x89HDF\r\n\x1a\n',
    'TREE',
    'SNOD',
    'HEAP',
    'OHDR',
    'FRHP',
    'BTHD',
    'conv1',
    'kernel:0',
    'conv1_bn',
  ],
  // The file's end as its superblock (version 0) has it: the library opens no file of another length.
  seal: (bytes) => {
    const sealed = Buffer.concat([bytes, Buffer.alloc(Math.max(0, 48 - bytes.length))]);
    sealed.writeBigUInt64LE(BigInt(sealed.length), 40);
    return sealed;
  },
  isDocumented: isRunnerError,
  open: (folder) => {
    const path = join(folder, 'weights.h5');
    const layers = mobilenetLayers(0.25).slice(0, 2);
    return async (bytes) => {
      await writeFile(path, bytes);
      await readPretrainedWeights(path, layers);
    };
  },
};

const owner = { trialId: 'ab'.repeat(32), engine: 'tensorflow-cpu' };
const layout = [
  { name: 'conv1/kernel', shape: [2, 3] },
  { name: 'step', shape: [] },
];
const hashStart = 8;
const hashEnd = 40;

export const checkpoint: Target = {
  runs: 5000,
  words: [
    ...numbers,
    '"',
    ',',
    '{',
    '}',
    '[',
    ']',
    'null',
    'epochs',
    'tests',
    'networks',
    'correct',
    'images',
    'version',
    'tensors',
    'shape',
    '__proto__',
    '1e999',
    '-1',
  ],
  seal: (bytes) => {
    const digest = createHash('sha256').update(bytes.subarray(hashEnd)).digest();
    return Buffer.concat([bytes.subarray(0, hashStart), digest, bytes.subarray(hashEnd)]);
  },
  isDocumented: isPlainError,
  open: (folder) => {
    const path = join(folder, 'trial.checkpoint');
    return async (bytes) => {
      await writeFile(path, bytes);
      await readCheckpoint(path, owner, layout);
    };
  },
};

/** A saved model, or a trial's networks. */
export const safetensors: Target = {
  runs: 20_000,
  words: [
    ...numbers,
    '"',
    ',',
    '{',
    '}',
    '[',
    ']',
    'null',
    '__metadata__',
    '__proto__',
    'dtype',
    'F32',
    'shape',
    'data_offsets',
    '1e999',
    '-1',
    '0.5',
  ],
  // The length of the header, and the hash of what is behind it.
  seal: (bytes) => {
    const end = bytes.lastIndexOf('}}') + 2;
    if (end < 10) return bytes;
    const sha256 = createHash('sha256').update(bytes.subarray(end)).digest('hex');
    const header = bytes.toString('latin1', 8, end).replace(/"sha256":"[^"]*"/, `"sha256":"${sha256}"`);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    return Buffer.concat([length, Buffer.from(header, 'latin1'), bytes.subarray(end)]);
  },
  isDocumented: isPlainError,
  open: () => decodeSafetensors,
};

/** A wheel. */
export const zip: Target = {
  runs: 2000,
  words: [...numbers, 'PK\x01\x02', 'PK\x03\x04', 'PK\x05\x06', '../', '\x08\0', '\0\0'],
  isDocumented: isPlainError,
  open: (folder) => {
    const path = join(folder, 'a.whl');
    return async (bytes) => {
      await writeFile(path, bytes);
      const archive = await ZipArchive.open(path);
      try {
        for (const entry of archive.entries.slice(0, 20))
          await archive.extract(entry, join(folder, 'content'));
      } finally {
        await archive.close();
      }
    };
  },
};

export const tar: Target = {
  runs: 30_000,
  words: [
    ...numbers,
    'ustar\0',
    'ustar  \0',
    '00000000777\0',
    '77777777777\0',
    '-0000000777\0',
    '\0\0\0\0\0\0\0\0',
  ],
  // The checksum of each block that is a header.
  seal: (bytes) => {
    const sealed = Buffer.from(bytes);
    for (let at = 0; at + 512 <= sealed.length; at += 512) {
      const header = sealed.subarray(at, at + 512);
      if (header[0] === 0 || !header.subarray(257, 262).equals(Buffer.from('ustar'))) continue;
      header.fill(' ', 148, 156);
      const sum = header.reduce((total, byte) => total + byte, 0);
      header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    }
    return sealed;
  },
  isDocumented: isPlainError,
  open: () => tarEntries,
};
