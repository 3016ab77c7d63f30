import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { PredictionAnswer, PredictionRequest } from './prediction-protocol.js';

const program = fileURLToPath(new URL('../../dist/predict/predict-process.js', import.meta.url));

/**
 * Computes in a process of its own, which loads TensorFlow.
 * @param environment variables for the process, beside this one's
 * @throws Error with what it said, where it ends without an answer
 */
export function runPrediction(
  request: PredictionRequest,
  environment: Readonly<Record<string, string>>,
): Promise<PredictionAnswer> {
  const child = fork(program, [], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    execArgv: [],
  });
  const said: Buffer[] = [];
  child.stderr!.on('data', (piece: Buffer) => said.push(piece));
  return new Promise((resolve, reject) => {
    child.once('message', (answer) => resolve(answer as unknown as PredictionAnswer));
    child.once('error', reject);
    child.once('close', (code, signal) =>
      reject(
        new Error(`the process that predicts ended (${signal ?? code})\n${Buffer.concat(said).toString()}`),
      ),
    );
    child.send(request, () => {}); // a process that is gone is reported by its end
  });
}
