/**
 * Weights [length, size], row by row, of the pixels of a line in each pixel of the resized line: a triangle about its
 * centre, as wide on either side as the distance of two such centres, but no less than one pixel.
 */
export function triangleWeights(length: number, size: number): Float32Array {
  const ratio = length / size;
  const reach = Math.max(1, ratio);
  const weights = new Float32Array(length * size);
  for (let target = 0; target < size; target++) {
    const centre = (target + 0.5) * ratio;
    const own = Array.from({ length }, (_, pixel) => Math.max(0, 1 - Math.abs(pixel + 0.5 - centre) / reach));
    const sum = own.reduce((a, b) => a + b, 0);
    for (const [pixel, weight] of own.entries()) weights[pixel * size + target] = weight / sum;
  }
  return weights;
}
