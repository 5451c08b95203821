import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { endOfLog, logText } from '../../../orchestrator/ui/logs.ts';
import { makeFolder } from '../../support/mod.ts';

it('shows a log as a terminal does in the end', () => {
  expect(logText('\u001b[32mepoch 1\u001b[0m\r\nload 0 %\rload 100 %\ndone\r')).toBe('epoch 1\nload 100 %\ndone');
  expect(logText('a\u202eb\u0007')).not.toContain('\u202e');
});

it('reads the end of a long log, follows no link, and knows where there is none', async () => {
  const folder = makeFolder();
  const path = join(folder, 'a.log');
  writeFileSync(path, `${'x'.repeat(99)}\n`.repeat(1000));
  const text = await endOfLog(path);
  expect(text).toMatch(/^\[the last 64 kB of 98 kB\]\nx+\n/);
  symlinkSync(path, join(folder, 'b.log'));
  expect(await endOfLog(join(folder, 'b.log'))).toBeNull();
  expect(await endOfLog(join(folder, 'c.log'))).toBeNull();
});
