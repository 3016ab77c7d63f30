/** Folders, CSV and IDX files as data sets: what is read of them, and what is refused. */
import {
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { describeProblem } from '../../../src/diagnostics/problem.js';
import { RunnerError } from '../../../src/diagnostics/runner-error.js';
import { openOwnDataset } from '../../../src/data/own/open-own-dataset.js';
import type { OwnEntry } from '../../../src/data/own/own-entry.js';
import { drawClasses, drawImage, entryOf, writeImages } from './image-folder.js';

const open = (location: string, changes: Partial<OwnEntry> = {}) =>
  openOwnDataset(entryOf(location, changes), () => {});

/** The text of what is wrong. */
async function refusal(location: string, changes: Partial<OwnEntry> = {}): Promise<string> {
  const error: unknown = await open(location, changes).catch((thrown: unknown) => thrown);
  if (error instanceof RunnerError) return error.problems.map(describeProblem).join('\n');
  return expect.unreachable('nothing was refused');
}

describe('a folder', () => {
  test('of classes: by code points, at any depth, without what systems leave there', async () => {
    const image = await drawImage(1, 0);
    const folder = writeImages({
      ...(await drawClasses({ 10: 3, 2: 3, Ärger: 3 })),
      '10/deep/er/x.PNG': await drawImage(99, 0),
      '10/.hidden.png': image,
      '10/__MACOSX/x.png': image,
      '10/notes.txt': 'text',
      '.ipynb_checkpoints/x.png': image,
      'Thumbs.db': 'x',
    });
    const { classes, train, val, test: tested, side, notes } = await open(folder);
    expect(classes).toEqual(['10', '2', 'Ärger']);
    expect([train.count, val, tested, side]).toEqual([10, null, null, 12]);
    expect([...train.labels!].filter((label) => label === 0)).toHaveLength(4);
    expect(notes).toContain('1 other file ignored: 10/notes.txt');
  });

  test('of splits, named in any of the usual ways: one list of classes for all', async () => {
    const folder = writeImages({
      ...(await drawClasses({ a: 3, b: 3, c: 2 }, 'Training/')),
      ...(await drawClasses({ a: 1, b: 1 }, 'valid/')),
      ...(await drawClasses({ b: 2, c: 1 }, 'TEST/')),
    });
    const { classes, train, val, test: tested, parts, notes } = await open(folder);
    expect(classes).toEqual(['a', 'b', 'c']);
    expect([train.count, val!.count, tested!.count]).toEqual([8, 2, 3]);
    expect(parts.test!.map(({ name, label }) => [name.slice(0, 6), label]).sort()).toEqual([
      ['TEST/b', 1],
      ['TEST/b', 1],
      ['TEST/c', 2],
    ]);
    expect(notes).toContain('val has no image of c: the means over classes leave it out');
    expect(notes).toContain('test has no image of a: the means over classes leave it out');
  });

  test('whose classes are called train and test', async () => {
    const folder = writeImages(await drawClasses({ train: 2, test: 2 }));
    expect((await open(folder)).classes).toEqual(['test', 'train']);
  });

  test('of which some classes are taken, in an order', async () => {
    const folder = writeImages(await drawClasses({ a: 2, b: 2, c: 2 }));
    const { classes, train } = await open(folder, { classes: ['c', 'a'] });
    expect([classes, train.count]).toEqual([['c', 'a'], 4]);
  });

  test('follows links, and refuses a circle of them', async () => {
    const folder = writeImages({
      ...(await drawClasses({ a: 2 }, 'real/')),
      ...(await drawClasses({ b: 2 }, 'real/')),
    });
    mkdirSync(join(folder, 'linked'));
    symlinkSync(join(folder, 'real/a'), join(folder, 'linked/a'));
    symlinkSync(join(folder, 'real/b'), join(folder, 'linked/b'));
    expect((await open(join(folder, 'linked'))).train.count).toBe(4);
    symlinkSync(join(folder, 'real/a'), join(folder, 'real/a/again'));
    expect(await refusal(join(folder, 'real'))).toBe(
      'error[link-circle]: `a/again` leads back to `a`\n  = next: delete the link',
    );
  });

  test.each([
    ['its root', 'real', 'HERE/real'],
    ['a folder around it', '.', '..'],
    ['its split', 'real/train', 'train'],
  ])('names the link that leads back to %s', async (_title, target, shown) => {
    const folder = writeImages(await drawClasses({ a: 2, b: 2 }, 'real/train/'));
    mkdirSync(join(folder, 'real/train/a/deep'));
    symlinkSync(join(folder, target), join(folder, 'real/train/a/deep/all'));
    expect((await refusal(join(folder, 'real'))).replaceAll(folder, 'HERE')).toBe(
      `error[link-circle]: \`train/a/deep/all\` leads back to \`${shown}\`\n  = next: delete the link`,
    );
  });

  test('with links to nowhere and to themselves: named as images that cannot be read', async () => {
    const folder = writeImages(await drawClasses({ a: 2, b: 2 }));
    symlinkSync(join(folder, '.gone.png'), join(folder, 'a/gone.png'));
    symlinkSync(join(folder, 'b/self.png'), join(folder, 'b/self.png'));
    symlinkSync(join(folder, 'gone'), join(folder, 'b/gone.txt'));
    expect(await refusal(folder)).toBe(`error[bad-images]: 2 of 6 images of flowers cannot be read
  = \`a/gone.png\`: a link that leads nowhere
  = \`b/self.png\`: a link that leads nowhere
  = nothing was trained
  = next: replace or delete these files; or train without them: \`badImages: skip\``);
    expect((await open(folder, { skipsBadImages: true })).train.count).toBe(4);
    // Once the target is there, it is read.
    writeFileSync(join(folder, '.gone.png'), await drawImage(50, 0));
    expect((await open(folder, { skipsBadImages: true })).train.count).toBe(5);
  });

  test('of which all images of a class are damaged: that, and not that there are none', async () => {
    const folder = writeImages({ ...(await drawClasses({ a: 2, b: 2 })), 'c/1.png': 'x', 'c/2.png': 'y' });
    expect(await refusal(folder)).toMatch(/^error\[bad-images\]: 2 of 6 images [^[]*$/);
    expect(await refusal(folder, { skipsBadImages: true })).toBe(
      `error[class-without-images]: 1 class of flowers has no image
  = \`c\`: 2 images, none that can be read
  = next: delete this folder; or list the classes that count: \`classes: [a, b]\``,
    );
  });

  test('with folders deeper than 16 below a class: told, not silently passed over', async () => {
    const deep = (levels: number) => `a/${'d/'.repeat(levels)}`;
    const folder = writeImages({
      ...(await drawClasses({ a: 2, b: 2 })),
      [`${deep(16)}x.png`]: await drawImage(50, 0),
      [`${deep(17)}y.png`]: await drawImage(51, 0),
    });
    const { train, notes } = await open(folder);
    expect(train.count).toBe(5);
    expect(notes).toContain(`1 other file ignored: ${deep(17)}`);
  });

  test('tells damaged images by name, in whatever order the disk lists them', async () => {
    const names = ['z', 'm', 'a', 'q', 'b'].map((name) => `a/${name}.png`);
    const folder = writeImages({
      ...(await drawClasses({ a: 1, b: 1 })),
      ...Object.fromEntries(names.map((name) => [name, 'x'])),
    });
    const told = (await refusal(folder)).match(/a\/[a-z]\.png/g);
    expect(told).toEqual([...names].sort());
  });

  test('whose class is written in NFD in one split and in NFC in another: one class', async () => {
    const folder = writeImages({
      ...(await drawClasses({ 'Rose\u0301': 2, b: 2 }, 'train/')),
      ...(await drawClasses({ 'Ros\u00e9': 1, b: 1 }, 'val/')),
    });
    const { classes, train, val } = await open(folder, { classes: ['Ros\u00e9', 'b'] });
    expect([classes, train.count, val!.count]).toEqual([['Ros\u00e9', 'b'], 4, 2]);
  });

  test('whose class is written in both ways in one folder', async () => {
    const folder = writeImages(await drawClasses({ 'Rose\u0301': 2, 'Ros\u00e9': 2, b: 2 }));
    expect(await refusal(folder)).toBe(
      `error[class-names-collide]: classes of flowers differ only in case or in how an accent is written
  = \`Ros\u00e9\`, written in 2 ways: U+0301 and U+00E9
  = next: rename or join them`,
    );
  });

  test('with classes that lack images: all at once', async () => {
    const folder = writeImages({
      ...(await drawClasses({ a: 2, b: 2 }, 'train/')),
      'train/empty/.keep': '',
      'train/raw/1.CR2': 'x',
      ...(await drawClasses({ tulips: 2 }, 'val/')),
    });
    expect(await refusal(folder)).toBe(`error[class-without-images]: 2 classes of flowers have no image
  = \`train/empty\`: empty
  = \`train/raw\`: 1 file, none an image: 1.CR2
  = next: delete these folders; or list the classes that count: \`classes: [a, b, tulips]\`
error[class-only-validated]: 1 class of flowers is validated or tested and never trained on
  = \`tulips\`: no image in train, 2 in val
  = next: add images of it to the training images in \`${folder}\`; or leave it out: \`classes: [a, b]\``);
  });

  test('with images that have no class, names that collide, and kinds that cannot be read', async () => {
    const images = await drawClasses({ a: 2, b: 2 }, 'train/');
    const lying = writeImages({ ...images, 'train/x.png': images['train/a/0.png']! });
    expect(await refusal(lying)).toContain('error[ambiguous-layout]');
    expect(await refusal(lying, { layout: 'splits' })).toContain(
      '1 image of flowers has no class: it lies beside the folders of the classes\n  = `train/x.png`',
    );
    const twins = writeImages(await drawClasses({ Roses: 2, roses: 2 }));
    expect(await refusal(twins)).toContain('error[class-names-collide]');
    const bmp = Buffer.alloc(64);
    bmp.write('BM');
    bmp.writeUInt32LE(64, 2);
    const foreign = writeImages({ ...images, 'train/a/x.bmp': bmp, 'train/a/y.jpg': '<!DOCTYPE html><p>' });
    expect(await refusal(foreign))
      .toBe(`error[image-kind]: 1 image of flowers is of a kind that cannot be read
  = BMP (1): \`train/a/x.bmp\`
  = readable: JPEG, PNG, WebP, TIFF, AVIF, GIF (its first frame)
  = next: convert them, such as \`mogrify -format png *.heic\`, then delete the originals; or \`badImages: skip\`
error[bad-images]: 1 of 6 images of flowers cannot be read
  = \`train/a/y.jpg\`: not an image: it begins with \`<!DOCTYPE html><p>\`
  = nothing was trained
  = next: replace or delete these files; or train without them: \`badImages: skip\``);
    const skipping = await open(foreign, { skipsBadImages: true });
    expect(skipping.train.count).toBe(4);
    expect(skipping.skipped).toHaveLength(2);
    expect(skipping.notes.join()).toContain('2 images left out, since they cannot be read');
  });
});

describe('what it is', () => {
  const identityOf = async (folder: string, changes: Partial<OwnEntry> = {}) =>
    (await open(folder, changes)).sha256;

  test('follows from the content: no name, no place and no time of a file', async () => {
    const folder = writeImages(await drawClasses({ a: 4, b: 3 }, 'one/'));
    const before = await identityOf(join(folder, 'one'));
    renameSync(join(folder, 'one/a/0.png'), join(folder, 'one/a/zebra.png'));
    mkdirSync(join(folder, 'one/b/deep'));
    renameSync(join(folder, 'one/b/1.png'), join(folder, 'one/b/deep/1.jpg'));
    utimesSync(join(folder, 'one/a/1.png'), 1, 1);
    cpSync(join(folder, 'one'), join(folder, 'two'), { recursive: true });
    expect(await identityOf(join(folder, 'two'), { name: 'other' })).toBe(before);
  });

  test('is another with one byte, image, class, part, channel or background changed', async () => {
    const files = await drawClasses({ a: 4, b: 3 });
    const folder = writeImages(files);
    const known = new Set([await identityOf(folder)]);
    const expectNew = async (changes: Partial<OwnEntry> = {}) => {
      const sha256 = await identityOf(folder, changes);
      expect(known).not.toContain(sha256);
      known.add(sha256);
    };
    await expectNew({ channels: 1 });
    await expectNew({ background: 0 });
    await expectNew({ classes: ['b', 'a'] });
    cpSync(join(folder, 'a/0.png'), join(folder, 'a/copy.png'));
    await expectNew();
    rmSync(join(folder, 'a/copy.png'));
    writeFileSync(join(folder, 'a/0.png'), Buffer.concat([files['a/0.png']!, Buffer.from([0])]));
    await expectNew();
    renameSync(join(folder, 'a/1.png'), join(folder, 'b/new.png'));
    await expectNew();
  });
});

test('a file that changes is read again, one that does not is not', async () => {
  const files = await drawClasses({ a: 3, b: 3 });
  const folder = writeImages(files);
  const past = Date.now() / 1000 - 100;
  for (const name of Object.keys(files)) utimesSync(join(folder, name), past, past);
  const read: number[] = [];
  const openCounted = () => openOwnDataset(entryOf(folder), (_done, total) => void read.push(total));
  const first = await openCounted();
  expect(read).toHaveLength(6);
  // Their status has just changed: they are read once more, as the clock may stand still for so long.
  await new Promise((resolve) => setTimeout(resolve, 2100));
  await openCounted();
  read.length = 0;
  expect((await openCounted()).sha256).toBe(first.sha256);
  expect(read).toEqual([]);
  // In place, of equal size, and with its time put back.
  const path = join(folder, 'a/0.png');
  const { mtimeMs } = statSync(path);
  const content = readFileSync(path);
  content[content.length - 1]! ^= 1;
  writeFileSync(path, content);
  utimesSync(path, mtimeMs / 1000, mtimeMs / 1000);
  expect((await openCounted()).sha256).not.toBe(first.sha256);
  expect(read).toEqual([1]);
});

test('what protects: copies across parts, two labels, imbalance', async () => {
  const files = await drawClasses({ a: 12, b: 2 }, 'train/');
  const folder = writeImages({
    ...files,
    'test/a/x.png': files['train/a/0.png']!,
    'test/b/x.png': files['train/a/1.png']!,
    'test/b/y.png': await drawImage(77, 1),
  });
  const { notes } = await open(folder);
  expect(notes[0]).toBe(
    '2 images of test are also in train, to the last bit: test/a/x.png = train/a/0.png, test/b/x.png = train/a/1.png',
  );
  expect(notes[1]).toBe('1 image has two labels: train/a/1.png (a) = test/b/x.png (b)');
  expect(notes[2]).toMatch(/^the largest class, a, has 6 times the images of the smallest, b: /);
});

describe('a CSV file', () => {
  test('lists images with class, part and group, quoted or not', async () => {
    const folder = writeImages({
      ...(await drawClasses({ x: 6 }, 'img/')),
      'img/x/"q", 1.png': await drawImage(500, 0),
      'labels.csv':
        '\uFEFFfile,species,part,patient\r\n' +
        '"img/x/""q"", 1.png",rose,train,\r\n' +
        'img/x/0.png,rose,train,ada\r\n' +
        'img/x/1.png,"tulip",,ada\r\n' +
        ',,,\r\n' +
        'img/x/2.png,rose,train,bob\r\n' +
        'img/x/3.png,tulip,test,ada\r\n' +
        'img/x/4.png,rose,test,',
    });
    const columns = { path: 'file', label: 'species', split: 'part', group: 'patient' };
    const data = await open(join(folder, 'labels.csv'), { kind: 'csv', columns });
    expect(data.classes).toEqual(['rose', 'tulip']);
    expect([data.train.count, data.val, data.test!.count]).toEqual([4, null, 2]);
    const { train } = data.parts;
    const ofAda = train!.flatMap(({ group }, index) => (group === 'ada' ? [index] : []));
    expect(ofAda[1]! - ofAda[0]!).toBe(1);
    expect([...data.train.joined!]).toEqual([ofAda[1]]);
    expect(data.notes).toContain('1 group of test is also in train: ada');
  });

  const csv = async (lines: string, changes: Partial<OwnEntry> = {}) => {
    const folder = writeImages({ ...(await drawClasses({ x: 3 }, 'img/')), 'labels.csv': lines });
    return { folder, place: join(folder, 'labels.csv'), changes: { kind: 'csv', ...changes } as const };
  };

  test('may name files by their full paths', async () => {
    const folder = writeImages(await drawClasses({ x: 2 }, 'img/'));
    mkdirSync(join(folder, 'lists'));
    const place = join(folder, 'lists/labels.csv');
    writeFileSync(place, `path,label\n${folder}/img/x/0.png,a\n../img/x/1.png,b\n`);
    const data = await open(place, { kind: 'csv' });
    expect(data.parts.train!.map(({ name }) => name).sort()).toEqual(
      ['../img/x/1.png', `${folder}/img/x/0.png`].sort(),
    );
  });

  test('that names a folder, a file twice, an empty path', async () => {
    const wrong = await csv('path,label\nimg/x,a\nimg/x/0.png,a\n"",b\n');
    const text = await refusal(wrong.place, { ...wrong.changes, path: 'labels.csv' });
    expect(text).toContain('error[image-not-found]: 2 images of `labels.csv` are not there\n');
    expect(text).toContain('labels.csv:2:1');
    expect(text).toContain('in line 4: ``');
    const twice = await csv('path,label\nimg/x/0.png,a\nimg/x/0.png,a\nimg/x/1.png,b\n');
    const once = await csv('path,label\nimg/x/0.png,a\nimg/x/1.png,b\n');
    const [data, other] = [await open(twice.place, twice.changes), await open(once.place, once.changes)];
    expect([data.train.count, other.train.count]).toEqual([3, 2]);
    expect(data.sha256).not.toBe(other.sha256);
    expect(data.notes).toContain('1 file is named more than once, and counts each time: img/x/0.png');
  });

  test('that names a file twice in two spellings, or under two labels, or in two parts', async () => {
    const spelt = await csv('path,label\nimg/x/0.png,a\n./img/x/../x/0.png,a\nimg/x/1.png,b\n');
    const { notes } = await open(spelt.place, spelt.changes);
    expect(notes).toContain('1 file is named more than once, and counts each time: ./img/x/../x/0.png');
    const both = await csv(
      'path,label,split\nimg/x/0.png,a,\nimg/x/0.png,b,\nimg/x/1.png,b,\nimg/x/1.png,b,test\n',
    );
    expect((await open(both.place, both.changes)).notes.slice(0, 3)).toEqual([
      '1 image of test is also in train, to the last bit: img/x/1.png = img/x/1.png',
      '1 image has two labels: img/x/0.png (a) = img/x/0.png (b)',
      '2 files are named more than once, and count each time: img/x/0.png, img/x/1.png',
    ]);
  });

  test('with classes that differ in case only: told, unless the entry names them', async () => {
    const lines = 'path,label\nimg/x/0.png,Rose\nimg/x/1.png,rose\nimg/x/2.png,tulip\n';
    const twins = await csv(lines);
    const data = await open(twins.place, twins.changes);
    expect(data.classes).toEqual(['Rose', 'rose', 'tulip']);
    expect(data.notes).toContain('classes that differ in case only: Rose and rose');
    const named = await open(twins.place, { ...twins.changes, classes: ['Rose', 'rose'] });
    expect(named.notes.join('\n')).not.toContain('in case only');
  });

  test('with more classes than labels can tell apart', async () => {
    const lines = Array.from({ length: 65_537 }, (_, index) => `img/x/0.png,${index}\n`);
    const many = await csv(`path,label\n${lines.join('')}`);
    expect(await refusal(many.place, many.changes)).toContain(
      'error[too-many-classes]: flowers has 65537 classes, at most 65536 can be told apart',
    );
  });

  test.each([
    ['a group', 'path,label,group\nimg/x/0.png,a,1\nimg/x/1.png,b,\n'],
    ['another group', 'path,label,group\nimg/x/0.png,a,2\nimg/x/1.png,b,\n'],
    ['another part', 'path,label,split\nimg/x/0.png,a,\nimg/x/1.png,b,\nimg/x/2.png,b,test\n'],
    ['that other part', 'path,label,split\nimg/x/0.png,a,\nimg/x/1.png,b,\nimg/x/2.png,b,val\n'],
  ])('with %s is another data set', async (_title, lines) => {
    const plain = await csv('path,label\nimg/x/0.png,a\nimg/x/1.png,b\n');
    const other = await csv(lines);
    const identity = (await open(other.place, other.changes)).sha256;
    expect(identity).not.toBe((await open(plain.place, plain.changes)).sha256);
    expect(identities).not.toContain(identity);
    identities.push(identity);
  });
  const identities: string[] = [];

  test('in the order of the file, where it asks for that', async () => {
    const folder = writeImages({
      ...(await drawClasses({ x: 5 }, 'img/')),
      'labels.csv': `path,label\n${[4, 0, 3, 1, 2].map((index) => `img/x/${index}.png,${index % 2}`).join('\n')}\n`,
    });
    const place = join(folder, 'labels.csv');
    const inOrder = await open(place, { kind: 'csv', order: 'file' });
    expect(inOrder.parts.train!.map(({ name }) => name)).toEqual(
      [4, 0, 3, 1, 2].map((index) => `img/x/${index}.png`),
    );
    expect(inOrder.sha256).not.toBe((await open(place, { kind: 'csv' })).sha256);
  });
});

describe('IDX files', () => {
  const idx = (shape: readonly number[], values: readonly number[]) => {
    const header = Buffer.alloc(4 + 4 * shape.length);
    header.writeUInt8(8, 2);
    header.writeUInt8(shape.length, 3);
    for (const [index, size] of shape.entries()) header.writeUInt32BE(size, 4 + 4 * index);
    return Buffer.concat([header, Uint8Array.from(values)]);
  };
  const range = (count: number) => Array.from({ length: count }, (_, index) => index);

  test('gzipped, with labels from 1, transposed', async () => {
    const folder = writeImages({
      'images.gz': gzipSync(idx([4, 2, 3], range(24))),
      labels: idx([4], [1, 2, 1, 2]),
    });
    const data = await open(folder, { kind: 'idx', firstLabel: 1, transpose: true, order: 'file' });
    expect([data.classes, data.side, [...data.train.labels!]]).toEqual([['1', '2'], null, [0, 1, 0, 1]]);
    const [first] = data.parts.train!;
    expect([first!.width, first!.height]).toEqual([2, 3]);
    expect('pixels' in first!.from && [...first!.from.pixels]).toEqual([0, 3, 1, 4, 2, 5]);
  });

  test('in colour, with test images and named classes', async () => {
    const folder = writeImages({
      images: idx([2, 2, 2, 3], range(24)),
      labels: idx([2], [1, 0]),
      'test-images': idx([1, 2, 2, 3], range(12)),
      'test-labels': idx([1], [1]),
    });
    const files = {
      trainImages: 'images',
      trainLabels: 'labels',
      testImages: 'test-images',
      testLabels: 'test-labels',
    };
    const data = await open(folder, { kind: 'idx', files, classes: ['cat', 'dog'] });
    expect([data.classes, data.decoding.channels, data.side, data.test!.count]).toEqual([
      ['cat', 'dog'],
      3,
      2,
      1,
    ]);
    expect(data.notes[0]).toContain('1 image of test is also in train');
  });

  const files = {
    trainImages: 'images',
    trainLabels: 'labels',
    testImages: 'test-images',
    testLabels: 'test-labels',
  };

  test('in colour, taken as grey ones: luma, and another data set', async () => {
    const folder = writeImages({
      images: idx([2, 1, 2, 3], [255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9]),
      labels: idx([2], [0, 1]),
    });
    const grey = await open(folder, { kind: 'idx', channels: 1, order: 'file' });
    expect(grey.decoding.channels).toBe(1);
    expect(grey.parts.train!.map(({ from }) => 'pixels' in from && [...from.pixels])).toEqual([
      [76, 150], // 0.299 and 0.587 of 255
      [29, 9], // 0.114 of 255
    ]);
    expect(grey.sha256).not.toBe((await open(folder, { kind: 'idx', order: 'file' })).sha256);
  });

  test.each([
    [[3, 4, 5], {}, '3 to 5, and must be 0 to 2', '`firstLabel: 3` beside it shifts them'],
    [[0, 1, 3], {}, '0 to 3, and must be all of 0 to 3', 'there is no training image of 2'],
    [[0, 1, 2], { firstLabel: 1 }, '0 to 2, and must be 1 to 3', '`firstLabel: 0` is their first'],
    [
      [0, 1, 2],
      { classes: ['a', 'b'] },
      '0 to 2, and must be 0 to 1, as `classes` has 2',
      'add the names that are missing',
    ],
    [
      [0, 1, 1],
      { classes: ['a', 'b', 'c'] },
      '0 to 1, and must be all of 0 to 2, as `classes` has 3',
      'there is no training image of 2',
    ],
  ])('with labels %j and %j', async (labels, changes, wrong, help) => {
    const folder = writeImages({ images: idx([3, 1, 1], [1, 2, 3]), labels: idx([3], labels) });
    const text = await refusal(folder, { kind: 'idx', ...changes });
    expect(text).toContain(`error[bad-labels]: the labels of \`flowers\` are ${wrong}\n`);
    expect(text).toContain(`^ ${help}`);
  });

  test('with a class that is tested and never trained', async () => {
    const folder = writeImages({
      images: idx([2, 1, 1], [1, 2]),
      labels: idx([2], [0, 1]),
      'test-images': idx([1, 1, 1], [3]),
      'test-labels': idx([1], [2]),
    });
    expect(await refusal(folder, { kind: 'idx', files })).toContain('there is no training image of 2');
  });

  test('of which one is missing, empty or of other channels', async () => {
    const train = { images: idx([2, 1, 1], [1, 2]), labels: idx([2], [0, 1]) };
    const half = writeImages({ ...train, 'test-images': idx([1, 1, 1], [3]) });
    expect(await refusal(half, { kind: 'idx', files })).toBe(
      `error[data-corrupt]: \`${half}/test-labels\` is not a file of flowers
  = because: it is not there, neither plain nor with .gz
  = next: correct the file, or what \`datasets\` says of it`,
    );
    const mixed = writeImages({
      ...train,
      'test-images': idx([1, 1, 1, 3], [3, 3, 3]),
      'test-labels': idx([1], [0]),
    });
    expect(await refusal(mixed, { kind: 'idx', files })).toContain(
      'its images have 3 channels, those of training 1',
    );
    const empty = writeImages({ images: idx([0, 1, 1], []), labels: idx([0], []) });
    expect(await refusal(empty, { kind: 'idx' })).toContain('it holds no images');
  });

  test('that do not belong together', async () => {
    const folder = writeImages({ images: idx([3, 1, 1], [1, 2, 3]), labels: idx([2], [0, 1]) });
    expect(await refusal(folder, { kind: 'idx' })).toBe(
      'error[counts-differ]: `images` has 3 images and `labels` 2 labels\n  = next: fetch both again; they belong together',
    );
  });
});
