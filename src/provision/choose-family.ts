import { titleOf } from '../diagnostics/problem.js';
import { RunnerError } from '../diagnostics/runner-error.js';
import { findCompiler, findPython } from '../engines/tensorflow/find-tool.js';
import { detectMachine } from './detect-machine.js';
import type { EngineRequest } from './choose-engine.js';
import { locateEngine, openProvisionedEngine, provisionEngine } from './provision-engine.js';

/** Engines whose numbers may be compared with each other: those of one family only. */
export type EngineFamily = 'tensorflow' | 'wasm';

export interface FamilyChoice {
  readonly family: EngineFamily;
  /** Completes the sentence "this family was taken because …". */
  readonly why: string;
}

export interface FamilyOptions {
  readonly engine: EngineRequest;
  /** The family of the trials that are finished; null where there are none. */
  readonly finished: EngineFamily | null;
  /** Of a TensorFlow that could be prepared: do it, count on it, or do without. */
  readonly unprepared: 'prepare' | 'expect' | 'avoid';
  readonly onProgress: (line: string) => void;
}

/**
 * `auto` goes on with the family of the finished trials, so that no comparison has two. With none it takes TensorFlow,
 * which is faster, where it is prepared or can be; else WebAssembly, which comes with the package.
 * @throws RunnerError `bad-libtensorflow`
 */
export async function chooseFamily(options: FamilyOptions): Promise<FamilyChoice> {
  const { engine, finished, unprepared, onProgress } = options;
  if (engine !== 'auto')
    return { family: engine === 'wasm' ? 'wasm' : 'tensorflow', why: `--engine ${engine}` };
  if (finished !== null) return { family: finished, why: 'the finished trials are of it' };
  try {
    const location = await locateEngine(await detectMachine(), { engine });
    if ((await openProvisionedEngine(location)) !== null) return tensorflow('it is prepared');
    if (unprepared === 'avoid') return wasm('TensorFlow is not prepared');
    if (unprepared === 'expect') {
      const missing = await findMissingTool();
      return missing === null ? tensorflow('`runner run` can prepare it') : wasm(missing);
    }
    await provisionEngine({ engine, onProgress });
    return tensorflow('it was prepared');
  } catch (error) {
    const [problem] = error instanceof RunnerError ? error.problems : [];
    if (!problem || !obstacles.has(problem.reason)) throw error;
    const why = titleOf(problem);
    return problem.reason === 'unsupported-platform' ? { family: 'wasm', why } : wasm(why);
  }
}

/** Why TensorFlow cannot be had on a machine. Anything else, such as a library that the user names, is a mistake to be told. */
const obstacles: ReadonlySet<string> = new Set([
  'unsupported-platform',
  'missing-python',
  'missing-pip',
  'missing-compiler',
  'engine-download-failed',
  'engine-compile-failed',
]);

const tensorflow = (why: string): FamilyChoice => ({ family: 'tensorflow', why });
const wasm = (obstacle: string): FamilyChoice => ({
  family: 'wasm',
  why: `${obstacle}; with TensorFlow, which \`runner setup\` prepares, trials take half to nine tenths of the time`,
});

async function findMissingTool(): Promise<string | null> {
  if (process.env.RUNNER_LIBTENSORFLOW === undefined && (await findPython()).command === null)
    return 'TensorFlow cannot be downloaded without Python 3';
  return (await findCompiler()).command === null
    ? 'TensorFlow cannot be prepared without a C++ compiler'
    : null;
}
