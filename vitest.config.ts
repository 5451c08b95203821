import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Folders with the longest tests, these first: a long file that begins last runs alone. */
const LONGEST = ['cluster', 'conformance', 'cli', 'property', 'page', 'api', 'package', 'docs'];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const place = ({ moduleId }: TestSpecification) => {
      const at = LONGEST.findIndex((folder) => moduleId.includes(`/test/${folder}/`));
      return at === -1 ? LONGEST.length : at;
    };
    return sorted.toSorted((a, b) => place(a) - place(b));
  }
}

const root = fileURLToPath(new URL('.', import.meta.url));

/**
 * Tests import the sources. `make test` and `make check`, which build before, have them load what was built of these: nothing is transformed, and
 * threads need no tsx.
 */
const builtModules: Plugin = {
  name: 'built-modules',
  enforce: 'pre',
  resolveId(source, importer) {
    if (importer === undefined || !/^\.{1,2}\/.*\.ts$/.test(source)) return undefined;
    const path = relative(root, join(dirname(importer), source));
    const built = join(root, 'dist', path.replace(/\.ts$/, '.js'));
    // the compiler leaves what it built of sources that are gone
    const isThere = existsSync(join(root, path)) && existsSync(built);
    return /^(shared|worker|orchestrator)\//.test(path) && isThere ? built : undefined;
  },
};
const isBuilt = process.env.EDGESWEEP_TEST_BUILT === '1';

export default defineConfig({
  plugins: isBuilt ? [builtModules] : [],
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/clean-up.ts'],
    // modules are loaded once a worker and not once a file: half of the processor time of the unit tests
    isolate: false,
    // what is built is loaded as it is
    server: { deps: { external: [/\/dist\/(program|shared|worker|orchestrator)\//] } },
    sequence: { sequencer: LongestFirst },
    // on two cores: what most tests of the cluster take is waiting, for a server or a process to end
    maxWorkers: 3,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    env: { TZ: 'UTC', NO_COLOR: '1' },
  },
});
