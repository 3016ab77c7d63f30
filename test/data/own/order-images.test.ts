import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { orderImages } from '../../../src/data/own/order-images.js';
import type { OwnImage } from '../../../src/data/own/own-dataset.js';

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const imageOf = (label: number, content: string, group: string | null = null, name = content): OwnImage => ({
  label,
  sha256: hashOf(content),
  group,
  name,
  width: 1,
  height: 1,
  from: { file: name, traits: '' },
});

/** Images of classes of these sizes, each of another content. */
const imagesOf = (sizes: readonly number[]): OwnImage[] =>
  sizes.flatMap((size, label) =>
    Array.from({ length: size }, (_, index) => imageOf(label, `${label} ${index}`)),
  );

const sizes = fc.array(fc.integer({ min: 2, max: 60 }), { minLength: 2, maxLength: 8 });

test('the order is of the content: no order of files, no name matters', () => {
  fc.assert(
    fc.property(sizes, fc.infiniteStream(fc.nat()), (classes, random) => {
      const images = imagesOf(classes);
      const order = orderImages(images, classes.length).images.map(({ sha256 }) => sha256);
      const shuffled = images
        .map((image, index) => ({
          image: { ...image, name: String(index) },
          key: random.next().value as number,
        }))
        .sort((a, b) => a.key - b.key)
        .map(({ image }) => image);
      expect(orderImages(shuffled, classes.length).images.map(({ sha256 }) => sha256)).toEqual(order);
      expect([...order].sort()).toEqual(images.map(({ sha256 }) => sha256).sort());
    }),
  );
});

test('each beginning and each end has the classes in their proportions, within one image', () => {
  fc.assert(
    fc.property(sizes, fc.double({ min: 0, max: 1, noNaN: true }), (classes, share) => {
      const total = classes.reduce((sum, size) => sum + size, 0);
      const end = Math.round(share * total);
      const { images } = orderImages(imagesOf(classes), classes.length);
      for (const [label, size] of classes.entries()) {
        const there = images.slice(0, end).filter((image) => image.label === label).length;
        // One image for the class's own rounding, one for the places at which others are rounded.
        expect(Math.abs(there - (size * end) / total)).toBeLessThanOrEqual(2);
      }
    }),
  );
});

test.each([0.1, 0.2])(
  'small classes beside a large one: of %d of all, the large class has its share',
  (share) => {
    const classes = [500, ...Array<number>(100).fill(5)];
    const { images } = orderImages(imagesOf(classes), classes.length);
    for (const part of [images.slice(0, share * images.length), images.slice(-share * images.length)]) {
      const large = part.filter(({ label }) => label === 0).length;
      expect(Math.abs(large - share * 500)).toBeLessThanOrEqual(1);
      const small = new Set(part.map(({ label }) => label).filter((label) => label > 0)).size;
      expect(Math.abs(small - Math.min(1, share * 5) * 100)).toBeLessThanOrEqual(1);
    }
  },
);

test('a class of which the holdout should have half an image or more has one there, and one outside', () => {
  const classes = [1000, 20, 3, 2];
  const { images } = orderImages(imagesOf(classes), classes.length);
  const [outside, holdout] = [images.slice(0, -0.2 * images.length), images.slice(-0.2 * images.length)];
  const labels = (some: readonly OwnImage[]) => [...new Set(some.map(({ label }) => label))].sort();
  expect(labels(outside)).toEqual([0, 1, 2, 3]);
  expect(labels(holdout)).toEqual([0, 1, 2]); // 3 images: 0.6; 2 images: 0.4
});

test('copies and images of one group follow each other, and no part may end between them', () => {
  const images = [
    ...imagesOf([20, 20]),
    imageOf(0, 'copy', null, 'a.png'),
    imageOf(0, 'copy', null, 'b.png'),
    imageOf(1, 'first of ada', 'ada'),
    imageOf(1, 'second of ada', 'ada'),
    imageOf(0, 'third of ada', 'ada'),
    imageOf(0, 'of both', 'bob'),
    imageOf(0, 'of both', 'eve'), // one image of two groups joins them
    imageOf(1, 'of eve', 'eve'),
  ];
  const { images: ordered, joined } = orderImages(images, 2);
  const placesOf = (isWanted: (image: OwnImage) => boolean) =>
    ordered.flatMap((image, index) => (isWanted(image) ? [index] : []));
  for (const places of [
    placesOf(({ sha256 }) => sha256 === hashOf('copy')),
    placesOf(({ group }) => group === 'ada'),
    placesOf(({ group }) => group === 'bob' || group === 'eve'),
  ]) {
    expect(places.length).toBeGreaterThan(1);
    expect(places.at(-1)! - places[0]!).toBe(places.length - 1);
    expect(places.slice(1).every((place) => joined.has(place))).toBe(true);
    expect(joined.has(places[0]!)).toBe(false);
  }
  expect(joined.size).toBe(1 + 2 + 2);
});

