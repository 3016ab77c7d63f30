import type { OwnImage } from './own-dataset.js';

/**
 * The order in which images are trained on: by their content alone, and even by class. Each class is spread over the whole
 * order, the middle of its i-th of n images at (i + 0.5) / n, so that the first n images have the classes in their
 * proportions, and so have the last n: a training subset is a beginning, a holdout an end. Within a class the hash of the
 * content decides. Images with equal content, or of one group, follow each other.
 * @returns with the places at which no part may end
 */
export function orderImages(
  images: readonly OwnImage[],
  classes: number,
): { readonly images: readonly OwnImage[]; readonly joined: ReadonlySet<number> } {
  const sorted = images.toSorted(
    (a, b) =>
      compare(a.sha256, b.sha256) ||
      a.label - b.label ||
      compare(a.group ?? '', b.group ?? '') ||
      compare(a.name, b.name),
  );
  const ofClass = Array.from({ length: classes }, (): Unit[] => []);
  for (const unit of uniteImages(sorted)) ofClass[unit[0]!.label]!.push(unit);
  const placed = ofClass.flatMap((units) => {
    const total = units.reduce((sum, unit) => sum + unit.length, 0);
    let before = 0;
    return units.map((unit) => {
      const place = (before + unit.length / 2) / total;
      before += unit.length;
      return { unit, place };
    });
  });
  placed.sort((a, b) => a.place - b.place || compare(a.unit[0]!.sha256, b.unit[0]!.sha256));
  const ordered: OwnImage[] = [];
  const joined = new Set<number>();
  for (const { unit } of placed)
    for (const [index, image] of unit.entries()) {
      if (index > 0) joined.add(ordered.length);
      ordered.push(image);
    }
  return { images: ordered, joined };
}

/** Images that must be in one part. */
type Unit = OwnImage[];

/** Joins images of equal content and images of one group, and what these have in common, in the order of their first. */
function uniteImages(images: readonly OwnImage[]): Unit[] {
  const hasGroups = images.some(({ group }) => group !== null);
  if (!hasGroups) return uniteCopies(images);
  const above = new Map<string, string>(); // from a content or group to one that it is joined with
  const rootOf = (key: string): string => {
    let root = key;
    for (let next = above.get(root); next !== undefined; next = above.get(root)) root = next;
    for (let at = key; at !== root;) {
      const next = above.get(at)!;
      above.set(at, root);
      at = next;
    }
    return root;
  };
  for (const { sha256, group } of images) {
    if (group === null) continue;
    const [content, one] = [rootOf(`#${sha256}`), rootOf(`@${group}`)];
    if (content !== one) above.set(content, one);
  }
  const units = new Map<string, Unit>();
  for (const image of images) {
    const root = rootOf(`#${image.sha256}`);
    const unit = units.get(root);
    if (unit) unit.push(image);
    else units.set(root, [image]);
  }
  return [...units.values()];
}

/** The same of images without groups, which are sorted by their content. */
function uniteCopies(images: readonly OwnImage[]): Unit[] {
  const units: Unit[] = [];
  for (const [index, image] of images.entries())
    if (images[index - 1]?.sha256 === image.sha256) units.at(-1)!.push(image);
    else units.push([image]);
  return units;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
