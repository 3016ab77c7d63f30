import { pythonEnvironment } from '../bench/python-environment.js';
import { runCommand } from '../src/system/run-command.js';

/**
 * Programs of others that read what this one writes. Keras on JAX: of its backends the one that is installed fastest.
 * From nothing it takes half a minute, once, and 1.2 GB.
 */
const packages = [
  'keras==3.15.1',
  'jax==0.10.2',
  'onnxruntime==1.32.0',
  'pandas==3.1.1',
  'pyarrow==26.0.1',
  'duckdb==2.0.1',
  'tensorboard==2.21.0',
];

/** The interpreter that has them; null where they cannot be installed here, which standard error says: such tests are skipped. */
export const python = await pythonEnvironment('What is tested with Python is', packages);

/** Runs a program in Python and returns what it prints. @throws Error with all that it said where it fails */
export async function runPython(program: string, ...args: readonly string[]): Promise<string> {
  const { code, stdout, output } = await runCommand(python!, ['-c', program, ...args], {
    env: { ...process.env, KERAS_BACKEND: 'jax', TF_CPP_MIN_LOG_LEVEL: '3' },
  });
  if (code !== 0) throw new Error(output);
  return stdout;
}
