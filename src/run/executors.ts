import { loadFolder } from '../system/load-folder.js';
import type { ExecutorDefinition } from './executor.js';

/** Every executor that there is: each a file in executors/. */
export const executors = await loadFolder<ExecutorDefinition>(new URL('executors/', import.meta.url));
