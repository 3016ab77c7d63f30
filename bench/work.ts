/** What a contestant computes for an image: contestants are compared only where it is the same. */
export interface Work {
  /** All numbers of the network, moving statistics included. */
  readonly parameters: number;
  /** Multiply-adds of a forward pass through convolutions and the dense layer, for one image of three channels. */
  readonly multiplyAdds: number;
}

export interface NamedWork extends Work {
  readonly name: string;
}

/** The contestants whose work is not that of the first, in a sentence; null where all do the same. */
export function describeUnequalWork(works: readonly NamedWork[]): string | null {
  const [first, ...others] = works;
  const differs = (work: Work) =>
    work.parameters !== first!.parameters || work.multiplyAdds !== first!.multiplyAdds;
  const unequal = others.filter(differs);
  if (unequal.length === 0) return null;
  const has = ({ name, parameters, multiplyAdds }: NamedWork) =>
    `${name} has ${parameters.toLocaleString('en')} parameters and ${multiplyAdds.toLocaleString('en')} multiply-adds per image`;
  return `Not the same work, so nothing is compared: ${[first!, ...unequal].map(has).join('; ')}.`;
}
