import { homedir } from 'node:os';
import { join, win32 } from 'node:path';
import { expect, test } from 'vitest';
import { expandHome } from '../../src/system/expand-home.js';
import { folderNamed, portablePath } from '../../src/system/file-names.js';
import { isDebian } from '../../src/system/is-debian.js';
import { openerOf } from '../../src/commands/open-page.js';

test.each([
  ['con', 'con_'],
  ['nul.2', 'nul.2_'],
  ['com1', 'com1_'],
  ['lpt9.old', 'lpt9.old_'],
  ['v1.', 'v1._'],
  ['console', 'console'],
  ['com', 'com'],
  ['flip-vs-mask', 'flip-vs-mask'],
])('the folder of %s is %s on Windows, and has its own name elsewhere', (name, folder) => {
  expect(folderNamed(name, 'win32')).toBe(folder);
  expect(folderNamed(name, 'linux')).toBe(name);
  expect(folderNamed(name, 'darwin')).toBe(name);
});

test('paths that are kept have the separator of every system', () => {
  expect(portablePath(win32.join('..', 'sweeps', 'a.yaml'), win32.sep)).toBe('../sweeps/a.yaml');
  expect(portablePath('odd\\name.png', '/')).toBe('odd\\name.png'); // elsewhere a name may have it
});

test.each([
  ['PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n', true],
  ['NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n', true],
  ['ID=linuxmint\nID_LIKE="ubuntu debian"\n', true],
  ['ID=fedora\n', false],
  ['NAME="Alpine Linux"\nID=alpine\n', false],
  ['NAME="not debian"\nID="rhel"\nID_LIKE="fedora"\n', false],
  ['', false], // macOS and Windows have no such file
])('%j is Debian or made of it: %s', (osRelease, expected) => {
  expect(isDebian(osRelease)).toBe(expected);
});

test('`~` is the home folder, and the beginning of a name is not', () => {
  expect(expandHome('~')).toBe(join(homedir()));
  expect(expandHome('~/cells.csv')).toBe(join(homedir(), 'cells.csv'));
  expect(expandHome('~ada/cells.csv')).toBeNull();
  expect(expandHome('./~')).toBeNull();
});

test('a page is opened by the command of the system, without a shell', () => {
  const path = 'C:\\Users\\a & b\\100 %\\report.html';
  expect(openerOf(path, 'win32')).toEqual(['rundll32.exe', 'url.dll,FileProtocolHandler', path]);
  expect(openerOf('/r.html', 'darwin')).toEqual(['open', '/r.html']);
  expect(openerOf('/r.html', 'linux')).toEqual(['xdg-open', '/r.html']);
});
