/**
 * The inner loops of products as WebAssembly's text, for scripts/wasm-compiler.ts. They are not C++, because the order
 * counts in which products and sums are written, and compilers change it: a processor that adds a product as soon as it
 * is there takes 15 % longer for the same instructions than one that has four products and then four sums (AMD Zen 4).
 */

/** Rows of a tile; vectors of four floats of a panel. As in src/native/support/tiles.h. */
const rows = 4;
const panelVectors = 2;

interface Tile {
  readonly name: string;
  /** Of four floats each, beside one another: those of one panel or of two. */
  readonly vectors: 2 | 4;
  /** Where the four numbers of a step are on the left; see src/engines/wasm/native/product-tiles.h. */
  readonly left: 'rows' | 'packed' | 'neighbours';
  /** Whether y keeps what it has. */
  readonly adds: boolean;
}

/** What src/engines/wasm/native/product-tiles.h declares. */
const tiles: readonly Tile[] = [
  { name: 'multiplyTiles', vectors: 2, left: 'rows', adds: false },
  { name: 'multiplyWideTiles', vectors: 4, left: 'rows', adds: false },
  { name: 'correlateTiles', vectors: 2, left: 'neighbours', adds: true },
  { name: 'correlateWideTiles', vectors: 4, left: 'neighbours', adds: true },
  { name: 'correlatePackedTiles', vectors: 2, left: 'packed', adds: true },
  { name: 'correlatePackedWideTiles', vectors: 4, left: 'packed', adds: true },
];

/** A C++ source with the functions. */
export const tilesSource = (): string => `asm(R"(\n${tiles.map(write).join('')})");\n`;

const range = (count: number) => Array.from({ length: count }, (_, index) => index);

