import { readdir, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { Place } from '../../diagnostics/code-frame.js';
import type { FileProblem } from '../../diagnostics/file-problem.js';
import type { Hint } from '../../diagnostics/hint.js';
import { describeFileError } from '../../system/describe-file-error.js';
import { descriptorOf, isStandardInput, shownPath } from '../../system/descriptor-path.js';
import { isWithin } from '../../system/is-within.js';
import { parseSource } from './parse-source.js';
import { readTextFile } from './read-text-file.js';
import { mergeTrees, toValue, type SourceMap, type SourceNode } from './source-tree.js';

export interface ReadExperiment {
  /** All files merged, without `extends`; null where one of them gives nothing that can be used. */
  readonly tree: SourceMap | null;
  readonly problems: readonly FileProblem[];
  /** Every file read: first the one named, then those it extends. */
  readonly files: readonly SourceFile[];
}

export interface SourceFile {
  /** As shown to people. */
  readonly path: string;
  /** As `fileIdentity` has it; null where it is no regular file, or could not be read. */
  readonly identity: string | null;
  /** Empty where it could not be read. */
  readonly text: string;
}

/**
 * Reads a file and everything that it extends. A path is shown as the user, or the file naming it, wrote it. Only the
 * user names a file anywhere: an extended one lies, links resolved, in the folder of the first file or in the working
 * directory, so that a file that someone else wrote shows nothing else of this machine.
 */
export async function readExperiment(path: string): Promise<ReadExperiment> {
  const reader = new Reader(path);
  const tree = await reader.read(path, null, []);
  return { tree, problems: reader.problems, files: reader.files };
}

interface Link {
  /** Real path: one file under two names is one file. */
  readonly real: string;
  readonly shown: string;
}

class Reader {
  readonly problems: FileProblem[] = [];
  readonly files: SourceFile[] = [];
  /** A base that is extended by many is read once. */
  #known = new Map<string, SourceMap | null>();
  #folders: readonly string[] | undefined;

  constructor(private readonly first: string) {}

  /** `from` is where an extending file names this one; `chain` leads from the first file to that one. */
  async read(path: string, from: Place | null, chain: readonly Link[]): Promise<SourceMap | null> {
    try {
      const shown = from ? path : shownPath(path);
      const real = from ? await realpath(path) : await realPathOfNamed(path);
      const links = [...chain, { real, shown }];
      const start = chain.findIndex((link) => link.real === real);
      if (start !== -1 && from) {
        const cycle = links.slice(start).map((link) => link.shown);
        return this.#refuse({ kind: 'file', reason: 'extends-cycle', place: from, chain: cycle });
      }
      if (from && !(await this.#mayExtend(real)))
        return this.#refuse({ kind: 'file', reason: 'extends-outside', place: from, real });
      const known = this.#known.get(real);
      if (known !== undefined) return known;
      const read = await readTextFile(real, from === null);
      const [identity, text] = 'text' in read ? [read.identity, read.text] : [null, ''];
      this.files.push({ path: shown, identity, text });
      if ('detail' in read)
        return this.#refuse({ kind: 'file', reason: 'file-unreadable', path: shown, ...read, place: from });
      const tree = await this.#follow(shown, from ? dirname(path) : folderOf(path), read.text, links);
      this.#known.set(real, tree);
      return tree;
    } catch (error) {
      return this.#refuse(await describeFailure(error, path, from));
    }
  }

  async #mayExtend(real: string): Promise<boolean> {
    this.#folders ??= await Promise.all(
      [folderOf(this.first), process.cwd()].map((folder) => realpath(folder)),
    );
    return this.#folders.some((folder) => isWithin(folder, real));
  }

  async #follow(
    path: string,
    folder: string,
    text: string,
    chain: readonly Link[],
  ): Promise<SourceMap | null> {
    const { tree, problems } = parseSource({ path, text, offset: 0 });
    for (const problem of problems) this.problems.push(problem); // a quarter of a million arguments overflow the stack
    if (!tree) return null;
    const root = asMapping(tree);
    if (!root) {
      const expected = 'a mapping of fields';
      const got = toValue(tree);
      return this.#refuse({
        kind: 'file',
        reason: 'wrong-type',
        place: tree.place,
        field: path,
        expected,
        got,
        hint: hintForFile(got),
      });
    }
    const bases: (SourceMap | null)[] = [];
    for (const { place, value } of this.#basesOf(root)) {
      bases.push(await this.read(isAbsolute(value) ? value : join(folder, value), place, chain));
    }
    const own = new Map(root.entries);
    own.delete('extends');
    return [...bases, { ...root, entries: own }].reduce(
      (base, over) => base && over && (mergeTrees(base, over) as SourceMap),
    );
  }

  #basesOf(root: SourceMap): { place: Place; value: string }[] {
    const node = root.entries.get('extends')?.node;
    if (!node) return [];
    const paths = node.kind === 'list' ? node.items : [node];
    if (paths.length === 0)
      this.problems.push({ kind: 'file', reason: 'empty-list', place: node.place, field: 'extends' });
    return paths.flatMap((item) => {
      const { place } = item;
      if (item.kind === 'scalar' && typeof item.value === 'string' && item.value !== '')
        return [{ place, value: item.value }];
      const expected = 'a path or a list of paths';
      this.problems.push({
        kind: 'file',
        reason: 'wrong-type',
        place,
        field: 'extends',
        expected,
        got: toValue(item),
        hint: null,
      });
      return [];
    });
  }

  #refuse(problem: FileProblem): null {
    this.problems.push(problem);
    return null;
  }
}

