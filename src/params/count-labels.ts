/** How many images each class has. */
export function countLabels(labels: Iterable<number>, classes: number): number[] {
  const counts = Array.from({ length: classes }, () => 0);
  for (const label of labels) counts[label]!++;
  return counts;
}
