import { EXIT_CODES } from '../shared/mod.ts';

/** What stands below the help: every exit code, and where more is. */
export function epilogue(): string {
  const lines = Object.values(EXIT_CODES).map(({ code, meaning }) => `  ${String(code).padEnd(3)}  ${meaning}`);
  return `Exit codes:\n${lines.join('\n')}`;
}
