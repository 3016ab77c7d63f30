import { color, ProcessOutput, Spinner } from 'listr2';
import { displayWidth } from '../../diagnostics/display-width.js';
import { wrapWords } from '../text/wrap-words.js';

export type Mark = 'completed' | 'failed' | 'diverged' | 'interrupted' | 'running' | 'none';

export interface Line {
  readonly mark: Mark;
  readonly text: string;
}

/** Cells before a line's text, and one at its end that stays free: a full line would move the cursor. */
export const markWidth = 3;

export interface LineSource {
  /** What is to stay on the screen, once; it is wrapped. */
  takeSaid(): readonly Line[];
  /** What is drawn over again: at most so many lines, each text `markWidth` shorter than the columns. */
  frame(columns: number, rows: number): readonly Line[];
  /** What stays of the frame. `takeSaid` has what became of the rest. */
  lastLine(columns: number): Line;
}

/**
 * A renderer for listr2, which draws lines over again on standard error. listr2's own copies the width of the terminal
 * at the start, wraps, marks every line that is closed with ✔, and leaves the cursor hidden at `process.exit`, since
 * it holds back what would show it.
 */
export class LiveRenderer {
  static readonly nonTTY = false;
  static rendererOptions: { source: LineSource };
  static rendererTaskOptions: Record<never, never>;

  readonly #source: LineSource;
  /** Hides the cursor, and holds back what else is written to either stream. */
  readonly #output = new ProcessOutput(process.stderr, process.stdout);
  readonly #spinner = new Spinner();
  /** The lines on the screen that are to be drawn over, without colours. */
  #drawn: readonly string[] = [];

  constructor(_tasks: unknown, { source }: { source: LineSource }) {
    this.#source = source;
  }

  // listr2's type has them as properties.
  readonly render = (): void => {
    this.#output.hijack();
    process.on('exit', this.end);
    process.stderr.on('resize', this.#draw);
    this.#spinner.start(this.#draw);
    this.#draw();
  };

  readonly end = (): void => {
    process.off('exit', this.end);
    process.stderr.off('resize', this.#draw);
    this.#spinner.stop();
    const { columns } = process.stderr;
    const last = this.#source.lastLine(columns);
    this.#write([...this.#source.takeSaid().flatMap((line) => this.#wrap(line, columns)), last], []);
    this.#output.release();
  };

  readonly #draw = (): void => {
    const { columns, rows } = process.stderr;
    if (columns <= markWidth || rows < 2) return; // it has no size while it is being closed
    const said = this.#source.takeSaid().flatMap((line) => this.#wrap(line, columns));
    this.#write(said, this.#source.frame(columns, rows - 1));
  };

  #wrap({ mark, text }: Line, columns: number): Line[] {
    const lines = wrapWords(text, Math.max(1, columns - markWidth), [0, 0]);
    return lines.map((line, index) => ({ mark: index === 0 ? mark : 'none', text: line }));
  }

  /**
   * Draws over what was drawn, and erases what is left of it. Erasing first would flicker, and tmux keeps what is
   * erased from the top of its screen in its history.
   */
  #write(said: readonly Line[], frame: readonly Line[]): void {
    const text = [...said, ...frame].map((line) => `${this.#paint(line)}\x1b[K\n`).join('');
    this.#output.toStdout(`${this.#toStart()}${text}\x1b[J`, false); // its standard output is our standard error
    this.#drawn = frame.map(({ text }) => `${' '.repeat(markWidth - 1)}${text}`);
  }

  /** A terminal that became narrower has broken the lines, so they take more rows than were drawn. */
  #toStart(): string {
    const { columns } = process.stderr;
    const rowsOf = (line: string) => Math.max(1, Math.ceil(displayWidth(line) / columns));
    const rows = this.#drawn.reduce((sum, line) => sum + rowsOf(line), 0);
    return rows === 0 ? '' : `\r\x1b[${rows}A`;
  }

  #paint({ mark, text }: Line): string {
    switch (mark) {
      case 'completed':
        return `${color.green('✔')} ${text}`;
      case 'failed':
        return `${color.red('✖')} ${text}`;
      case 'diverged':
        return `${color.yellow('⚠')} ${text}`;
      case 'interrupted':
        return `${color.yellow('■')} ${text}`;
      case 'running':
        return `${color.cyan(this.#spinner.fetch())} ${text}`;
      case 'none':
        return `  ${text}`;
    }
  }
}
