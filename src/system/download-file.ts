import { createWriteStream } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { count } from '../diagnostics/count.js';

const userAgent = 'classifier-sweep-runner'; // NIST's host is reported to answer 403 to the default of Python's library
const connectTimeout = 5_000; // milliseconds until the server's answer begins
const silenceTimeout = 30_000; // milliseconds without a byte

/**
 * Downloads a file. No redirects and no proxies: both hosts answer directly.
 * @param onProgress bytes so far and in all (null where the server does not say), once a second at most
 * @throws Error whose message is the reason, such as `HTTP 404` or `no answer within 5 s`
 */
export async function downloadFile(
  url: string,
  path: string,
  onProgress: (bytes: number, total: number | null) => void,
): Promise<void> {
  const response = await request(url);
  if (response.statusCode !== 200) {
    response.destroy();
    throw new Error(`HTTP ${response.statusCode}`);
  }
  const length = response.headers['content-length'];
  const total = length === undefined ? null : Number(length);
  let bytes = 0;
  let reportedAt = Date.now();
  await pipeline(
    response,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        if (Date.now() - reportedAt >= 1000) {
          reportedAt = Date.now();
          onProgress(bytes, total);
        }
        yield chunk;
      }
    },
    createWriteStream(path),
  );
  if (total !== null && bytes !== total)
    throw new Error(`cut short after ${bytes} of ${count(total, 'byte')}`);
}

async function request(url: string): Promise<IncomingMessage> {
  // Loaded here: 7 ms of every command that downloads nothing.
  const { get } = await (url.startsWith('https:') ? import('node:https') : import('node:http'));
  return new Promise((resolve, reject) => {
    const pending = get(url, { headers: { 'user-agent': userAgent } }, (response) => {
      clearTimeout(limit);
      response.setTimeout(silenceTimeout, () => response.destroy(new Error('the server fell silent')));
      resolve(response);
    });
    const limit = setTimeout(
      () => pending.destroy(new Error(`no answer within ${connectTimeout / 1000} s`)),
      connectTimeout,
    );
    pending.on('error', (error) => {
      clearTimeout(limit);
      reject(error);
    });
  });
}
