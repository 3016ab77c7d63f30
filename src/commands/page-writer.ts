import type { Report } from '../report/analyse.js';
import { writePage } from '../report/write-page.js';
import type { PageInput } from '../report/html/sections/section.js';
import type { Environment } from '../run/journal-record.js';
import type { ProvisionedEngine } from '../provision/provision-engine.js';
import type { Arguments } from './arguments.js';
import type { LoadedPlan } from './load-plan.js';
import { PictureProvider } from './provide-pictures.js';

/** Writes an experiment's report.html. */
export class PageWriter {
  readonly #files: PageInput['files'];
  readonly #dataNotes: readonly string[];
  readonly #pictures: PictureProvider;
  readonly #directory: string;
  /** The page says that trials are being trained. */
  saysRunning = false;

  /** @param engine draws samples of augmentations; null: only those that were drawn before are shown */
  constructor(
    { plan, files, data }: Pick<LoadedPlan, 'plan' | 'files' | 'data'>,
    directory: string,
    args: Arguments,
    engine: ProvisionedEngine | null = null,
  ) {
    const set = args.overrides.map((text) => ({ path: '--set', text }));
    this.#files = [...files.map(({ path, text }) => ({ path, text })), ...set];
    const own = plan.datasets.flatMap(({ name }) => data.own.get(name) ?? []);
    this.#dataNotes = own.flatMap(({ title, notes }) => notes.map((note) => `${title}: ${note}`));
    this.#pictures = new PictureProvider({ plan, data, directory, engine, args });
    this.#directory = directory;
  }

  /** @param running null, or when it was written, while trials are trained */
  async write(report: Report, environment: Environment | null, running: PageInput['running']): Promise<void> {
    this.saysRunning = running !== null;
    const pictures = await this.#pictures.provide(report);
    const [files, dataNotes] = [this.#files, this.#dataNotes];
    await writePage(this.#directory, { report, environment, pictures, dataNotes, files, running });
  }
}
