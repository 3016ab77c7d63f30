/** One bit per value, 1 where it is not 0; the lowest bit of a byte first. Base64. */
export function packBits(values: ArrayLike<number>): string {
  const bytes = Buffer.alloc(Math.ceil(values.length / 8));
  for (let index = 0; index < values.length; index++)
    if (values[index] !== 0) bytes[index >> 3]! |= 1 << (index & 7);
  return bytes.toString('base64');
}
