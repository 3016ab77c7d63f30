import { RunnerError } from '../diagnostics/runner-error.js';
import { describeFileError } from '../system/describe-file-error.js';
import { fileIdentity } from '../system/file-identity.js';
import { writeNamedFile } from '../system/write-named-file.js';

/** A file that this command has read, and must not overwrite. */
interface ReadFile {
  readonly path: string;
  readonly identity: string | null;
}

/**
 * Saves a text, or bytes, where the user says, but never over a file that this command reads, under whatever name.
 * @param read what the command reads
 * @param fresh as `writeNamedFile` has it
 * @throws RunnerError `not-written`
 */
export async function saveNamedFile(
  path: string,
  content: string | Uint8Array,
  { read = [], fresh = false }: { readonly read?: readonly ReadFile[]; readonly fresh?: boolean },
): Promise<void> {
  const identity = await fileIdentity(path);
  const same = read.find((file) => file.identity !== null && file.identity === identity);
  if (same)
    throw notWritten(
      path,
      same.path === path ? 'it is read by this command' : `it is \`${same.path}\`, which this command reads`,
    );
  try {
    await writeNamedFile(path, content, { fresh });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error; // not the file system's: an error of this program
    throw notWritten(path, code === 'ENOENT' ? 'no file can be made there' : describeFileError(error));
  }
}

export const notWritten = (path: string, cause: string): RunnerError =>
  new RunnerError([{ kind: 'environment', reason: 'not-written', path, cause }]);
