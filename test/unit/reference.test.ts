import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { COMMANDS } from '../../orchestrator/commands/mod.ts';
import { ERROR_CODES } from '../../shared/error-codes.ts';
import { EXPERIMENTS } from '../../shared/mod.ts';
import { PAGES } from '../../site/reference/pages.ts';

const fileOf = (name: string) => new URL(`../../docs/reference/${name}`, import.meta.url);

it.each(Object.keys(PAGES))('docs/reference/%s is what the code says; `make reference` writes it', async (name) => {
  const written = existsSync(fileOf(name)) ? readFileSync(fileOf(name), 'utf8') : '';
  // by line: a difference names the key, option or code that changed
  expect(written.split('\n')).toEqual((await PAGES[name]()).split('\n'));
});

it('the reference has every experiment, command and error code', () => {
  const text = (name: string) => readFileSync(fileOf(name), 'utf8');
  for (const name of EXPERIMENTS) {
    expect(text('sweep-files.md')).toContain(`\n## experiment: ${name}\n`);
    expect(text('files.md')).toContain(`\n## experiment: ${name}\n`);
  }
  for (const name of Object.keys(COMMANDS)) expect(text('commands.md')).toContain(`\n## ${name}\n`);
  for (const name of Object.keys(ERROR_CODES)) expect(text('codes.md')).toContain(`\n| \`${name}\` |`);
});
