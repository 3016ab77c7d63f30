/** Image files of every kind, against what Pillow decodes of them (scripts/make-image-fixtures.py). */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { describeImage, explainFailure, maximumPixels } from '../../../src/data/own/describe-image.js';
import { decodeImage, fitPixels } from '../../../src/data/pack/decode-image.js';

interface Expected {
  readonly good: Readonly<
    Record<
      string,
      {
        readonly width: number;
        readonly height: number;
        readonly rgb: string;
        readonly facts: {
          readonly orientation: number;
          readonly hasAlpha: boolean;
          readonly isGrey: boolean;
          readonly isCmyk: boolean;
          readonly bits: number;
        };
      }
    >
  >;
  readonly damaged: Readonly<Record<string, { readonly isSilent: boolean }>>;
  readonly unreadable: Readonly<Record<string, unknown>>;
}

const folder = fileURLToPath(new URL('../../fixtures/images/', import.meta.url));
const { good, damaged, unreadable } = JSON.parse(readFileSync(`${folder}expected.json`, 'utf8')) as Expected;
/** Names as the disk has them: a system may compose accents otherwise. */
const onDisk = new Map(
  ['good', 'damaged', 'unreadable'].flatMap((kind) =>
    readdirSync(`${folder}${kind}`).map((name) => [`${kind}/${name.normalize('NFC')}`, name] as const),
  ),
);

function contentOf(kind: string, name: string): Buffer {
  const found = readdirSync(`${folder}${kind}`).find((other) => other === name);
  return readFileSync(`${folder}${kind}/${found ?? onDisk.get(`${kind}/${name.normalize('NFC')}`)!}`);
}

const describeContent = (content: Buffer) =>
  describeImage(content, createHash('sha256').update(content).digest('hex'));

/** As a pack has it, at its own size. */
async function decode(content: Buffer, channels: 1 | 3 = 3): Promise<Uint8Array> {
  const { traits } = await describeContent(content);
  const target = { side: null, fit: 'crop', background: 255, channels } as const;
  return decodeImage(content, { width: 0, height: 0, traits }, target);
}

const largestDifference = (a: Uint8Array, b: Uint8Array): number =>
  a.reduce((largest, value, index) => Math.max(largest, Math.abs(value - b[index]!)), 0);

describe('right files', () => {
  test.each(Object.keys(good))('%s is what Pillow makes of it', async (name) => {
    const { width, height, rgb, facts } = good[name]!;
    const content = contentOf('good', name);
    const description = await describeContent(content);
    expect(description.problem).toBeNull();
    const upright = description.orientation >= 5 ? [height, width] : [width, height];
    expect([description.width, description.height]).toEqual(upright);
    expect(description.traits.includes('c')).toBe(facts.isCmyk);
    expect(description.traits.includes('w')).toBe(facts.bits === 16);
    const pixels = await decode(content);
    const expected = new Uint8Array(Buffer.from(rgb, 'base64'));
    expect(pixels).toHaveLength(expected.length);
    // Transparency is rounded otherwise in one of three steps; AVIF's colours are converted by another library.
    const tolerance = facts.hasAlpha || name.endsWith('.avif') ? 1 : 0;
    expect(largestDifference(pixels, expected)).toBeLessThanOrEqual(tolerance);
    const luma = await decode(content, 1);
    expect([...luma]).toEqual(
      Array.from(luma, (_, at) => {
        const [red, green, blue] = pixels.subarray(3 * at, 3 * at + 3) as unknown as [number, number, number];
        return (19595 * red + 38470 * green + 7471 * blue + 32768) >> 16;
      }),
    );
  });
});

describe('damaged files', () => {
  const noticed = Object.keys(damaged).filter((name) => !damaged[name]!.isSilent);
  const reasons: readonly (readonly [name: string, reason: string])[] = [
    ['empty.jpg', 'it is empty'],
    ['avif-cut.avif', 'cut short: its end is missing'],
    ['gif-cut.gif', 'cut short: its end is missing'],
    ['jpeg-cut-before-its-scan.jpg', 'cut short: its end is missing'],
    ['jpeg-cut-in-its-header.jpg', 'cut short: its end is missing'],
    ['jpeg-half-then-end.jpg', 'cut short: its end is missing'],
    ['jpeg-half-then-zeros.jpg', 'cut short: its end is missing'],
    ['jpeg-half.jpg', 'cut short: its end is missing'],
    ['jpeg-without-its-last-2-bytes.jpg', 'cut short: its end is missing'],
    ['png-half-then-zeros.png', 'cut short: its end is missing'],
    ['png-half.png', 'cut short: its end is missing'],
    ['png-without-its-end.png', 'cut short: its end is missing'],
    ['progressive-half.jpg', 'cut short: its end is missing'],
    ['tiff-cut-before-its-directory.tif', 'cut short: its end is missing'],
    ['tiff-cut.tif', 'cut short: its end is missing'],
    ['webp-cut.webp', 'cut short: its end is missing'],
    ['webp-lossless-cut.webp', 'cut short: its end is missing'],
    ['jpeg-flipped-tables.jpg', 'damaged: VipsJpeg: Bogus Huffman table definition'],
    [
      'jpeg-lost-a-restart-marker.jpg',
      'damaged: VipsJpeg: Corrupt JPEG data: 151 extraneous bytes before marker 0xd4',
    ],
    ['png-flipped-pixels.png', 'damaged: a checksum in it is wrong'],
    ['png-wrong-checksum.png', 'damaged: a checksum in it is wrong'],
    ['png-wrong-checksum-of-its-header.png', 'damaged: its decoder does not say where'],
    ['html.jpg', 'not an image: it begins with `<!DOCTYPE html>`'],
    ['text.png', 'not an image: it begins with `this is not an image`'],
    ['git-lfs-pointer.jpg', 'not an image: it begins with `version https://git-`'],
    ['zeros.jpg', 'not an image: it begins with zeros'],
  ];
  test('each of them has its reason below', () => {
    expect(reasons.map(([name]) => name).sort()).toEqual(noticed.sort());
  });

  test.each(reasons)('%s: %s', async (name, expected) => {
    const content = contentOf('damaged', name);
    const { problem } = await describeContent(content);
    const reason =
      problem ?? (await decode(content).catch((error: unknown) => explainFailure(content, error)));
    expect(reason).toBe(expected);
  });
});

