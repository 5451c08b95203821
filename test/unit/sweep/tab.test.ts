import { expect, it } from 'vitest';
import { parseSweepText } from '../../../shared/sweep/document.ts';

it('a tab that indents a line is named, with what to do', () => {
  expect(() => parseSweepText('grid:\n\tdepth: 3\n', 'x.yaml')).toThrow(
    expect.objectContaining({
      details: expect.objectContaining({ where: 'x.yaml:2:1', got: 'a tab', fix: 'replace the tab by spaces' }),
    }),
  );
});
