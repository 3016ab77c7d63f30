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

test('a holdout of as many images as there are classes has each of them, and leaves each of them', () => {
  fc.assert(
    fc.property(sizes, (classes) => {
      const { images } = orderImages(imagesOf(classes), classes.length);
      const labels = (some: readonly OwnImage[]) => new Set(some.map(({ label }) => label)).size;
      expect(labels(images.slice(-classes.length))).toBe(classes.length);
      expect(labels(images.slice(0, classes.length))).toBe(classes.length);
    }),
  );
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
