/** Of three channels one: luma of Rec. 601, in the fixed-point numbers of Pillow's L. */
export function toGrey(rgb: Uint8Array): Uint8Array {
  const grey = new Uint8Array(rgb.length / 3);
  for (let pixel = 0; pixel < grey.length; pixel++)
    grey[pixel] =
      (19595 * rgb[pixel * 3]! + 38470 * rgb[pixel * 3 + 1]! + 7471 * rgb[pixel * 3 + 2]! + 0x8000) >> 16;
  return grey;
}
