/** The open descriptor that a path names, such as `/dev/fd/3` or `/dev/stdout`; null for any other path. */
export function descriptorOf(path: string): number | null {
  const standard = ['/dev/stdin', '/dev/stdout', '/dev/stderr'].indexOf(path);
  if (standard !== -1) return standard;
  const number = /^(?:\/dev|\/proc\/(?:self|thread-self))\/fd\/(\d+)$/.exec(path)?.[1];
  return number === undefined ? null : Number(number);
}

/** Whether a file that the user names for reading is standard input. */
export const isStandardInput = (path: string): boolean => path === '-' || descriptorOf(path) === 0;

/** Whether a file that the user names for writing is standard output. */
export const isStandardOutput = (path: string): boolean => path === '-' || descriptorOf(path) === 1;

/** A file that the user names for reading, as people are shown it. */
export const shownPath = (path: string): string => (isStandardInput(path) ? '<stdin>' : path);
