import { join } from 'node:path';

export const networksFolder = (directory: string): string => join(directory, 'networks');

export const modelsFolder = (directory: string): string => join(directory, 'models');
