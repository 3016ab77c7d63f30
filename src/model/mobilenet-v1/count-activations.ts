import { frozenLayers, mobilenetLayers } from './layers.js';

/** Numbers that a training step keeps of one image until the gradients: the outputs of the convolutions that train. */
export function countActivations(alpha: number, resolution: number, frozenBlocks: number): number {
  let side = resolution;
  const outputs = mobilenetLayers(alpha).map(({ stride, outChannels }) => {
    side = Math.ceil(side / stride);
    return side * side * outChannels;
  });
  return outputs.slice(frozenLayers(frozenBlocks)).reduce((sum, output) => sum + output, 0);
}
