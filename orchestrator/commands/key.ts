import { hostname } from 'node:os';
import { EXIT } from '../../shared/mod.ts';
import { jsonOption, keyOption } from '../options/common.ts';
import type { Command } from './command.ts';
import { keyFile, loadNodeKey } from './node-key.ts';

type KeyOptions = { key: string | undefined; json: boolean };

export const command: Command<KeyOptions> = {
  examples: [
    ['key', 'the public key of the nodes that this user starts on this machine'],
    ['key --key /etc/edgesweep/node.key', 'of the nodes that use this file'],
  ],
  options: (yargs) => yargs.option('key', keyOption).option('json', jsonOption('one JSON object: key and file')),
  paths: ['key'],
  act({ key: flag, json }, context) {
    const { stdout, stderr } = context;
    const { file } = keyFile(flag, context);
    const { key, made } = loadNodeKey(file);
    if (made) stderr.write(`made a new key: ${file}\n`);
    const { publicKey } = key;
    stdout.write(json ? `${JSON.stringify({ key: publicKey, file })}\n` : `${publicKey} ${hostname()}\n`);
    return EXIT.done;
  },
};
