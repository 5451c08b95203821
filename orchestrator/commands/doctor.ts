import { resolve } from 'node:path';
import { EXIT } from '../../shared/mod.ts';
import { describeFinding, examineMachine, examinePrograms, examineServer } from '../doctor/mod.ts';
import { dataFolders, dataOption } from '../options/common.ts';
import { allowedPrograms, allowOption, passEnvOption, programDirOption, programsOf } from '../options/program.ts';
import { SERVER_PATHS, type ServerFlags, serverOptions, withServerOptions } from '../options/server.ts';
import type { Command, Context } from './command.ts';

type DoctorOptions = ServerFlags & {
  allow: string[] | undefined;
  programDir: string | undefined;
  passEnv: string[] | undefined;
  json: boolean;
  dataDir: string | undefined;
};

export const command: Command<DoctorOptions> = {
  examples: [
    ['doctor', 'check this machine'],
    ['doctor --nats nats://127.0.0.1:4222', 'check a server too'],
    ['doctor --allow train=./train.sh', 'also start a program of yours once'],
  ],
  options: (yargs) =>
    withServerOptions(yargs)
      .option('data-dir', dataOption)
      .option('allow', { ...allowOption, describe: 'program to start once, as NAME=COMMAND, as for a worker' })
      .option('program-dir', programDirOption)
      .option('pass-env', passEnvOption)
      .option('json', { type: 'boolean', default: false, describe: 'print one JSON object' }),
  paths: ['dataDir', 'programDir', ...SERVER_PATHS],
  act: doctor,
};

/** @returns 0 when usable, 2 when not */
async function doctor(options: DoctorOptions, context: Context): Promise<number> {
  const machine = await examineMachine(dataFolders(options.dataDir, context), context.env);
  const { env, passed = [] } = programsOf({ slots: undefined, passEnv: options.passEnv }, context);
  const directory = resolve(options.programDir ?? context.cwd);
  machine.push(...(await examinePrograms(allowedPrograms(options.allow ?? []), directory, env, passed)));
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
