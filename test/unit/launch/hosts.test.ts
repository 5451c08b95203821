import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadNodes } from '../../../orchestrator/launch/mod.ts';
import { makeFolder } from '../../support/mod.ts';

function load(text: string) {
  const file = join(makeFolder(), 'hosts.yaml');
  writeFileSync(file, text);
  return loadNodes(file);
}

it('hosts have the defaults that they do not override, and each node a name of its own', () => {
  const nodes = load(`
defaults: {threads: 4, environment: {A: "1", B: "2"}}
hosts:
  - beta
  - {host: gamma.example, threads: 8, workers: 2, environment: {B: "3"}}
  - {host: me@delta, port: 2201}
  - {host: you@delta, port: 2202}
`);
  expect(nodes.map(({ name, host, threads, port }) => [name, host, threads, port])).toEqual([
    ['beta', 'beta', 4, undefined],
    ['gamma-example-1', 'gamma.example', 8, undefined],
    ['gamma-example-2', 'gamma.example', 8, undefined],
    ['delta', 'me@delta', 4, 2201],
    ['delta_2', 'you@delta', 4, 2202],
  ]);
  expect(nodes[1].environment).toEqual({ A: '1', B: '3' });
});

it('folders and options that only look like credentials are taken', () => {
  const [node] = load(`
hosts:
  - host: me@beta
    ssh: ["ProxyJump=a@gate:22,b@inner", "ProxyCommand=ssh -W %h:%p me@gate"]
    environment: {PATH: "/usr/bin:/opt/node@20/bin", NPM: "https://npm.example/@scope", EDGESWEEP_NATS: "nats://alpha:4222"}
`);
  expect(Object.keys(node.environment ?? {})).toEqual(['PATH', 'NPM', 'EDGESWEEP_NATS']);
});

it('no name of a node begins with a dash, which would make it an option', () => {
  expect(load('hosts: ["::1", "::"]').map(({ name }) => name)).toEqual(['1', 'host']);
});

it.each([
  ['hosts: []', 'a list of at least 1'],
  ['hosts: [-oProxyCommand=evil]', 'a name or an address'],
  ['hosts: [{host: beta, thread: 4}]', 'did you mean `threads`?'],
  ['hosts: [{host: beta, user: -l}]', 'a name or an address'],
  ['hosts: [beta]\ndefaults: {environment: {EDGESWEEP_NATS_PASSWORD: x}}', 'set it in the environment of `launch`'],
  ['hosts: [beta]\ndefaults: {arguments: ["--name\\nx"]}', 'text in one line'],
  ['hosts: [beta]\ndefaults: {arguments: [--nats-password, x]}', 'set it in the environment of `launch`'],
  ['hosts: [beta]\ndefaults: {arguments: [--nats-password=hunter2]}', 'set it in the environment of `launch`'],
  ['hosts: [beta]\ndefaults: {arguments: [--nats=nats://u:hunter2@beta]}', 'set it in the environment of `launch`'],
  ['hosts: [beta]\ndefaults: {ssh: [-v]}', 'ProxyJump=gate'],
  ...['nats://u:hunter2@beta:4222', 'https://hunter2@proxy', 'u:hunter2@beta'].map((value) => [
    `hosts: [beta]\ndefaults: {environment: {EDGESWEEP_NATS: ${value}}}`,
    'set it in the environment of `launch`',
  ]),
  ...['[hunter2]', '"hunter2\\n"'].map((value) => [
    `hosts: [beta]\ndefaults: {environment: {EDGESWEEP_NATS: ${value}}}`,
    'environment.EDGESWEEP_NATS',
  ]),
  ['hosts: [{host: beta, environment: {A: nats://u:hunter2@beta}}]', 'set it in the environment of `launch`'],
  ['hosts: [beta]\ndefaults: {environment: {A: 7}}', 'a value that is not shown'],
  ['hosts: [me:hunter2@beta]', 'set it in the environment of `launch`'],
  ['hosts: [beta]\ndefaults: {ssh: ["ProxyCommand=nc -x u:hunter2@proxy:1 %h %p"]}', 'set it in the environment'],
  ['hosts: [beta', 'YAML'],
])('refuses %j with the place', (text, expected) => {
  expect(() => load(text)).toThrow(
    expect.objectContaining({
      code: 'HOSTS_INVALID',
      details: expect.objectContaining({ where: expect.stringMatching(/hosts\.yaml:\d+:\d+$/) }),
    }),
  );
  try {
    load(text);
  } catch (error) {
    const said = JSON.stringify(error) + String(error);
    expect(said).toContain(expected.replaceAll('"', '\\"'));
    expect(said).not.toContain('hunter2');
  }
});