function write({ name, vectors, left, adds }: Tile): string {
  /** Whether steps lie as far apart as is known here, so that none needs an addition of its own. */
  const isFixed = left !== 'neighbours';
  /** Written one behind the other: the constant part of an address costs nothing. */
  const steps = isFixed ? 16 : 8;
  const stepBytes = left === 'rows' ? 4 : 4 * rows;
  const columns = range(vectors);
  const sum = (row: number, column: number) => `sum${row}.${column}`;
  const parameters = [
    ...['x', 'tileStride', 'stride', 'tiles', 'panel', 'secondPanel', 'panelStride', 'depth', 'y', 'yStride'],
    'unused',
  ];
  const integers = [...range(rows).map((row) => `x${row}`), 'b', 'secondB', 'stepsLeft', 'yRow'];
  const sums = range(rows).flatMap((row) => columns.map((column) => sum(row, column)));
  const vectorLocals = [...sums, ...range(vectors).map((column) => `b${column}`), 'a'];
  const products = range(4).map((index) => `product${index}`);
  const locals = [...parameters, ...integers, ...vectorLocals, ...products];
  const lines: string[] = [];
  const put = (...instructions: string[]) => void lines.push(...instructions);
  const get = (...names: string[]) => put(...names.map((local) => `local.get ${locals.indexOf(local)}`));
  const set = (local: string) => put(`local.set ${locals.indexOf(local)}`);
  const advance = (local: string, by: string | number) => {
    get(local);
    if (typeof by === 'string') get(by);
    else put(`i32.const ${by}`);
    put('i32.add');
    set(local);
  };

  /** Four products, then their four sums: those of two rows, or of a row of two panels. */
  const step = (at: number) => {
    const perGroup = 4 / vectors;
    for (let first = 0; first < rows; first += perGroup) {
      const group = range(perGroup).flatMap((index) =>
        columns.map((column) => [first + index, column] as const),
      );
      for (const [index, [row, column]] of group.entries()) {
        if (column === 0) {
          get(isFixed ? `x${row}` : 'x0');
          put(`v128.load32_splat ${isFixed ? at * stepBytes : row * 4}`);
          set('a');
        }
        if (row === 0) {
          get(column < panelVectors ? 'b' : 'secondB');
          put(`v128.load ${(isFixed ? at * 32 : 0) + (column % panelVectors) * 16}:p2align=2`);
          set(`b${column}`);
        }
        get('a', `b${column}`);
        put('f32x4.mul');
        set(`product${index}`);
      }
      for (const [index, [row, column]] of group.entries()) {
        get(sum(row, column), `product${index}`);
        put('f32x4.add');
        set(sum(row, column));
      }
    }
    if (!isFixed) advancePointers(1);
  };
  const advancePointers = (count: number) => {
    const pointers = isFixed ? range(rows).map((row) => `x${row}`) : ['x0'];
    for (const pointer of pointers) advance(pointer, isFixed ? stepBytes * count : 'stride');
    for (const pointer of ['b', 'secondB'].slice(0, vectors / panelVectors))
      advance(pointer, isFixed ? 32 * count : 'panelStride');
  };

  /**
   * V8's TurboFan (Node 20 and 22) places an instruction as late as it can: a product right before its sum. A value that
   * needs the sums of two rows, and later those of the other two, makes it place each four together. It is computed once,
   * where a tile ends. Where vectors are joined to wider ones there is no TurboFan, and it would keep them apart.
   */
  const keepOrder = () => {
    if (vectors === 4) return;
    const any = (...four: string[]) => {
      get(four[0]!, four[1]!);
      put('v128.or');
      get(four[2]!, four[3]!);
      put('v128.or', 'v128.or');
    };
    get('unused');
    any(...sums.slice(4));
    any(...sums.slice(0, 4));
    for (const again of sums.slice(0, 2)) {
      get(again);
      put('v128.or');
    }
    put('v128.or', 'v128.store 0:p2align=2');
  };

  put('loop');
  get('x');
  set('x0');
  if (isFixed)
    for (const row of range(rows - 1)) {
      get(`x${row}`);
      if (left === 'rows') get('stride');
      else put('i32.const 4');
      put('i32.add');
      set(`x${row + 1}`);
    }
  get('panel');
  set('b');
  if (vectors === 4) {
    get('secondPanel');
    set('secondB');
  }
  get('depth');
  set('stepsLeft');
  for (const local of sums) {
    put('v128.const 0, 0, 0, 0');
    set(local);
  }
  // The end after each step has a block of its own, the last step's comes first: TurboFan then loads what a step needs in the step.
  put('block', ...range(steps - 1).map(() => 'block'), 'loop');
  for (const at of range(steps)) {
    step(at);
    if (at === steps - 1) break;
    get('stepsLeft');
    put(`i32.const ${at + 1}`, 'i32.eq', `br_if ${steps - 1 - at}`);
  }
  if (isFixed) advancePointers(steps);
  advance('stepsLeft', -steps);
  get('stepsLeft');
  put('i32.const 0', 'i32.gt_s', 'br_if 0', 'end_loop');
  keepOrder();
  for (const block of range(steps - 1)) {
    put(`br ${steps - 1 - block}`, 'end_block');
    keepOrder();
  }
  put('end_block');
  get('y');
  set('yRow');
  for (const row of range(rows)) {
    if (adds)
      for (const column of columns) {
        get('yRow');
        put(`v128.load ${column * 16}:p2align=2`);
        set(`product${column}`);
      }
    for (const column of columns) {
      get('yRow', sum(row, column));
      if (adds) {
        get(`product${column}`);
        put('f32x4.add');
      }
      put(`v128.store ${column * 16}:p2align=2`);
    }
    advance('yRow', 'yStride');
  }
  get('yRow');
  set('y');
  advance('x', 'tileStride');
  advance('tiles', -1);
  get('tiles');
  put('br_if 0', 'end_loop', 'end_function');

  const type = `${name} (${parameters.map(() => 'i32').join(', ')}) -> ()`;
  const types = [...integers.map(() => 'i32'), ...[...vectorLocals, ...products].map(() => 'v128')];
  const head = [`.globl ${name}`, `.type ${name},@function`];
  const declarations = [`.functype ${type}`, `.local ${types.join(', ')}`];
  return `${head.join('\n')}\n${name}:\n${[...declarations, ...lines].join('\n')}\n`;
}
