/**
 * Whether a JPEG or PNG file holds the mark of its end: decoders take one without it, and show grey or black in its place.
 * A WebP file says how long it is, a TIFF file where its directory is. Other kinds pass.
 */
export function findsEnd(content: Buffer): boolean {
  if (content[0] === 0xff && content[1] === 0xd8) return findsEndOfJpeg(content);
  if (content.length > 8 && content.readUInt32BE(0) === 0x89504e47) return findsEndOfPng(content);
  const tag = content.toString('latin1', 0, 4);
  if (tag === 'RIFF' && content.length >= 8) return content.length + 1 >= 8 + content.readUInt32LE(4); // a byte fills up odd lengths
  if (tag === 'II*\0' && content.length >= 8) return content.readUInt32LE(4) < content.length;
  if (tag === 'MM\0*' && content.length >= 8) return content.readUInt32BE(4) < content.length;
  return true;
}

/** Segments have lengths; within a scan, a marker is an 0xff that no 0x00 follows. (ITU-T T.81, B.1.1) */
function findsEndOfJpeg(content: Buffer): boolean {
  for (let at = 2; at + 1 < content.length;) {
    at = content.indexOf(0xff, at);
    if (at === -1) return false;
    const marker = content[at + 1];
    if (marker === 0xd9) return true;
    const isAlone =
      marker === 0 || marker === 0xff || (marker! >= 0xd0 && marker! <= 0xd7) || marker === 0x01;
    if (marker === undefined || (!isAlone && at + 4 > content.length)) return false;
    at += isAlone ? (marker === 0xff ? 1 : 2) : 2 + content.readUInt16BE(at + 2);
  }
  return false;
}

/** Chunks have lengths. (ISO/IEC 15948, 5.3) */
function findsEndOfPng(content: Buffer): boolean {
  for (let at = 8; at + 8 <= content.length; at += 12 + content.readUInt32BE(at))
    if (content.toString('latin1', at + 4, at + 8) === 'IEND') return true;
  return false;
}
