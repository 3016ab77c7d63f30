import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FileServer {
  /** By name; may be changed. */
  readonly files: Map<string, Buffer>;
  readonly host: string;
  readonly address: string;
  close(): Promise<void>;
}

/** Serves files of this machine to this machine. */
export async function serveFiles(files: Map<string, Buffer>): Promise<FileServer> {
  const server = createServer((request, response) => {
    const content = files.get(request.url!.slice(1));
    if (content) response.end(content);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    files,
    host,
    address: `http://${host}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
