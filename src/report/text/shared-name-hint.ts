/**
 * A hint where several experiment files have one name, and so one results folder.
 * @param file as the user wrote it
 */
export function describeSharedName(
  name: string,
  file: string,
  others: readonly string[],
  directory: string,
): string {
  return [
    `hint[shared-name]: ${[file, ...others].join(' and ')} have the same name \`${name}\` and share ${directory}`,
    '  = its leaderboard is that of the file that was run or reported last; the trials of all of them are kept',
    '  = another `name` gives each of them a folder of its own',
  ].join('\n');
}
