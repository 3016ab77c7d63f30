/** Zeros and ones as bits, the lowest bit of a byte first; bits behind the last one are 0. In base64: 10,000 bits take 1,668 characters. */
export function packBits(bits: ArrayLike<number>): string {
  const bytes = Buffer.alloc(Math.ceil(bits.length / 8));
  for (let index = 0; index < bits.length; index++) bytes[index >> 3]! |= bits[index]! << (index & 7);
  return bytes.toString('base64');
}
