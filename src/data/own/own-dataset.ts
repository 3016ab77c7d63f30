import { createHash } from 'node:crypto';
import type { DatasetFacts, PartFacts } from '../dataset.js';
import { canonicalJson } from '../../spec/canonical-json.js';
import { orderImages } from './order-images.js';

/** Raised when decoding, resizing or the order of images changes: then every own data set is another. */
export const decodeVersion = 3;

export const partNames = ['train', 'val', 'test'] as const;
export type PartName = (typeof partNames)[number];

/** An image of one's own, before it is decoded. */
export interface OwnImage {
  /** Its place in the class list. */
  readonly label: number;
  /** SHA-256 of its content, hexadecimal: of its file, or of its pixels where many are in one file. */
  readonly sha256: string;
  /** Images of one group, such as a patient, are all in one part; null: it is in none. */
  readonly group: string | null;
  /** For people: its path within the data set. */
  readonly name: string;
  /** Pixels, turned as its orientation says. */
  readonly width: number;
  readonly height: number;
  /** Whence its pixels come. */
  readonly from: { readonly file: string; readonly traits: string } | { readonly pixels: Uint8Array };
}

/** How pixels are made of an image. */
export interface Decoding {
  readonly channels: 1 | 3;
  /** The grey value, 0 to 255, that shines through what is transparent, and beside a padded image. */
  readonly background: number;
}

/** A data set that the user has described, read but for its pixels. */
export interface OwnDataset extends DatasetFacts {
  readonly decoding: Decoding;
  /** Where it is, for people. */
  readonly source: string;
  /** Where it is kept what is known of its files; null: it has none of one image. */
  readonly manifest: string | null;
  /** In the order of training. */
  readonly parts: Readonly<Record<PartName, readonly OwnImage[] | null>>;
  /** Images that are left out since they cannot be read, with why. */
  readonly skipped: readonly string[];
  /** Every image was decoded before: none will turn out to be damaged. */
  readonly isVerified: boolean;
  readonly skipsBadImages: boolean;
  /** What one should know of it, a sentence each. */
  readonly notes: readonly string[];
}

export interface OwnDatasetOptions {
  readonly name: string;
  readonly source: string;
  readonly manifest: string | null;
  readonly classes: readonly string[];
  readonly decoding: Decoding;
  readonly images: Readonly<Record<PartName, readonly OwnImage[] | null>>;
  /** `file`: in the order given; else by content. */
  readonly order: 'content' | 'file';
  readonly skipped: readonly string[];
  readonly isVerified: boolean;
  readonly skipsBadImages: boolean;
  readonly notes: readonly string[];
}

/** Orders the images of each part and names the whole by its content. */
export function ownDataset(options: OwnDatasetOptions): OwnDataset {
  const {
    name,
    source,
    manifest,
    classes,
    decoding,
    images,
    order,
    skipped,
    isVerified,
    skipsBadImages,
    notes,
  } = options;
  const ordered = {
    train: part(images.train!),
    val: images.val && part(images.val),
    test: images.test && part(images.test),
  };
  function part(given: readonly OwnImage[]) {
    if (order === 'file') return { images: given, joined: new Set<number>() };
    return orderImages(given, classes.length);
  }
  const factsOf = (one: ReturnType<typeof part> | null): PartFacts | null =>
    one && {
      count: one.images.length,
      labels: Uint16Array.from(one.images, ({ label }) => label),
      joined: one.joined,
    };
  const parts = {
    train: ordered.train.images,
    val: ordered.val?.images ?? null,
    test: ordered.test?.images ?? null,
  };
  const all = partNames.flatMap((partName) => parts[partName] ?? []);
  const side = all[0]?.width ?? 0;
  return {
    name,
    title: name,
    classes,
    train: factsOf(ordered.train)!,
    val: factsOf(ordered.val),
    test: factsOf(ordered.test),
    side: all.every(({ width, height }) => width === side && height === side) ? side : null,
    sha256: identify(options, parts),
    decoding,
    source,
    manifest,
    parts,
    skipped,
    isVerified,
    skipsBadImages,
    notes,
  };
}

/**
 * SHA-256 of what the images are: classes, their images' content, parts and groups, and how they are decoded. No path, no
 * file's name and no time is in it. Of a data set in the order of a file, that order is.
 * @param images in the order of training, which follows from their content
 */
function identify({ classes, decoding, order }: OwnDatasetOptions, images: OwnDataset['parts']): string {
  const hash = createHash('sha256');
  hash.update(canonicalJson({ version: 1, decodeVersion, classes, ...decoding, order }));
  for (const partName of partNames) {
    const given = images[partName];
    if (!given) continue;
    const lines = given.map(
      ({ label, sha256, group }) => `${label} ${sha256}${group === null ? '' : ` ${JSON.stringify(group)}`}`,
    );
    hash.update(`\n${partName} ${given.length}\n`).update(lines.join('\n'));
  }
  return hash.digest('hex');
}
