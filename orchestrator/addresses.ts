import { EdgesweepError, isPasswordOption } from '../shared/mod.ts';

const NAME = '[\\p{L}\\p{N}_](?:[\\p{L}\\p{N}._-]*[\\p{L}\\p{N}_.])?';
const ADDRESS = new RegExp(`^(?:(?:nats|tls)://)?(?:${NAME}|\\[[0-9a-f:.]+(?:%\\w+)?\\])(?::\\d{1,5})?/?$`, 'iu');
/** An address of a nats-server with something before its host. */
const WITH_CREDENTIALS = /(?:nats|tls|wss?):\/\/.*@/is;

/**
 * The addresses of a list with commas.
 * @param where the flag or the variable it is from
 * @throws EdgesweepError USAGE for anything but hosts with ports. It never shows the text: that may hold a password.
 */
export function parseAddresses(text: string, where: string): string[] {
  // yargs makes an object of `--nats.x`
  const addresses = typeof text === 'string' ? text.split(',').map((address) => address.trim()) : [''];
  if (addresses.every((address) => ADDRESS.test(address))) return addresses;
  throw refusal(where);
}

/**
 * Refuses credentials in the address of a server before anything else reads the words, and may show them.
 * @throws EdgesweepError USAGE
 */
export function refuseCredentials(words: readonly string[]): void {
  words.forEach((word, i) => {
    if (words[i - 1] === '--nats') parseAddresses(word, '--nats');
    else if (word.startsWith('--nats=')) parseAddresses(word.slice('--nats='.length), '--nats');
    else if (WITH_CREDENTIALS.test(word)) throw refusal('command line');
    // yargs would take it for an option, and name it
    else if (isPasswordOption(words[i - 1]) && word.startsWith('-')) {
      throw new EdgesweepError('USAGE', 'the password looks like an option', {
        where: '--nats-password',
        fix: 'set EDGESWEEP_NATS_PASSWORD instead',
      });
    }
  });
}

const refusal = (where: string): EdgesweepError =>
  new EdgesweepError(
    'USAGE',
    'the address of the nats-server is invalid; it is not shown because it may contain a password',
    {
      where,
      expected: 'nats://host:4222, or several such addresses separated by commas, without user and password',
      fix: 'name the user with --nats-user and set EDGESWEEP_NATS_PASSWORD, or use --nats-creds FILE or --nats-nkey FILE',
    },
  );
