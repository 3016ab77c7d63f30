import type { Output } from '../output.js';
import { toJsonFile } from '../formats/to-json-file.js';

/** Versions, engine, devices and commit of the last run that trained something. */
const output: Output = {
  fileName: 'environment.json',
  render: (_report, environment) => environment && toJsonFile(environment),
};

export default output;
