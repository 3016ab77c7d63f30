// Builds dist/: the program by the TypeScript compiler, and in dist/vendor/ what the engine needs of packages
// that are never installed with the program (their install script would download a TensorFlow of 2022):
//   tfjs-node-gpu.cjs   the JavaScript of @tensorflow/tfjs-node-gpu in one file
//   binding/            the C++ sources of its binding, compiled on the user's machine against TensorFlow's wheel
//   native/             our own C++: kernels, what they share, and tensorflow/; compiled into the binding
//   engine.wasm         the WebAssembly engine: the same kernels, compiled by scripts/build-wasm.ts
//   node-api/           Node's C headers for that
//   LICENSES.txt        the licences of everything bundled
// Beside the compiled page of a report lie its style and its script. The trial's process is one bundle of its modules.
// With --check, an error of types ends the build; without it the build goes on and says so.
import { spawn } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const tfjsNode = join(root, 'node_modules/@tensorflow/tfjs-node-gpu');
/** The style and the script of report.html. */
const pageAssets = { from: 'src/report/html/assets', to: 'report/html/assets' };
/** Nothing here calls these parts of TensorFlow.js, and every trial would load them. */
const unused =
  /^(@tensorflow\/tfjs-(layers|converter|data|backend-webgl|backend-cpu)|node-fetch|\.\/callbacks|\.\/proto\/api_pb)$/;
/** All that is called of them, when the bundle is loaded. */
const standIn = 'exports.registerCallbackConstructor = () => {};';
const check = process.argv.includes('--check');

const startedAt = new Date();
await removeLeftovers();
const output = join(root, `dist.${process.pid}`);
await mkdir(output);
try {
  const [typesAreRight] = await Promise.all([
    compile(output),
    bundleVendor(join(output, 'vendor')),
    cp(join(root, pageAssets.from), join(output, pageAssets.to), { recursive: true }),
  ]);
  if (!typesAreRight && check) process.exitCode = 1;
  else {
    const { bundleTrialProcess } = await import('./bundle-trial-process.js');
    await bundleTrialProcess(output);
    if (!typesAreRight) process.stderr.write('Built in spite of errors of types.\n');
    await writeFile(
      join(output, 'build.json'),
      `${JSON.stringify({ startedAt: startedAt.toISOString() })}\n`,
    );
    await replaceDist(output);
  }
} finally {
  await rm(output, { recursive: true, force: true });
}

/** @returns {Promise<boolean>} whether the types are right; the JavaScript is written either way */
async function compile(directory) {
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const options = ['-p', 'tsconfig.build.json', '--outDir', directory, '--noEmitOnError', 'false'];
  const child = spawn(process.execPath, [compiler, ...options], { cwd: root, stdio: ['ignore', 2, 2] });
  const [code, signal] = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (...end) => resolve(end));
  });
  if (signal) throw new Error(`The TypeScript compiler was ended by ${signal}`);
  return code === 0;
}

async function bundleVendor(directory) {
  const { build } = await import('esbuild');
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [join(tfjsNode, 'dist/index.js')],
    outfile: join(directory, 'tfjs-node-gpu.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    metafile: true,
    logLevel: 'warning',
    legalComments: 'none',
    banner: {
      js: `/*!
 * TensorFlow.js for Node (@tensorflow/tfjs-node-gpu) and the packages it uses, bundled unchanged but for the
 * place where the native binding is found.
 * Copyright Google LLC. SPDX-License-Identifier: Apache-2.0
 * The licences of all packages herein are in LICENSES.txt beside this file.
 */`,
    },
    plugins: [
      {
        name: 'binding-from-environment',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^@mapbox\/node-pre-gyp$/ }, () => ({ path: 'find', namespace: 'binding' }));
          onLoad({ filter: /./, namespace: 'binding' }, () => ({
            contents: 'exports.find = () => process.env.RUNNER_TFJS_BINDING;',
          }));
        },
      },
      {
        name: 'without-unused',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: unused }, ({ path }) => ({ path, namespace: 'unused' }));
          onLoad({ filter: /./, namespace: 'unused' }, () => ({ contents: standIn }));
        },
      },
    ],
  });
  await cp(join(tfjsNode, 'binding'), join(directory, 'binding'), { recursive: true });
  await cp(join(root, 'src/native'), join(directory, 'native'), { recursive: true });
  const ofTensorflow = join(root, 'src/engines/tensorflow/native');
  await cp(ofTensorflow, join(directory, 'native/tensorflow'), { recursive: true });
  await cp(join(root, 'src/engines/wasm/engine.wasm'), join(directory, 'engine.wasm'));
  const headers = join(root, 'node_modules/node-api-headers');
  await cp(join(headers, 'include'), join(directory, 'node-api'), { recursive: true });
  const bundled = Object.keys(metafile.inputs).map(
    (path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0],
  );
  const packages = [...new Set([...bundled.filter(Boolean), 'node_modules/node-api-headers'])].sort();
  await writeFile(join(directory, 'LICENSES.txt'), (await Promise.all(packages.map(licence))).join('\n'));
}

async function licence(directory) {
  const { name, version, license, author } = JSON.parse(
    await readFile(join(root, directory, 'package.json'), 'utf8'),
  );
  const file = (await readdir(join(root, directory))).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file
    ? await readFile(join(root, directory, file), 'utf8')
    : `${author?.name ?? author ?? ''}\n`;
  return `${'-'.repeat(80)}\n${name} ${version} (${license?.type ?? license})\n\n${text}`;
}

/** Puts the new folder in the place of the old one; where two builds end at once, the later one stays. */
async function replaceDist(directory) {
  const dist = join(root, 'dist');
  const old = join(root, `dist.${process.pid}.old`);
  for (;;) {
    await rename(dist, old).catch(unless('ENOENT'));
    try {
      await rename(directory, dist);
      break;
    } catch (error) {
      unless('ENOTEMPTY', 'EEXIST')(error);
    } finally {
      await rm(old, { recursive: true, force: true });
    }
  }
}

/** Removes what builds that were killed left: the folders whose process no longer runs. */
async function removeLeftovers() {
  for (const entry of await readdir(root)) {
    const pid = /^dist\.(\d+)(\.old)?$/.exec(entry)?.[1];
    if (pid && !isRunning(Number(pid))) await rm(join(root, entry), { recursive: true, force: true });
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function unless(...codes) {
  return (error) => {
    if (!codes.includes(error.code)) throw error;
  };
}
