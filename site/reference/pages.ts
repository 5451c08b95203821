import { apiPage } from './api.ts';
import { codesPage } from './codes.ts';
import { commandsPage } from './commands.ts';
import { decisionsPage } from './decisions.ts';
import { filesPage } from './files.ts';
import { hostsPage } from './hosts.ts';
import { sweepFilesPage } from './sweep-files.ts';

/** Every page of the reference by its file, from docs/reference. Needs the build, for the declarations of the JavaScript API. */
export const PAGES: Readonly<Record<string, () => string | Promise<string>>> = {
  'sweep-files.md': sweepFilesPage,
  'commands.md': commandsPage,
  'codes.md': codesPage,
  'files.md': filesPage,
  'hosts.md': hostsPage,
  'api.md': apiPage,
  '../decisions/README.md': decisionsPage,
};
