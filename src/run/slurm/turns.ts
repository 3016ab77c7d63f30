/** Takes a few things of a list that changes, those first that had their last turn longest ago. */
export class Turns<T> {
  #waiting: readonly T[] = [];

  constructor(private readonly atOnce: number) {}

  next(list: readonly T[]): readonly T[] {
    const [had, there] = [new Set(this.#waiting), new Set(list)];
    const all = [
      ...list.filter((item) => !had.has(item)),
      ...this.#waiting.filter((item) => there.has(item)),
    ];
    const taken = all.slice(0, this.atOnce);
    this.#waiting = [...all.slice(this.atOnce), ...taken];
    return taken;
  }
}
