/** The order in which the site shows the documents. A test checks that each document is in it once. */

type Group = { text: string; collapsed?: boolean; items: { text: string; link: string }[] };

/** Titles by paths from the root of the repository. */
const group = (text: string, pages: Readonly<Record<string, string>>, collapsed?: boolean): Group => ({
  text,
  ...(collapsed !== undefined && { collapsed }),
  items: Object.entries(pages).map(([path, title]) => ({ text: title, link: `/${path}` })),
});

export const sidebar: readonly Group[] = [
  group('Start', {
    'docs/tutorial.md': 'Tutorial',
    'docs/sweeps.md': 'Sweep files',
    'docs/commands.md': 'Commands',
    'docs/figures.md': 'Figures',
    'docs/page.md': 'Live page',
  }),
  group('How to', {
    'docs/how-to/own-program.md': 'Run your own program',
    'docs/how-to/cluster.md': 'Use several machines',
    'docs/how-to/ssh.md': 'Start nodes over ssh',
    'docs/how-to/slurm.md': 'Use SLURM',
    'docs/how-to/containers.md': 'Run in containers',
    'docs/how-to/real-data.md': 'Train on real images',
    'docs/how-to/parquet.md': 'Read results in Python and R',
    'deploy/README.md': 'Set up servers and nodes',
  }),
  group('Experiments', {
    'docs/trajectories.md': 'Trajectories and sharpness',
    'docs/survival.md': 'Probability of divergence',
    'docs/maps.md': 'Maps of step sizes',
    'docs/programs.md': 'Own programs',
    'docs/models.md': 'Models',
    'docs/frontier.md': 'Beyond the thesis',
    'docs/data.md': 'Data sets',
  }),
  group('Reference', {
    'docs/reference/sweep-files.md': 'Keys of sweep files',
    'docs/reference/commands.md': 'Options of commands',
    'docs/reference/hosts.md': 'Keys of a file of hosts',
    'docs/reference/codes.md': 'Exit and error codes',
    'docs/reference/files.md': 'Files and columns',
    'docs/reference/api.md': 'JavaScript API',
    'docs/api.md': 'Programs with the JavaScript API',
    'CHANGELOG.md': 'Changelog',
  }),
  group('Explanation', {
    'docs/numerics.md': 'The same bits everywhere',
    'docs/native.md': 'The native engine',
    'docs/cluster.md': 'The cluster',
    'docs/tfjs.md': 'TensorFlow.js',
    'docs/dump.md': 'Checks in PyTorch',
    'docs/wide-inputs.md': 'Fewer examples than inputs',
    'SECURITY.md': 'Security',
    'ARCHITECTURE.md': 'Architecture',
    'CONTRIBUTING.md': 'Contributing',
    'docs/decisions/README.md': 'Decisions',
  }),
  group(
    'Reports',
    {
      'docs/reproduction.md': 'Reproduction of the thesis',
      'docs/benchmarks.md': 'Benchmarks',
      'docs/models-speed.md': 'Speed of models',
      'docs/peers.md': 'Beside PyTorch, JAX and NumPy',
      'docs/cost-curves.md': 'Cost of a step',
      'docs/trajectory-speed.md': 'Speed of trajectories',
      'docs/page-speed.md': 'Speed of the live page',
      'docs/scale.md': 'Scale',
      'docs/chaos.md': 'Injected faults',
      'docs/chaos-cluster.md': 'Faults on three servers',
      'docs/chaos-newer-server.md': 'Faults on a newer server',
      'docs/power.md': 'Power failures',
      'docs/hostile.md': 'Damage and attacks',
      'docs/functions.md': 'Errors of functions',
      'docs/sharpness-accuracy.md': 'Errors of the sharpness',
    },
    true,
  ),
];
