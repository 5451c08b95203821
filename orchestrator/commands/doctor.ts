import type { CommandModule } from 'yargs';
import { describeFinding, examineMachine, examineServer } from '../doctor/mod.ts';
import { dataFolders, dataOption } from './data-option.ts';
import { type ServerFlags, serverOptions, withServerOptions } from './server-options.ts';

type DoctorOptions = ServerFlags & { json: boolean; dataDir: string | undefined };

export const doctorModule = (exit: (code: number) => void): CommandModule<object, DoctorOptions> => ({
  command: 'doctor',
  describe: 'what this machine and a nats-server have and lack, and what is not guaranteed',
  builder: (yargs) =>
    withServerOptions(yargs)
      .option('data-dir', dataOption)
      .option('json', { type: 'boolean', default: false, describe: 'one JSON object' }) as never,
  handler: async (options) => exit(await doctor(options)),
});

/** @returns 0 when usable, 2 when not */
async function doctor(options: DoctorOptions): Promise<number> {
  const machine = await examineMachine(dataFolders(options.dataDir));
  // told before the server is asked, which may end in an error
  const write = (findings: typeof machine) => process.stdout.write(findings.map(describeFinding).join(''));
  if (!options.json) write(machine);
  const server = serverOptions(options);
  const onServer = server === undefined ? [] : await examineServer(server);
  const usable = [...machine, ...onServer].every(({ verdict }) => verdict !== 'problem');
  if (options.json) process.stdout.write(`${JSON.stringify({ usable, machine, server: onServer })}\n`);
  else write(onServer);
  return usable ? 0 : 2;
}
