import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { moveAway } from '../../system/cache-lock.js';
import { renamePath } from '../../system/rename-path.js';
import { runCommand } from '../../system/run-command.js';

/** A package of Debian's archive that holds a data set's files, gzipped. */
export interface DebianPackage {
  readonly package: string;
  /** Where it installs them. */
  readonly directory: string;
  /** Of the download. */
  readonly megabytes: number;
}

export interface DebianRequest {
  readonly debian: DebianPackage;
  /** As the package has them. */
  readonly fileNames: readonly string[];
  /** The folder to put them into. */
  readonly prepared: string;
  readonly onProgress: (line: string) => void;
}

/**
 * Debian's package without root: with lists and cache of its own, unpacked rather than installed.
 * @throws Error that says why not
 */
export async function fetchDebianPackage(request: DebianRequest): Promise<void> {
  const { debian, fileNames, prepared, onProgress } = request;
  const apt = join(prepared, 'apt');
  const folders = { lists: join(apt, 'lists'), cache: join(apt, 'cache'), files: join(apt, 'files') };
  for (const folder of [
    join(folders.lists, 'partial'),
    join(folders.cache, 'archives', 'partial'),
    folders.files,
  ]) {
    await mkdir(folder, { recursive: true });
  }
  const options = ['-o', `Dir::State::Lists=${folders.lists}`, '-o', `Dir::Cache=${folders.cache}`];
  options.push('-o', 'APT::Sandbox::User=', '-o', 'Acquire::http::Timeout=20', '-o', 'Acquire::Retries=1');
  onProgress("Reading the lists of Debian's archive");
  await succeed('apt-get', [...options, '--quiet', 'update'], folders.files);
  onProgress(`Downloading Debian's package ${debian.package} (${debian.megabytes} MB)`);
  await succeed('apt-get', [...options, '--quiet', 'download', debian.package], folders.files);
  const archive = (await readdir(folders.files)).find((name) => name.endsWith('.deb'));
  if (archive === undefined) throw new Error('nothing was downloaded');
  const unpacked = join(apt, 'unpacked');
  await succeed('dpkg-deb', ['-x', archive, unpacked], folders.files);
  for (const name of fileNames) {
    await renamePath(join(unpacked, debian.directory, name), join(prepared, name));
  }
  await moveAway(apt, join(prepared, '..'));
}

async function succeed(command: string, args: readonly string[], cwd: string): Promise<void> {
  const { code, notFound, output } = await runCommand(command, args, { cwd });
  if (notFound) throw new Error(`no such command as ${command}`);
  const lines = output.trim().split('\n');
  const error = lines.filter((line) => line.startsWith('E: ')).at(-1) ?? lines.at(-1);
  if (code !== 0) throw new Error(error ?? `${command} ended with ${code}`);
}
