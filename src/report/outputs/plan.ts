import type { Report } from '../analyse.js';
import { toJsonFile } from '../formats/to-json-file.js';
import type { Output } from '../output.js';

/** The plan. `runner gc` knows an experiment's trials by it, so it is also written before the first trial. */
export const output = {
  fileName: 'plan.json',
  render: ({ plan }: Pick<Report, 'plan'>) => toJsonFile(plan),
} satisfies Output;
