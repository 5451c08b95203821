/**
 * Packs the built package, installs it in an empty folder, and prints how large it is. `--markdown FILE` writes that into the section of
 * FILE that `make bench` writes too.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { describeMachine } from '../speed/machine.ts';
import { measureSize, sizeSection, withSizeSection } from './size.ts';

const { values: options } = parseArgs({ options: { markdown: { type: 'string' } } });
const { revision, platform } = await describeMachine();
const section = sizeSection(await measureSize(), `\`make bench-size\` at revision ${revision}, ${platform}`);
process.stdout.write(section);
if (options.markdown !== undefined)
  writeFileSync(options.markdown, withSizeSection(readFileSync(options.markdown, 'utf8'), section));