/** A file of lines such as `name = a`, or of list items. */
function hintForFile(got: unknown): Hint | null {
  if (Array.isArray(got)) return { rule: 'no-dashes' };
  const [, name, value] = (typeof got === 'string' && /^([\w.]+) *= *(\S+)/.exec(got)) || [];
  return name === undefined ? null : { rule: 'colon', text: `${name}: ${value}` };
}

/** An empty file sets nothing; anything else but a mapping is no experiment. */
function asMapping(tree: SourceNode): SourceMap | null {
  if (tree.kind === 'map') return tree;
  return tree.kind === 'scalar' && tree.value === null
    ? { kind: 'map', place: tree.place, entries: new Map() }
    : null;
}

/** What a file extends is relative to this folder: the file's, or the working directory for standard input and the like. */
const folderOf = (named: string): string =>
  isStandardInput(named) || descriptorOf(named) !== null ? '.' : dirname(named);

/** Standard input, and a pipe without a name (`/dev/fd/63`), have no other path. @throws the file system's errors */
async function realPathOfNamed(path: string): Promise<string> {
  if (isStandardInput(path)) return '-';
  try {
    return await realpath(path);
  } catch (error) {
    if (descriptorOf(path) === null) throw error;
    await stat(path);
    return path;
  }
}

async function describeFailure(error: unknown, path: string, from: Place | null): Promise<FileProblem> {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error; // not the file system's: an error of this program
  const unreadable = (detail: string) =>
    ({
      kind: 'file',
      reason: 'file-unreadable',
      path: from ? path : shownPath(path),
      detail,
      place: from,
    }) as const;
  if (code !== 'ENOENT') return unreadable(describeFileError(error));
  const target = await readlink(path).catch(() => null);
  if (target !== null) return unreadable(`it is a link to \`${target}\`, which is not there`);
  if (from) return { kind: 'file', reason: 'extends-not-found', place: from, path };
  const names = await readdir(dirname(path)).catch(() => []);
  // Compared as paths, since the user's own is one.
  const siblings = names.filter((name) => /\.ya?ml$/.test(name)).map((name) => join(dirname(path), name));
  return { kind: 'file', reason: 'file-not-found', path: join(dirname(path), basename(path)), siblings };
}
