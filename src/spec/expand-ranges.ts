import type { FileProblem } from '../diagnostics/file-problem.js';
import { parameterNames, takesRange } from './schema/compile-schema.js';
import { countLinear, linearValues, logValues } from './range-values.js';
import { describePath } from './source/source-path.js';
import type { SourceMap, SourceNode, SourcePath } from './source/source-tree.js';

/** Values that the ranges of one file may have: as many as a plan has trials at most. */
const rangeLimit = 100_000;

/**
 * Writes the ranges of axes and zip groups out as lists, so that everything after sees lists only. A value
 * made by a range has the range's place. Fields of a wrong type are left to the check of the schema.
 */
export function expandRanges(root: SourceMap): { tree: SourceMap; problems: readonly FileProblem[] } {
  const expansion = new RangeExpansion();
  const tree = mapFields(root, (node, name) => {
    if (name === 'zip') return expansion.expandZip(node, ['zip']);
    if (name !== 'matrix') return node;
    return node.kind === 'list'
      ? { ...node, items: node.items.map((item, index) => expansion.expandGrid(item, ['matrix', index])) }
      : expansion.expandGrid(node, ['matrix']);
  });
  return { tree, problems: expansion.problems };
}

class RangeExpansion {
  readonly problems: FileProblem[] = [];
  #made = 0;

  expandGrid(node: SourceNode, path: SourcePath): SourceNode {
    if (node.kind !== 'map') return node;
    return mapFields(node, (child, name) =>
      name === 'zip'
        ? this.expandZip(child, [...path, name])
        : isParameter(name)
          ? this.#expandAxis(child, [...path, name])
          : child,
    );
  }

  expandZip(node: SourceNode, path: SourcePath): SourceNode {
    if (node.kind !== 'map') return node;
    return mapFields(node, (group, groupName) =>
      group.kind === 'map'
        ? mapFields(group, (column, name) =>
            isParameter(name) ? this.#expandAxis(column, [...path, groupName, name]) : column,
          )
        : group,
    );
  }

  #expandAxis(node: SourceNode, path: SourcePath): SourceNode {
    if (node.kind !== 'map') return node;
    const values = this.#valuesOf(node, path);
    if (!values) return node;
    const { place } = node;
    const list: SourceNode = {
      kind: 'list',
      place,
      items: values.map((value) => ({ kind: 'scalar', place, value })),
    };
    const when = node.entries.get('when');
    if (!when) return list;
    return {
      ...node,
      entries: new Map([
        ['values', { key: place, node: list }],
        ['when', when],
      ]),
    };
  }

  /** Null where there is no range, or a wrong one. */
  #valuesOf(node: SourceMap, path: SourcePath): number[] | null {
    const field = describePath(path);
    const refuse = (detail: string): null => {
      this.problems.push({ kind: 'file', reason: 'bad-range', place: node.place, field, detail });
      return null;
    };
    const linear = ['start', 'stop', 'step'];
    const given = linear.filter((name) => node.entries.has(name));
    const forms = [
      ...(node.entries.has('values') ? ['`values`'] : []),
      ...(given.length > 0 ? [`\`${given[0]}\``] : []),
      ...(node.entries.has('logspace') ? ['`logspace`'] : []),
    ];
    if (forms.length > 1) return refuse(`${forms.join(' and ')} give the values twice`);
    const known = [...linear, 'logspace', 'values', 'when'];
    if ([...node.entries.keys()].some((name) => !known.includes(name))) return null; // the schema tells
    if (forms.length === 0) return refuse('it has no values');
    if (!forms.includes('`values`') && !takesRange(String(path.at(-1))))
      return refuse('its values are no numbers: write them as a list');
    if (given.length > 0) {
      const missing = linear.find((name) => !given.includes(name));
      if (missing) return refuse(`\`${missing}\` is missing`);
      const numbers = numbersIn(node, linear);
      if (!numbers) return null;
      const [start, stop, step] = numbers as [number, number, number];
      if (step === 0) return refuse('`step` is 0');
      const count = countLinear({ start, stop, step });
      if (count === 0) return refuse(`\`step\` leads away from \`stop\``);
      const arithmetic = `(${stop} − ${start}) / ${step} + 1 = ${count}`;
      return this.#mayMake(node, field, count, arithmetic) ? linearValues({ start, stop, step }) : null;
    }
    const logspace = node.entries.get('logspace')?.node;
    if (logspace?.kind !== 'map') return null;
    const numbers = numbersIn(logspace, ['start', 'stop', 'count']);
    if (!numbers) return null;
    const [start, stop, count] = numbers as [number, number, number];
    if (start <= 0 || stop <= 0 || count < 2 || !Number.isInteger(count)) return null;
    return this.#mayMake(node, field, count, `count = ${count}`) ? logValues({ start, stop, count }) : null;
  }

  #mayMake({ place }: SourceMap, field: string, values: number, arithmetic: string): boolean {
    if (this.#made + values <= rangeLimit) {
      this.#made += values;
      return true;
    }
    const limit = rangeLimit;
    this.problems.push({
      kind: 'file',
      reason: 'range-too-large',
      place,
      field,
      values,
      limit,
      arithmetic,
    });
    return false;
  }
}

const isParameter = (name: string): boolean => parameterNames().includes(name);

function mapFields(map: SourceMap, change: (node: SourceNode, name: string) => SourceNode): SourceMap {
  const entries = [...map.entries].map(
    ([name, { key, node }]) => [name, { key, node: change(node, name) }] as const,
  );
  return { ...map, entries: new Map(entries) };
}

/** The numbers of these fields; null unless all of them are numbers. */
function numbersIn(map: SourceMap, names: readonly string[]): number[] | null {
  const numbers = names.flatMap((name) => {
    const node = map.entries.get(name)?.node;
    return node?.kind === 'scalar' && Number.isFinite(node.value) ? [node.value as number] : [];
  });
  return numbers.length === names.length ? numbers : null;
}
