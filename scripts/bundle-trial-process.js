import { build } from 'esbuild';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/** As src/system/load-folder.ts is called: every module of a folder. */
const wholeFolder = /await loadFolder\(new URL\('([^']+)', import\.meta\.url\)\)/g;

/**
 * Puts the 150 modules of a trial's process into a few files, in place of its own: to find and read each of them costs
 * the start of a trial 0.05 s. Packages stay where they are.
 * @param {string} dist the folder of what the compiler wrote
 */
export async function bundleTrialProcess(dist) {
  const directory = join(dist, 'train');
  await build({
    absWorkingDir: dist,
    entryPoints: [join(directory, 'trial-process.js')],
    outdir: directory,
    allowOverwrite: true,
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    logLevel: 'warning',
    plugins: [
      {
        name: 'places',
        setup({ onLoad }) {
          onLoad({ filter: /\.js$/ }, async ({ path }) => ({
            contents: withPlaces(await readFile(path, 'utf8'), path, directory),
          }));
        },
      },
    ],
  });
}

/** A module as it reads once it lies in another folder: it still finds what lies beside it. */
function withPlaces(source, path, directory) {
  const imports = [];
  const withFolders = source.replaceAll(wholeFolder, (_, folder) => {
    const names = readdirSync(join(dirname(path), folder)).filter((name) => name.endsWith('.js'));
    const variables = names.sort().map((name) => {
      const variable = `module${imports.length}`;
      imports.push(`import ${variable} from './${folder}${name}';`);
      return variable;
    });
    return `[${variables.join()}]`;
  });
  const place = relative(directory, path).replaceAll('\\', '/');
  const url = `new URL('${place}', import.meta.url).href`;
  return imports.join('') + withFolders.replaceAll('import.meta.url', url);
}
