const words: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EBUSY: 'another process has it open',
  EEXIST: 'it exists already',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
  ENOENT: 'it is not there',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  ENOTDIR: 'a part of its path is a file, not a folder',
  ENXIO: 'it is not a regular file', // a socket
  EROFS: 'its file system is read-only',
  ETXTBSY: 'it is a program that runs',
  EBADF: 'this descriptor is not open for it',
  EIO: 'the disk reports an error',
  EPIPE: 'nobody reads it',
  ERR_INVALID_ARG_VALUE: 'its name has a NUL character',
};

/** Why the file system refused, as a part of a sentence about the file. */
export function describeFileError(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return words[code] ?? message;
}
