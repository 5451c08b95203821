import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { type Manifest, manifests, schemaName } from '../kubernetes/manifests.ts';
import { reduceSchema, type Schema } from '../kubernetes/reduce.ts';

const { schemas } = JSON.parse(readFileSync(new URL('../kubernetes/schemas.json', import.meta.url), 'utf8')) as {
  schemas: Record<string, Schema>;
};

/** What the published schema has against a manifest, by path. */
function problemsOf(manifest: Manifest): string[] {
  const schema = schemas[schemaName(manifest)];
  if (schema === undefined) return ['of a kind that is not in schemas.json'];
  const parsed = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(manifest);
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

it('the manifests are what the published schemas of Kubernetes and KEDA allow; after a new key run `make kubernetes-schemas`', () => {
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
});
