/** The layers of MobileNet v1 (Howard et al. 2017), named as in Keras' weight files. Pure: loads no tensor library. */

export type Layer = {
  /** Keras' layer name: conv1, conv_dw_1, conv_pw_1, …; its batch normalisation is `${name}_bn`. */
  readonly name: string;
  readonly kind: 'image' | 'depthwise' | 'pointwise';
  readonly stride: 1 | 2;
  readonly inChannels: number;
  readonly outChannels: number;
};

/** Channels at width 1 and stride of the thirteen depthwise-separable blocks. */
const blocks: readonly (readonly [channels: number, stride: 1 | 2])[] = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [1024, 2],
  [1024, 1],
];

/** The 27 convolutions for width multiplier `alpha`; channels round down, as in Keras, but never to none. */
export function mobilenetLayers(alpha: number): readonly Layer[] {
  const scaled = (channels: number) => Math.max(1, Math.floor(channels * alpha));
  let inChannels = scaled(32);
  const layers: Layer[] = [
    { name: 'conv1', kind: 'image', stride: 2, inChannels: 3, outChannels: inChannels },
  ];
  for (const [index, [channels, stride]] of blocks.entries()) {
    const block = index + 1;
    const outChannels = scaled(channels);
    layers.push({ name: `conv_dw_${block}`, kind: 'depthwise', stride, inChannels, outChannels: inChannels });
    layers.push({ name: `conv_pw_${block}`, kind: 'pointwise', stride: 1, inChannels, outChannels });
    inChannels = outChannels;
  }
  return layers;
}

/** How many layers are frozen with the first `blocks` of the 13 blocks: the first convolution, and two a block. */
export function frozenLayers(blocks: number): number {
  return blocks === 0 ? 0 : 1 + 2 * blocks;
}

/** Shape of a layer's kernel as this program stores it. */
export function kernelShape(layer: Layer): number[] {
  switch (layer.kind) {
    case 'image':
      return [3, 3, layer.inChannels, layer.outChannels];
    case 'depthwise':
      return [3, 3, layer.inChannels, 1];
    case 'pointwise':
      return [layer.inChannels, layer.outChannels];
  }
}
