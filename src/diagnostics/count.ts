/** A number with its noun: `1 trial`, `36 trials`. For nouns whose plural ends in s, no more. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
