import { EXIT } from '../../shared/mod.ts';
import { writeFileAtomically } from '../directory/mod.ts';
import { type Exhibit, galleryPage, readExhibit } from '../gallery/mod.ts';
import { jsonOption } from '../options/common.ts';
import type { Command } from './command.ts';

type GalleryOptions = { directories: string[]; out: string; title: string; json: boolean };

export const command: Command<GalleryOptions> = {
  examples: [['gallery results/table-4.1 results/figure-3.1', 'write gallery.html']],
  options: (yargs) =>
    yargs
      .positional('directories', { type: 'string', array: true, demandOption: true, describe: 'sweep directories' })
      .option('title', { type: 'string', requiresArg: true, default: 'Sweeps', describe: 'heading of the page' })
      .option('out', { type: 'string', requiresArg: true, default: 'gallery.html', describe: 'file to write' })
      .option('json', jsonOption('one JSON object with the file and its sweeps')),
  paths: ['directories', 'out'],
  async act({ directories, out, title, json }, { stdout }) {
    const exhibits: Exhibit[] = [];
    for (const directory of directories) exhibits.push(await readExhibit(directory));
    await writeFileAtomically(out, galleryPage(exhibits, title));
    stdout.write(json ? `${JSON.stringify({ file: out, directories })}\n` : `${out}\n`);
    return EXIT.done;
  },
};
