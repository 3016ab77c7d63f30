import { frozenLayers, mobilenetLayers } from './layers.js';

/**
 * Numbers that a training step has of one image at the same time: the outputs of the convolutions that train, which it keeps
 * until the gradients, and the gradient of the largest.
 */
export function countActivations(alpha: number, resolution: number, frozenBlocks: number): number {
  let side = resolution;
  const outputs = mobilenetLayers(alpha).map(({ stride, outChannels }) => {
    side = Math.ceil(side / stride);
    return side * side * outChannels;
  });
  const trained = outputs.slice(frozenLayers(frozenBlocks));
  return trained.reduce((sum, output) => sum + output, 0) + Math.max(0, ...trained);
}
