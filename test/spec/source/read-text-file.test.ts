import { spawn, spawnSync } from 'node:child_process';
import { closeSync, constants, mkdirSync, openSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeProblem } from '../../../src/diagnostics/problem.js';
import { RunnerError } from '../../../src/diagnostics/runner-error.js';
import { loadSpec } from '../../../src/spec/load-spec.js';
import { maximumBytes, readTextFile } from '../../../src/spec/source/read-text-file.js';
import { writeFolder } from '../experiment-folder.js';

/** What the user is told of a file: the note below the title. */
async function refusal(path: string): Promise<string> {
  const error: unknown = await loadSpec(path, []).catch((thrown: unknown) => thrown);
  if (!(error instanceof RunnerError)) throw new Error('Expected a RunnerError', { cause: error });
  expect(error.problems.map(({ reason }) => reason)).toEqual(['file-unreadable']);
  return /^ {2}= (.*)$/m.exec(describeProblem(error.problems[0]!))![1]!;
}

const written = (content: string | Uint8Array): string => {
  const path = join(writeFolder({}), 'sweep.yaml');
  writeFileSync(path, content);
  return path;
};

function makePipe(): string {
  const path = join(writeFolder({}), 'pipe.yaml');
  expect(spawnSync('mkfifo', [path]).status).toBe(0);
  return path;
}

describe('a pipe', () => {
  test('is read to its end, however it comes', async () => {
    const path = makePipe();
    spawn('sh', ['-c', '(printf "name: pi"; sleep 0.3; echo pe) > "$0"', path], { stdio: 'ignore' });
    expect((await loadSpec(path, [])).name).toBe('pipe');
  });

  test('is read up to the largest size of a file', async () => {
    const path = makePipe();
    spawn('sh', ['-c', 'yes name: pipe > "$0"', path], { stdio: 'ignore' });
    expect(await refusal(path)).toBe('it is larger than 1 MB, more than an experiment needs');
  });
});

describe('an experiment file that is none', () => {
  test('a pipe that nobody writes to is waited for a second, no longer', async () => {
    const began = performance.now();
    expect(await refusal(makePipe())).toBe('it is a pipe that nobody writes to');
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  test('a pipe whose writer is silent is waited for no longer than said', async () => {
    const path = makePipe();
    const writer = openSync(path, constants.O_RDWR); // does not wait for the reader
    const limits = { writer: 50, text: 100 };
    expect(await readTextFile(path, true, limits)).toEqual({
      detail: 'it is a pipe to which nothing was written for 0.1 s',
    });
    closeSync(writer);
  });

  test('a pipe that is extended, too, at its place', async () => {
    const path = written('name: pipe\nextends: pipe.yaml');
    expect(spawnSync('mkfifo', [join(dirname(path), 'pipe.yaml')]).status).toBe(0);
    const error: unknown = await loadSpec(path, []).catch((thrown: unknown) => thrown);
    expect((error as RunnerError).problems).toMatchObject([
      { reason: 'file-unreadable', detail: 'it is not a regular file', place: { path, start: 20, end: 29 } },
    ]);
  });

  test.each(['/dev/zero', '/dev/null'])('%s', async (path) => {
    expect(await refusal(path)).toBe('it is not a regular file');
  });

  test('a socket', async () => {
    const path = join(writeFolder({}), 'socket.yaml');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    expect(await refusal(path)).toBe('it is not a regular file');
    await new Promise((resolve) => server.close(resolve));
  });

  test('a folder', async () => {
    const folder = join(writeFolder({}), 'sweep.yaml');
    mkdirSync(folder);
    expect(await refusal(folder)).toBe('it is a folder');
  });

  test('a link to nothing', async () => {
    const folder = writeFolder({});
    symlinkSync('gone.yaml', join(folder, 'sweep.yaml'));
    expect(await refusal(join(folder, 'sweep.yaml'))).toBe('it is a link to `gone.yaml`, which is not there');
  });

  test('a file where a folder should be', async () => {
    expect(await refusal(join(written('name: a'), 'sweep.yaml'))).toBe(
      'a part of its path is a file, not a folder',
    );
  });

  test('a link in a circle', async () => {
    const folder = writeFolder({});
    symlinkSync('sweep.yaml', join(folder, 'sweep.yaml'));
    expect(await refusal(join(folder, 'sweep.yaml'))).toBe('its links lead in a circle');
  });

  test('a name that is too long', async () => {
    expect(await refusal(join(writeFolder({}), `${'a'.repeat(300)}.yaml`))).toBe('its name is too long');
  });
});

test('a file is read up to its largest size, and no further', async () => {
  const path = written('name: size\n'.padEnd(maximumBytes, '#'));
  expect((await loadSpec(path, [])).name).toBe('size');
  writeFileSync(path, 'name: size\n'.padEnd(maximumBytes + 1, '#'));
  expect(await refusal(path)).toBe('it is larger than 1 MB, more than an experiment needs');
  writeFileSync(path, Buffer.alloc(11_000_000, 'name: size\n'));
  expect(await refusal(path)).toBe('it is larger than 1 MB, more than an experiment needs');
});

test.each([
  [
    'UTF-16, little end first',
    Buffer.from('\uFEFFname: a', 'utf16le'),
    'it is UTF-16 text; save it as UTF-8',
  ],
  [
    'UTF-16, big end first',
    Buffer.from('\uFEFFname: a', 'utf16le').swap16(),
    'it is UTF-16 text; save it as UTF-8',
  ],
  [
    'UTF-16 without a byte order mark',
    Buffer.from('name: a', 'utf16le'),
    'line 1 has a NUL character, so it is not text',
  ],
  ['Latin-1', Buffer.from('name: a\ndescription: d\xE9j\xE0', 'latin1'), 'line 2 is not UTF-8'],
  ['an overlong character', Buffer.from([0x6e, 0x0a, 0xc0, 0xaf]), 'line 2 is not UTF-8'],
  ['half of a surrogate pair', Buffer.from([0xed, 0xa0, 0x80]), 'line 1 is not UTF-8'],
  ['a NUL', Buffer.from('name: a\n\n# \0\n'), 'line 3 has a NUL character, so it is not text'],
])('%s is refused with its line', async (_title, content, detail) => {
  expect(await refusal(written(content))).toBe(detail);
});
