import { join } from 'node:path';
import { downloadFile } from '../../system/download-file.js';

export interface UpstreamRequest {
  readonly title: string;
  readonly fileNames: readonly string[];
  /** An address below which each file is. */
  readonly address: string;
  /** The folder to put them into. */
  readonly prepared: string;
  readonly onProgress: (line: string) => void;
}

/** Downloads each file. @throws Error that says why not */
export async function fetchUpstream(request: UpstreamRequest): Promise<void> {
  const { title, fileNames, address, prepared, onProgress } = request;
  onProgress(`Downloading ${title} from ${new URL(address).host}`);
  for (const name of fileNames) {
    await downloadFile(`${address}/${name}`, join(prepared, name), (bytes, total) =>
      onProgress(
        `Downloading ${name}: ${(bytes / 1e6).toFixed(1)}${total === null ? '' : ` of ${(total / 1e6).toFixed(1)}`} MB`,
      ),
    );
  }
}
