/** Stands for what is not shown. */
const HIDDEN = '***';
/** The private half of an NKey. */
const SEED = /\bS[A-Z][A-Z2-7]{56}\b/g;
/** The password in all spellings that yargs reads; the value follows, or comes after `=`. */
const PASSWORD_OPTION = /^--?(?:no-)?nats-?password[^=]*(?==|$)/i;
/** What is shorter occurs in any text. */
const SHORTEST = 3;

/** The words of a command line as they may be shown and kept: without passwords, credentials in addresses and seeds. */
export function withoutPasswords(words: readonly string[]): string[] {
  return words.map((word, i) => {
    if (isPasswordOption(words[i - 1])) return HIDDEN;
    const option = PASSWORD_OPTION.exec(word)?.[0];
    return option !== undefined && option !== word ? `${option}=${HIDDEN}` : hideIn(word, credentialsIn(word));
  });
}

/** The text without the secrets of these words, wherever it has them from. */
export function withoutSecrets(text: string, words: readonly string[]): string {
  return hideIn(text, words.flatMap(secretsIn));
}

/** Is the next word a password? */
export const isPasswordOption = (word: string | undefined): boolean =>
  word !== undefined && PASSWORD_OPTION.exec(word)?.[0] === word;

/** Does the word hold a password, or say that the next one is? */
export const hasPassword = (word: string): boolean => isPasswordOption(word) || withoutPasswords([word])[0] !== word;

/** A user and a password, or a token, in an address; or a word such as `user:password@host`. Not in a list of folders, one of which is `node@20`. */
const CREDENTIALS = /(?:nats|tls|wss?):\/\/\S*@|:\/\/[^\s/]*@|(?:^|[\s,=])[^\s/:@,=]+:[^\s/@,=]+@/i;

/** Does a setting hold the credentials of an address, or a seed? */
export const hasCredentials = (text: string): boolean => CREDENTIALS.test(text) || text.search(SEED) >= 0;

function secretsIn(word: string, i: number, words: readonly string[]): string[] {
  const option = PASSWORD_OPTION.exec(word)?.[0];
  const value = isPasswordOption(words[i - 1]) ? word : option === undefined ? '' : word.slice(option.length + 1);
  const secrets = [value, ...credentialsIn(word)];
  // in part too: a path loses doubled slashes, and a message ends at a space
  return [...secrets, ...secrets.flatMap((text) => text.replace(/^-+/, '').split(/[/:,.=\s]/))];
}

/** What stands before the last @ of an address: `user:password`, or a token. */
function credentialsIn(word: string): string[] {
  const [, scheme, text = ''] = /^(?:--?[\w.-]+=)?([a-z][a-z\d+.-]*:\/\/)?(.*)@/is.exec(word) ?? [];
  return scheme !== undefined || text.includes(':') ? [text] : [];
}

function hideIn(text: string, secrets: readonly string[]): string {
  const longestFirst = secrets.filter(({ length }) => length >= SHORTEST).sort((a, b) => b.length - a.length);
  const hidden = longestFirst.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
  return hidden.replace(/(:\/\/)\S*@/g, `$1${HIDDEN}@`).replace(SEED, HIDDEN);
}
