/** Square images [N, side, side] with rows and columns exchanged. */
export function transposeImages(images: Uint8Array, side: number): Uint8Array {
  const transposed = new Uint8Array(images.length);
  for (let image = 0; image < images.length; image += side * side)
    for (let row = 0; row < side; row++)
      for (let column = 0; column < side; column++)
        transposed[image + row * side + column] = images[image + column * side + row]!;
  return transposed;
}
