/** The process that draws samples of augmentations for a report: one request by its parent's IPC, one answer, the end. */
import type { SampleRequest } from '../trial/sample-protocol.js';
import { drawSamples } from './draw-samples.js';

process.once('message', (request: SampleRequest) => {
  process.send!(drawSamples(request), () => process.disconnect());
});
