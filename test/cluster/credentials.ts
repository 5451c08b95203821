import { nkeys } from '@nats-io/transport-node';

type KeyPair = ReturnType<typeof nkeys.createUser>;

/** What `nsc` makes: an operator, an account with JetStream, a user of it; and the part of a server's configuration that trusts them. */
export function makeCredentials(): { configuration: string; creds: string } {
  const [operator, account, system, user] = [
    nkeys.createOperator(),
    nkeys.createAccount(),
    nkeys.createAccount(),
    nkeys.createUser(),
  ];
  const unlimited = { subs: -1, data: -1, payload: -1 };
  const store = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 };
  const open = { ...unlimited, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 };
  const operatorJwt = sign(operator, operator, 'operator', { system_account: system.getPublicKey() });
  const systemJwt = sign(operator, system, 'account', { limits: open });
  const accountJwt = sign(operator, account, 'account', { limits: { ...open, ...store } });
  const userJwt = sign(account, user, 'user', { ...unlimited, pub: {}, sub: {} });
  const seed = new TextDecoder().decode(user.getSeed());
  return {
    configuration: `operator: ${operatorJwt}
system_account: ${system.getPublicKey()}
resolver: MEMORY
resolver_preload: { ${account.getPublicKey()}: ${accountJwt}, ${system.getPublicKey()}: ${systemJwt} }
`,
    creds: [
      '-----BEGIN NATS USER JWT-----',
      userJwt,
      '------END NATS USER JWT------',
      '',
      '-----BEGIN USER NKEY SEED-----',
      seed,
      '------END USER NKEY SEED------',
      '',
    ].join('\n'),
  };
}

/** A token as the server reads it: a JWT, signed with an NKey. */
function sign(issuer: KeyPair, subject: KeyPair, type: string, claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const name = `${type} of a test`;
  const body = {
    jti: subject.getPublicKey(),
    iat: Math.floor(Date.now() / 1000),
    iss: issuer.getPublicKey(),
    name,
    sub: subject.getPublicKey(),
    nats: { ...claims, type, version: 2 },
  };
  const text = `${part({ typ: 'JWT', alg: 'ed25519-nkey' })}.${part(body)}`;
  return `${text}.${Buffer.from(issuer.sign(new TextEncoder().encode(text))).toString('base64url')}`;
}
