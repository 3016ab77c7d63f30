import { posix, win32 } from 'node:path';
import { expect, test } from 'vitest';
import { isWithin } from '../../src/system/is-within.js';

test.each([
  ['/home/ada/sweeps', '/home/ada/sweeps', true],
  ['/home/ada/sweeps', '/home/ada/sweeps/a/b.yaml', true],
  ['/home/ada/sweeps', '/home/ada/sweeps/..b.yaml', true],
  ['/home/ada/sweeps', '/home/ada/sweeps/...', true],
  ['/', '/etc/passwd', true],
  ['/home/ada/sweeps', '/home/ada', false],
  ['/home/ada/sweeps', '/home/ada/sweeps2/b.yaml', false],
  ['/home/ada/sweeps', '/etc/passwd', false],
])('POSIX: in %s, %s: %s', (folder, path, expected) => {
  expect(isWithin(folder, path, posix)).toBe(expected);
});

test.each([
  ['C:\\sweeps', 'C:\\sweeps', true],
  ['C:\\sweeps', 'C:\\sweeps\\a\\b.yaml', true],
  ['C:\\sweeps', 'c:\\Sweeps\\b.yaml', true],
  ['C:\\sweeps', 'C:\\sweeps\\..b.yaml', true],
  ['C:\\', 'C:\\Users\\ada', true],
  ['C:\\sweeps', 'C:\\', false],
  ['C:\\sweeps', 'C:\\secret.yaml', false],
  ['C:\\sweeps', 'C:\\sweeps2\\b.yaml', false],
  ['C:\\sweeps', 'D:\\sweeps\\b.yaml', false],
  ['C:\\sweeps', '\\\\server\\share\\b.yaml', false],
  ['\\\\server\\share\\sweeps', '\\\\server\\share\\sweeps\\b.yaml', true],
  ['\\\\server\\share\\sweeps', '\\\\server\\other\\b.yaml', false],
])('Windows: in %s, %s: %s', (folder, path, expected) => {
  expect(isWithin(folder, path, win32)).toBe(expected);
});
