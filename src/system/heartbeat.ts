import { utimes, writeFile } from 'node:fs/promises';
import { removePath } from './remove-path.js';

const interval = 5_000; // milliseconds between two signs of life

/** Shows again and again, by a file's or a folder's time of change, that this process lives. */
export class Heartbeat {
  readonly #timer: NodeJS.Timeout;

  constructor(readonly path: string) {
    this.#timer = setInterval(() => void touch(path), interval).unref();
  }

  /** One in a new file: it may show so for many locks. */
  static async inFile(path: string): Promise<Heartbeat> {
    await writeFile(path, '');
    return new Heartbeat(path);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async remove(): Promise<void> {
    this.stop();
    await removePath(this.path);
  }
}

export async function touch(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch(() => {}); // a beat that fails is missed, no more
}