test.each([
  ['bmp-named.jpg', 'BMP'],
  ['bmp.bmp', 'BMP'],
  ['heic-named.jpg', 'HEIC'],
  ['heic.heic', 'HEIC'],
  ['jpeg-2000.jp2', 'JPEG 2000'],
  ['svg-named.png', 'SVG'],
  ['svg.svg', 'SVG'],
])('%s is of a kind that cannot be read: %s', async (name, kind) => {
  const { foreignKind, problem } = await describeContent(contentOf('unreadable', name));
  expect([foreignKind, problem]).toEqual([kind, `${kind} cannot be read`]);
});

test('an image of 900 million pixels is told by its header, and never decoded', async () => {
  const content = contentOf('unreadable', '30000x30000.png');
  const { foreignKind, problem, width, height } = await describeContent(content);
  expect([foreignKind, problem, width, height]).toEqual([null, null, 30_000, 30_000]);
  expect(width * height).toBeGreaterThan(maximumPixels);
  const error: unknown = await decode(content).catch((thrown: unknown) => thrown);
  expect(explainFailure(content, error)).toBe('it has more than 100 million pixels');
  expect(Object.keys(unreadable)).toHaveLength(8);
});

describe('fit', () => {
  // Three columns and one row, from black to white.
  const wide = {
    bytes: Uint8Array.of(0, 0, 0, 100, 100, 100, 200, 200, 200),
    width: 3,
    height: 1,
    channels: 3,
  };
  const first = (bytes: Uint8Array) => Array.from({ length: bytes.length / 3 }, (_, at) => bytes[3 * at]);

  test('crop takes the largest square of the centre', () => {
    expect(first(fitPixels(wide, 1, 'crop', 255))).toEqual([100]);
  });

  test('stretch takes all', () => {
    expect(first(fitPixels(wide, 3, 'stretch', 255))).toEqual([0, 100, 200, 0, 100, 200, 0, 100, 200]);
  });

  test('pad stands in the middle of the background', () => {
    expect(first(fitPixels(wide, 3, 'pad', 7))).toEqual([7, 7, 7, 0, 100, 200, 7, 7, 7]);
  });

  interface Fitted {
    readonly width: number;
    readonly height: number;
    readonly side: number;
    readonly png: string;
    readonly crop: string;
    readonly stretch: string;
    readonly pad: string;
  }
  const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
  const path = new URL('../../fixtures/fitted.json', import.meta.url);
  const cases = JSON.parse(readFileSync(path, 'utf8')) as readonly Fitted[];

  test.each(cases.flatMap((one) => (['crop', 'stretch', 'pad'] as const).map((fit) => ({ ...one, fit }))))(
    '$fit, $width × $height to $side: as Pillow (scripts/make-fit-fixture.py)',
    async (one) => {
      const { width, height, side, fit } = one;
      const content = Buffer.from(one.png, 'base64');
      const { traits } = await describeContent(content);
      const expected = bytesOf(one[fit]);
      const target = { side, fit, background: 77, channels: 3 } as const;
      const decoded = await decodeImage(content, { width, height, traits }, target);
      expect(decoded).toHaveLength(expected.length);
      const isNear = Math.max(width, height) <= 3 * side; // sharp has not shrunk it before
      expect(largestDifference(decoded, expected)).toBeLessThanOrEqual(isNear ? 1 : 2);
      const pixels = { bytes: await decode(content), width, height, channels: 3 };
      expect(largestDifference(fitPixels(pixels, side, fit, 77), expected)).toBeLessThanOrEqual(1);
    },
  );

  test('an image turned by EXIF is fitted as it is seen', async () => {
    const { width, height } = good['orientation-6.jpg']!;
    const content = contentOf('good', 'orientation-6.jpg');
    const seen = { bytes: await decode(content), width, height, channels: 3 };
    for (const fit of ['crop', 'stretch', 'pad'] as const) {
      const target = { side: 6, fit, background: 0, channels: 3 } as const;
      const decoded = await decodeImage(content, { width, height, traits: '' }, target);
      expect(largestDifference(decoded, fitPixels(seen, 6, fit, 0))).toBeLessThanOrEqual(2);
    }
  });

  test('transparency is gone before anything is resized: no hidden colour shines through', async () => {
    const content = contentOf('good', 'rgba.png'); // magenta where it is transparent
    const { width, height, traits } = await describeContent(content);
    const seen = { bytes: await decode(content), width, height, channels: 3 };
    const target = { side: 6, fit: 'stretch', background: 255, channels: 3 } as const;
    const decoded = await decodeImage(content, { width, height, traits }, target);
    expect(largestDifference(decoded, fitPixels(seen, 6, 'stretch', 255))).toBeLessThanOrEqual(1);
  });
});
