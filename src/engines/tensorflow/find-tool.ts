import { lastLine, runCommand } from '../../system/run-command.js';

export interface Tool {
  /** The command that was found; null without one. */
  readonly command: string | null;
  readonly tried: readonly string[];
}

export async function findPython(): Promise<Tool> {
  return findTool(['python3', 'python'], ['-c', 'import sys; sys.exit(sys.version_info < (3, 7))']);
}

export async function findCompiler(environment: Readonly<NodeJS.ProcessEnv> = process.env): Promise<Tool> {
  const candidates = environment.CXX ? [environment.CXX] : ['c++', 'g++', 'clang++'];
  return findTool(candidates, ['--version']);
}

async function findTool(candidates: readonly string[], probe: readonly string[]): Promise<Tool> {
  const tried: string[] = [];
  for (const command of candidates) {
    const { code, notFound, output } = await runCommand(command, probe, { timeoutMs: 15_000 });
    if (code === 0) return { command, tried: [...tried, command] };
    tried.push(`${command}: ${notFound ? 'no such command' : lastLine(output) || 'does not run'}`);
  }
  return { command: null, tried };
}
