/** Exchanges rows and columns of square images [N, side, side], where they are: ByClass of EMNIST has 0.5 GB of them. */
export function transposeImages(images: Uint8Array, side: number): void {
  for (let image = 0; image < images.length; image += side * side)
    for (let row = 1; row < side; row++)
      for (let column = 0; column < row; column++) {
        const [below, above] = [image + row * side + column, image + column * side + row];
        const pixel = images[below]!;
        images[below] = images[above]!;
        images[above] = pixel;
      }
}
