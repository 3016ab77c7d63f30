const codes = [
  'EACCES',
  'EPERM',
  'EBUSY', // of Windows: another process has it open
  'EROFS',
  'ENOSPC',
  'EDQUOT',
  'EFBIG',
  'EIO',
  'ENOTDIR',
  'EISDIR',
  'ENAMETOOLONG',
  'ESTALE', // of network file systems, as are the next two
  'ENOTCONN',
  'ETIMEDOUT',
];

/** Whether it is the disk or its permissions that refuse: a reason to give people, not an error of this program. */
export function isStorageError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && codes.includes((error as NodeJS.ErrnoException).code ?? '');
}
