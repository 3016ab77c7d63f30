/** JSON for people, as a file's content. */
export const toJsonFile = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
