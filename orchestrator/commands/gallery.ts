import type { CommandModule } from 'yargs';
import { writeFileAtomically } from '../directory/mod.ts';
import { type Exhibit, galleryPage, readExhibit } from '../gallery/mod.ts';

type GalleryOptions = { directories: string[]; out: string; title: string };

export const galleryModule: CommandModule<object, GalleryOptions> = {
  command: 'gallery <directories..>',
  describe: 'one HTML page with the tables, figures, parameters and provenance of sweep directories',
  builder: (yargs) =>
    yargs
      .positional('directories', { type: 'string', array: true, demandOption: true, describe: 'sweep directories' })
      .option('title', { type: 'string', requiresArg: true, default: 'Sweeps', describe: 'heading of the page' })
      .option('out', { type: 'string', requiresArg: true, default: 'gallery.html', describe: 'file to write' }),
  async handler({ directories, out, title }) {
    const exhibits: Exhibit[] = [];
    for (const directory of directories) exhibits.push(await readExhibit(directory));
    await writeFileAtomically(out, galleryPage(exhibits, title));
    process.stdout.write(`${out}\n`);
  },
};
