/** Names that every file system takes, and paths that mean the same on every one. */
import { sep } from 'node:path';

/** Windows' devices, in every folder and with every extension. */
const device = /^(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(\.|$)/i;

/** A folder for something that has a name of its own; on Windows another one where the system would not have that. */
export function folderNamed(name: string, platform = process.platform): string {
  const isTaken = platform === 'win32' && (device.test(name) || /[. ]$/.test(name)); // it drops dots at the end
  return isTaken ? `${name}_` : name;
}

/** What a label must not have to be one name, by the system. */
export function forbiddenIn(platform = process.platform): RegExp {
  return platform === 'win32' ? /[/\\<>:"|?*\x00-\x1f\x7f]|[. ]$/g : /[/\\\x00-\x1f\x7f]/g;
}

/** A relative path as files of results keep it, with `/` on every system: they may be moved to another one. */
export function portablePath(path: string, separator = sep): string {
  return separator === '/' ? path : path.replaceAll(separator, '/');
}
