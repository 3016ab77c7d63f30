/** What a stream knows of its terminal. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** Narrower or lower, no bar and no label fits. */
const minimum = { columns: 20, rows: 4 };

/**
 * A live board needs a terminal on both streams, since it holds back what is written to either, that moves its cursor
 * and knows its size. A log of continuous integration keeps every redrawing, even where it is a terminal.
 * Colours are another matter: `NO_COLOR` leaves the board live.
 */
export function chooseBoard(
  stdout: Terminal,
  stderr: Terminal,
  { TERM, CI }: Readonly<Record<string, string | undefined>>,
): 'live' | 'plain' {
  const isLive =
    stdout.isTTY === true &&
    stderr.isTTY === true &&
    (stderr.columns ?? 0) >= minimum.columns &&
    (stderr.rows ?? 0) >= minimum.rows &&
    !['', 'dumb', 'unknown'].includes(TERM ?? '') &&
    ['', '0', 'false'].includes(CI ?? '');
  return isLive ? 'live' : 'plain';
}
