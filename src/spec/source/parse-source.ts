import { isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import type { Place } from '../../diagnostics/code-frame.js';
import type { FileProblem } from '../../diagnostics/file-problem.js';
import { composeDocument } from './compose-document.js';
import type { SourceEntry, SourceNode } from './source-tree.js';

/** A text and where in it the YAML begins: 0 in a file, behind the `=` in a `--set`. */
export interface Source {
  readonly path: string;
  readonly text: string;
  readonly offset: number;
}

/** Values that the aliases of one source may repeat: more than any experiment needs, too few for a bomb. */
const aliasLimit = 10_000;
/** No experiment nests deeper than 8; beyond the stack's depth a file could end the program. */
const depthLimit = 64;

/** Parses one YAML 1.2 document (core schema). The tree is null where the text gives none that can be used. */
export function parseSource(source: Source): { tree: SourceNode | null; problems: readonly FileProblem[] } {
  const { path, text, offset } = source;
  const placeAt = (start: number, end: number): Place => ({
    path,
    text,
    start: Math.min(start + offset, text.length),
    end: Math.min(end + offset, text.length),
  });
  const syntax = (place: Place, detail: string) => ({
    tree: null,
    problems: [{ kind: 'file', reason: 'yaml-syntax', place, detail } as const],
  });
  const { contents, fault } = composeDocument(text.slice(offset), depthLimit);
  if (fault) return syntax(placeAt(...fault.pos), fault.message);
  const walk = new Walk(placeAt);
  const tree = walk.locate(contents, placeAt(0, 0), 0);
  return { tree: walk.fatal ? null : tree, problems: walk.problems };
}

class Walk {
  readonly problems: FileProblem[] = [];
  fatal = false;
  #anchors = new Map<string, Node>();
  /** The aliases being followed, outermost first, with their places. */
  #openAliases = new Map<string, Place>();
  #repeated = 0;

  constructor(private readonly placeAt: (start: number, end: number) => Place) {}

  /** `parent` is shown for a value that is not written, as in `name:`. */
  locate(node: Node | null, parent: Place, depth: number): SourceNode {
    const [start, end] = node?.range ?? [0, 0];
    const place = start === end ? parent : this.placeAt(start, end);
    const nothing: SourceNode = { kind: 'scalar', place, value: null };
    if (this.fatal || node === null) return nothing;
    if (depth > depthLimit)
      return this.#refuse({ place, reason: 'yaml-syntax', detail: 'it is nested too deeply' });
    if (isAlias(node)) return this.#follow(node.source, place, depth);
    if (this.#openAliases.size > 0 && ++this.#repeated > aliasLimit) {
      const [alias, outermost] = [...this.#openAliases][0]!;
      return this.#refuse({ place: outermost, reason: 'alias-limit', alias, limit: aliasLimit });
    }
    if (this.#openAliases.size === 0 && 'anchor' in node && node.anchor) this.#anchors.set(node.anchor, node);
    if (isSeq<Node | null>(node)) {
      return { kind: 'list', place, items: node.items.map((item) => this.locate(item, place, depth + 1)) };
    }
    if (isMap<Node | null, Node | null>(node)) {
      const entries = new Map<string, SourceEntry>();
      for (const pair of node.items) this.#addEntry(entries, pair, place, depth);
      return { kind: 'map', place, entries };
    }
    return isScalar<string | number | boolean | null>(node)
      ? { kind: 'scalar', place, value: node.value }
      : nothing;
  }

  #addEntry(
    entries: Map<string, SourceEntry>,
    pair: Pair<Node | null, Node | null>,
    map: Place,
    depth: number,
  ): void {
    const { key, value } = pair;
    const [start, end] = key?.range ?? [0, 0];
    const place = start === end ? map : this.placeAt(start, end);
    if (!isScalar<string | number | boolean | null>(key) || key.value === null) {
      this.#refuse({ place, reason: 'yaml-syntax', detail: 'a key must be a word' });
      return;
    }
    const name = typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
    const first = entries.get(name)?.key;
    if (first) this.problems.push({ kind: 'file', reason: 'duplicate-key', place, key: name, first });
    const node = this.locate(value, place, depth + 1);
    if (!first) entries.set(name, { key: place, node });
  }

  #follow(alias: string, place: Place, depth: number): SourceNode {
    const target = this.#anchors.get(alias);
    if (!target) {
      return this.#refuse({
        place,
        reason: 'yaml-syntax',
        detail: `there is no anchor \`&${alias}\` above this alias`,
      });
    }
    if (this.#openAliases.has(alias))
      return this.#refuse({ place, reason: 'alias-limit', alias, limit: aliasLimit });
    this.#openAliases.set(alias, place);
    const node = this.locate(target, place, depth + 1);
    this.#openAliases.delete(alias);
    return { ...node, place };
  }

  /** Ends the walk: what follows would be noise, or would not end. */
  #refuse(problem: RefusedProblem): SourceNode {
    if (!this.fatal) this.problems.push({ kind: 'file', ...problem });
    this.fatal = true;
    return { kind: 'scalar', place: problem.place, value: null };
  }
}

type RefusedProblem = { readonly place: Place } & (
  | { readonly reason: 'yaml-syntax'; readonly detail: string }
  | { readonly reason: 'alias-limit'; readonly alias: string; readonly limit: number }
);
