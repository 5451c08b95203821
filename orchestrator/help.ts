import { EXIT_CODES } from '../shared/mod.ts';
import type { Command } from './commands/mod.ts';

/** What stands below the help: every exit code, and where more is. */
export function epilogue(): string {
  const lines = Object.values(EXIT_CODES).map(({ code, meaning }) => `  ${String(code).padEnd(3)}  ${meaning}`);
  return `Exit codes:\n${lines.join('\n')}`;
}

/** As yargs takes them. */
export const examplesOf = ({ examples }: Command): [string, string][] =>
  examples.map(([words, description]) => [`$0 ${words}`, description]);
