import { EXIT } from '../../shared/mod.ts';
import { describeFinding, examineMachine, examineServer } from '../doctor/mod.ts';
import type { Command, Context } from './command.ts';
import { dataFolders, dataOption } from './options.ts';
import { SERVER_PATHS, type ServerFlags, serverOptions, withServerOptions } from './server-options.ts';

type DoctorOptions = ServerFlags & { json: boolean; dataDir: string | undefined };

export const command: Command<DoctorOptions> = {
  examples: [
    ['doctor', 'check this machine'],
    ['doctor --nats nats://127.0.0.1:4222', 'check a server too'],
  ],
  options: (yargs) =>
    withServerOptions(yargs)
      .option('data-dir', dataOption)
      .option('json', { type: 'boolean', default: false, describe: 'print one JSON object' }),
  paths: ['dataDir', ...SERVER_PATHS],
  act: doctor,
};

/** @returns 0 when usable, 2 when not */
async function doctor(options: DoctorOptions, context: Context): Promise<number> {
  const machine = await examineMachine(dataFolders(options.dataDir, context), context.env);
  // told before the server is asked, which may end in an error
  const write = (findings: typeof machine) => context.stdout.write(findings.map(describeFinding).join(''));
  if (!options.json) write(machine);
  const server = serverOptions(options, context);
  const onServer = server === undefined ? [] : await examineServer(server);
  const usable = [...machine, ...onServer].every(({ verdict }) => verdict !== 'problem');
  if (options.json) context.stdout.write(`${JSON.stringify({ usable, machine, server: onServer })}\n`);
  else write(onServer);
  return usable ? EXIT.done : EXIT.usage;
}
