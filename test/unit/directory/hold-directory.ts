import { openSweepDirectory } from '../../../orchestrator/directory/mod.ts';
import { loadSweep } from '../../../shared/sweep/mod.ts';

// Run as a process of its own: opens the directory, says so, and holds it until it is killed.
const [, , directory, sweepFile] = process.argv;
await openSweepDirectory(directory, loadSweep(sweepFile), { command: [], softwareVersion: '0.1.0' });
process.stdout.write('open\n');
setInterval(() => {}, 60_000);
