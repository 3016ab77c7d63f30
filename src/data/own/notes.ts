import { count } from '../../diagnostics/count.js';
import { countLabels } from '../../params/count-labels.js';
import type { ImageDescription } from './describe-image.js';
import { partNames, type OwnImage, type PartName } from './own-dataset.js';

export interface NotedContent {
  readonly classes: readonly string[];
  readonly images: Readonly<Record<PartName, readonly OwnImage[] | null>>;
  readonly files: readonly ImageDescription[];
  /** Files that are no images. */
  readonly others: readonly string[];
  readonly skipped: readonly string[];
}

/** A class with so many times the images of another is told of. */
export const imbalance = 5;

/** What one should know of a data set before one trusts a number of it: a sentence each. */
export function describeNotes(content: NotedContent): string[] {
  return [
    ...describeKinds(content),
    ...(hasCopies(content) ? [...describeShared(content), ...describeTwoLabels(content)] : []),
    ...describeRepeated(content),
    ...describeSharedGroups(content),
    ...describeBalance(content),
    ...describeUnvalidated(content),
  ];
}

/** What was done to the files: turned, converted, left out. */
function describeKinds({ files, others, skipped }: NotedContent): string[] {
  const having = (trait: string) => files.filter(({ traits }) => traits.includes(trait)).length;
  const grey = having('g');
  const kinds: [number, string][] = [
    [files.filter(({ orientation }) => orientation > 1).length, 'turned by their EXIF orientation'],
    [having('c'), 'in CMYK'],
    [having('w'), 'of 16 bits a channel, of which the upper 8 are used'],
    [having('a'), 'with an alpha channel, shown over the background'],
    [having('m'), 'with several frames, of which the first is used'],
    [grey === files.length ? 0 : grey, 'grey among coloured ones'],
  ];
  const told = kinds.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  return [
    ...(told.length > 0 ? [`images: ${told.join('; ')}`] : []),
    ...(grey > 0 && grey === files.length ? ['all images are grey: they have one channel'] : []),
    ...(others.length > 0 ? [`${count(others.length, 'other file')} ignored: ${listSome(others)}`] : []),
    ...(skipped.length > 0
      ? [
          `${count(skipped.length, 'image')} left out, since ${skipped.length === 1 ? 'it' : 'they'} cannot be read: ${listSome(skipped)}`,
        ]
      : []),
  ];
}

/** Whether two images are the same to the last bit. */
function hasCopies({ images }: NotedContent): boolean {
  const hashes = new Set<string>();
  let total = 0;
  for (const part of partNames)
    for (const { sha256 } of images[part] ?? []) {
      hashes.add(sha256);
      total++;
    }
  return hashes.size < total;
}

/** Images of one content that are in two parts. */
function describeShared({ images }: NotedContent): string[] {
  const trained = new Map(images.train?.map((image) => [image.sha256, image]));
  return (['val', 'test'] as const).flatMap((part) => {
    const both = (images[part] ?? []).filter(({ sha256 }) => trained.has(sha256));
    const examples = both.map((image) => `${image.name} = ${trained.get(image.sha256)!.name}`);
    const are = both.length === 1 ? 'is' : 'are';
    return both.length === 0
      ? []
      : [
          `${count(both.length, 'image')} of ${part} ${are} also in train, to the last bit: ${listSome(examples)}`,
        ];
  });
}

/** Files that a list names more than once, in whatever spelling. */
function describeRepeated({ images }: NotedContent): string[] {
  const seen = new Set<string>();
  const repeated = new Map<string, string>();
  for (const { from, name } of partNames.flatMap((part) => images[part] ?? [])) {
    if (!('file' in from)) continue;
    if (seen.has(from.file)) repeated.set(from.file, name);
    seen.add(from.file);
  }
  const are = repeated.size === 1 ? 'is' : 'are';
  return repeated.size === 0
    ? []
    : [
        `${count(repeated.size, 'file')} ${are} named more than once, and ${repeated.size === 1 ? 'counts' : 'count'} each time: ${listSome([...repeated.values()])}`,
      ];
}

/** Groups that are in two parts. */
function describeSharedGroups({ images }: NotedContent): string[] {
  const trained = new Set(images.train?.flatMap(({ group }) => group ?? []));
  if (trained.size === 0) return [];
  return (['val', 'test'] as const).flatMap((part) => {
    const groups =
      images[part]?.flatMap(({ group }) => (group !== null && trained.has(group) ? [group] : [])) ?? [];
    const both = [...new Set(groups)];
    const are = both.length === 1 ? 'is' : 'are';
    return both.length === 0
      ? []
      : [`${count(both.length, 'group')} of ${part} ${are} also in train: ${listSome(both)}`];
  });
}

/** Images of one content that have two labels. */
function describeTwoLabels({ classes, images }: NotedContent): string[] {
  const first = new Map<string, OwnImage>();
  const pairs: string[] = [];
  for (const image of partNames.flatMap((part) => images[part] ?? [])) {
    const other = first.get(image.sha256);
    if (other && other.label !== image.label)
      pairs.push(`${other.name} (${classes[other.label]}) = ${image.name} (${classes[image.label]})`);
    if (!other) first.set(image.sha256, image);
  }
  return pairs.length === 0
    ? []
    : [
        `${count(pairs.length, 'image')} ${pairs.length === 1 ? 'has' : 'have'} two labels: ${listSome(pairs)}`,
      ];
}

function describeBalance({ classes, images }: NotedContent): string[] {
  const labels = images.train?.map(({ label }) => label) ?? [];
  const counts = countLabels(labels, classes.length);
  const [largest, smallest] = [Math.max(...counts), Math.min(...counts)];
  if (largest < imbalance * smallest) return [];
  const times = Math.floor(largest / smallest);
  return [
    `the largest class, ${classes[counts.indexOf(largest)]}, has ${times} times the images of the smallest, ${classes[counts.indexOf(smallest)]}: \`metric: { name: valBalancedAccuracy }\` and \`classWeights: balanced\` take that into account`,
  ];
}

/** Classes that are trained and never validated or tested. */
function describeUnvalidated({ classes, images }: NotedContent): string[] {
  return (['val', 'test'] as const).flatMap((part) => {
    const there = new Set(images[part]?.map(({ label }) => label));
    const without = images[part] ? classes.filter((_, label) => !there.has(label)) : [];
    return without.length === 0
      ? []
      : [
          `${part} has no image of ${listSome(without)}: the means over classes leave ${without.length === 1 ? 'it' : 'them'} out`,
        ];
  });
}

const listSome = (names: readonly string[]): string =>
  `${names.slice(0, 3).join(', ')}${names.length > 3 ? `, … (${names.length} in all)` : ''}`;
