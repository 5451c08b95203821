import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { compose, type Manifest, manifests, schemaName } from '../deploy-schemas/manifests.ts';
import { reduceSchema, type Schema } from '../deploy-schemas/reduce.ts';

const { schemas } = JSON.parse(readFileSync(new URL('../deploy-schemas/schemas.json', import.meta.url), 'utf8')) as {
  schemas: Record<string, Schema>;
};

/** What a published schema has against a file, by path. */
function problemsBy(name: string, value: unknown): string[] {
  const schema = schemas[name];
  if (schema === undefined) return ['of a kind that is not in schemas.json'];
  const parsed = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(value);
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}
const problemsOf = (manifest: Manifest) => problemsBy(schemaName(manifest), manifest);

it('the manifests are what the published schemas of Kubernetes and KEDA allow; after a new key run `make deploy-schemas`', () => {
  const all = manifests();
  expect(all.map(({ kind }) => kind)).toEqual([
    ...['ConfigMap', 'Deployment', 'PersistentVolumeClaim', 'Job', 'NetworkPolicy', 'ScaledObject'],
  ]);
  for (const manifest of all) expect([manifest.kind, problemsOf(manifest)]).toEqual([manifest.kind, []]);
});

it.each([
  ['Deployment', '"replicas":3', '"replicas":"three"', 'spec.replicas'],
  ['Deployment', '"selector"', '"selektor"', 'spec'],
  ['Deployment', '"runAsUser":10001', '"runAsUser":"10001"', 'spec.template.spec.securityContext.runAsUser'],
  [
    'Deployment',
    '"readOnlyRootFilesystem"',
    '"readonlyRootFilesystem"',
    'spec.template.spec.containers.0.securityContext',
  ],
  ['Job', '"name":"run"', '"title":"run"', 'spec.template.spec.containers.0'],
  ['NetworkPolicy', '"port":4222', '"port":{}', 'spec.egress.0.ports.0.port'],
  ['ScaledObject', '"maxReplicaCount"', '"maxReplicas"', 'spec'],
  ['ScaledObject', '"scaleTargetRef"', '"scaleTarget"', 'spec'],
  ['ScaledObject', '"lagThreshold":"200"', '"lagThreshold":200', 'spec.triggers.0.metadata.lagThreshold'],
  ['ScaledObject', '"consumer"', '"consumers"', 'spec.triggers.0.metadata'],
])('%s with %s written as %s is refused at its place', (kind, text, wrong, path) => {
  const manifest = manifests().find((one) => one.kind === kind);
  const changed = JSON.stringify(manifest).replace(text, wrong);
  expect(changed).toContain(wrong);
  expect(problemsOf(JSON.parse(changed) as Manifest).map((problem) => problem.split(':')[0])).toContain(path);
});

it('the compose file is what the published schema of Compose allows; after a new key run `make deploy-schemas`', () => {
  expect(problemsBy('Compose', compose())).toEqual([]);
});

it.each([
  ['"replicas":3', '"replicas":[3]', 'services.worker.deploy'],
  ['"read_only":true', '"readonly":true', 'services.server'],
  ['"cap_drop":["ALL"]', '"cap_drop":"ALL"', 'services.server.cap_drop'],
  ['"context":".."', '"contexts":".."', 'services.worker.build'],
  ['"volumes":{"streams"', '"volume":{"streams"', ''],
  ['"depends_on":["server"]', '"depends_on":"server"', 'services.worker.depends_on'],
  ['"restart":"unless-stopped"', '"restart":true', 'services.server.restart'],
])('the compose file with %s written as %s is refused at its place', (text, wrong, path) => {
  const { name, services, volumes } = compose();
  const changed = JSON.stringify({ name, services, volumes }).replace(text, wrong);
  expect(changed).toContain(wrong);
  expect(problemsBy('Compose', JSON.parse(changed)).map((problem) => problem.split(':')[0])).toContain(path);
});

it('a key that a published schema lacks ends the reduction', () => {
  const schema: Schema = { type: 'object', properties: { a: { $ref: '#/x/A' } }, required: ['a'] };
  const definitions = { A: { type: 'array', items: { type: 'string' } } };
  expect(reduceSchema(schema, [{ a: ['x'] }], definitions)).toEqual({
    type: 'object',
    properties: { a: { type: 'array', items: { type: 'string' } } },
    required: ['a'],
    additionalProperties: false,
  });
  expect(() => reduceSchema(schema, [{ b: 1 }], definitions, 'Kind')).toThrow('no Kind.b');

  const either: Schema = { oneOf: [{ type: 'string' }, { type: 'object', patternProperties: { '^x-': schema } }] };
  expect(reduceSchema(either, [{ 'x-y': { a: ['x'] } }, 'z'], definitions)).toMatchObject({
    oneOf: [{ type: 'string' }, { type: 'object', patternProperties: { '^x-': { required: ['a'] } } }],
  });
  expect(() => reduceSchema(either, [{ y: {} }], definitions, 'Kind')).toThrow('no Kind.y');
});
