#!/usr/bin/env node
// In a checkout (src/ exists) dist/ is built when it is missing or older than its sources; a published package
// brings it along.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

if (existsSync(join(root, 'src'))) {
  if (!existsSync(join(root, 'node_modules/yaml'))) {
    fail('The dependencies are not installed: run `npm ci` in ' + root);
  }
  const built = buildTime();
  if (built === null || newestSource() > built) {
    if (!existsSync(join(root, 'node_modules/typescript'))) {
      fail('The packages that build the runner are not installed: run `npm ci` in ' + root);
    }
    const occasion = built === null ? 'first use in this checkout' : 'its sources have changed';
    process.stderr.write(`Building runner (${occasion})…\n`);
    const { status } = spawnSync(process.execPath, [join(root, 'scripts/build.js')], {
      stdio: ['ignore', 2, 2],
    });
    if (status !== 0) fail('The build failed.');
  }
}
await import('../dist/cli.js');

/** When the build began, in milliseconds; null without a build. */
function buildTime() {
  try {
    return Date.parse(JSON.parse(readFileSync(join(root, 'dist/build.json'), 'utf8')).startedAt);
  } catch {
    return null;
  }
}

function newestSource() {
  const sources = readdirSync(join(root, 'src'), { recursive: true }).map((name) => join('src', name));
  return Math.max(
    ...[...sources, 'package-lock.json', 'scripts/build.js'].map(
      (name) => statSync(join(root, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
    ),
  );
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