test('one image more changes the side of few others', () => {
  const images = imagesOf([100, 200, 50]);
  const heldOut = (some: readonly OwnImage[]) =>
    new Set(
      orderImages(some, 3)
        .images.slice(-70)
        .map(({ sha256 }) => sha256),
    );
  const [before, after] = [heldOut(images), heldOut([...images, imageOf(1, 'new')])];
  expect([...before].filter((sha256) => !after.has(sha256)).length).toBeLessThanOrEqual(3);
});

/** Images of few contents and groups, so that they join in chains. */
const tangled = fc.array(
  fc.record({
    label: fc.nat({ max: 2 }),
    content: fc.nat({ max: 12 }).map(String),
    group: fc.option(fc.nat({ max: 8 }).map(String)),
  }),
  { minLength: 1, maxLength: 40 },
);

test('groups in chains: neither the order of files nor a name matters, and nothing joined is parted', () => {
  fc.assert(
    fc.property(tangled, fc.infiniteStream(fc.nat()), (given, random) => {
      const images = given.map(({ label, content, group }, index) =>
        imageOf(label, content, group, String(index)),
      );
      const shuffled = images
        .map((image) => ({
          image: { ...image, name: String(random.next().value) },
          key: random.next().value as number,
        }))
        .sort((a, b) => a.key - b.key)
        .map(({ image }) => image);
      const { images: ordered, joined } = orderImages(images, 3);
      const again = orderImages(shuffled, 3);
      const shown = (some: readonly OwnImage[]) => some.map(({ label, sha256 }) => [label, sha256]);
      expect(shown(again.images)).toEqual(shown(ordered));
      expect(again.joined).toEqual(joined);
      expect(ordered.map(({ name }) => name).sort()).toEqual(images.map(({ name }) => name).sort());
      for (let end = 1; end < ordered.length; end++) {
        const [before, after] = [ordered.slice(0, end), ordered.slice(end)];
        const isParted = before.some((a) =>
          after.some((b) => a.sha256 === b.sha256 || (a.group !== null && a.group === b.group)),
        );
        if (isParted) expect(joined).toContain(end);
      }
      // What is joined hangs together: as many units as there are parts of the graph of contents and groups.
      const parts = images.map((image) => new Set([`#${image.sha256}`, `@${image.group ?? image.sha256}`]));
      for (let at = 0; at < parts.length;) {
        const other = parts.findIndex(
          (part, index) => index > at && [...part].some((key) => parts[at]!.has(key)),
        );
        if (other === -1) at++;
        else {
          for (const key of parts[other]!) parts[at]!.add(key);
          parts.splice(other, 1);
        }
      }
      expect(ordered.length - joined.size).toBe(parts.length);
    }),
  );
});

test('with groups too, each class is near its share', () => {
  const groups = fc.array(fc.record({ label: fc.nat({ max: 3 }), size: fc.integer({ min: 1, max: 5 }) }), {
    minLength: 8,
    maxLength: 60,
  });
  fc.assert(
    fc.property(groups, fc.double({ min: 0, max: 1, noNaN: true }), (given, share) => {
      const images = given.flatMap(({ label, size }, group) =>
        Array.from({ length: size }, (_, index) => imageOf(label, `${group} ${index}`, String(group))),
      );
      const { images: ordered } = orderImages(images, 4);
      const end = Math.round(share * ordered.length);
      const classes = new Set(given.map(({ label }) => label));
      const largest = Math.max(...given.map(({ size }) => size));
      for (const label of classes) {
        const count = (some: readonly OwnImage[]) => some.filter((image) => image.label === label).length;
        const proportional = (count(ordered) * end) / ordered.length;
        // As without groups, whose images are groups of one: 2.
        expect(Math.abs(count(ordered.slice(0, end)) - proportional)).toBeLessThanOrEqual(2 * largest);
      }
    }),
  );
});

test('100,000 images of groups that join in one chain are ordered within the time of a test', () => {
  const images = Array.from({ length: 100_000 }, (_, index) => ({
    ...imageOf(0, 'x'),
    sha256: String(((index >> 1) * 7919) % 50_000).padStart(8, '0'), // each content twice,
    group: String((index >> 1) + (index & 1)), // in its group and the next
  }));
  const { images: ordered } = orderImages(images, 1);
  expect(ordered).toHaveLength(100_000);
  // 1.2 s measured on a busy core, 35 s with a search through all for each join
});
