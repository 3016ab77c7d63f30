import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { downloadFile } from '../../src/system/download-file.js';

const onProgress = () => {};
let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'runner-download-'))));
afterEach(() => rm(folder, { recursive: true }));

describe('downloadFile', () => {
  let server: Server;
  let url: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/whole') response.end('coat');
      else if (request.url === '/cut')
        response.writeHead(200, { 'content-length': '100' }).write('co', () => response.destroy());
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  test('writes what the server sends', async () => {
    await downloadFile(`${url}/whole`, join(folder, 'file'), onProgress);
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('coat');
  });

  test('an error of the server and a broken connection are errors', async () => {
    await expect(downloadFile(`${url}/none`, join(folder, 'file'), onProgress)).rejects.toThrow('HTTP 404');
    await expect(downloadFile(`${url}/cut`, join(folder, 'file'), onProgress)).rejects.toThrow('aborted');
  });
});
