import { readdirSync } from 'node:fs';

/**
 * The default exports of all modules in a folder, in the order of their names: what is added to the folder is found, so
 * there is no list to be kept. Works on the sources and on what is built of them.
 */
export async function loadFolder<T>(folder: URL): Promise<readonly T[]> {
  const names = readdirSync(folder).filter((name) => /(?<!\.d)\.[jt]s$/.test(name));
  return Promise.all(
    names.sort().map(async (name) => {
      const module = (await import(new URL(name, folder).href)) as { readonly default: T };
      return module.default;
    }),
  );
}
