import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { EXIT } from '../../shared/mod.ts';

const read = (name: string) => readFileSync(new URL(`../../deploy/${name}`, import.meta.url), 'utf8');
const USER = 10001;

it('the image runs as a user, with the program as its process, and SIGTERM', () => {
  const lines = read('Containerfile').split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      `USER ${USER}:${USER}`,
      'STOPSIGNAL SIGTERM',
      'ENTRYPOINT ["edgesweep"]',
      'CMD ["worker"]',
    ]),
  );
  expect(lines.filter((line) => line.startsWith('FROM '))).toHaveLength(2);
});

it('the services of the compose file have read-only roots and passwords from the environment only', () => {
  const { services } = parse(read('compose.yaml'), { merge: true });
  expect(Object.keys(services)).toEqual(['server', 'worker', 'run', 'page']);
  for (const service of Object.values<Record<string, unknown>>(services)) {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    for (const [name, value] of Object.entries(service.environment as Record<string, string>))
      if (/PASSWORD/.test(name)) expect(value).toMatch(/^\$\{EDGESWEEP_\w+_PASSWORD:\?/);
  }
  expect(services.worker.deploy).toEqual({ replicas: 3 });
  expect(services.page.ports).toEqual(['127.0.0.1:8080:8080']);
});

it('the manifests run pods without privileges, drain nodes, and do not repeat what would recur', () => {
  const documents = parseAllDocuments(read('kubernetes/edgesweep.yaml')).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });
  const of = (kind: string) => documents.find((document) => document.kind === kind);
  expect(documents.map(({ kind }) => kind)).toEqual([
    ...['ConfigMap', 'Deployment', 'PersistentVolumeClaim', 'Job', 'NetworkPolicy'],
  ]);
  for (const kind of ['Deployment', 'Job']) {
    const { spec } = of(kind).spec.template;
    expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: USER });
    const [{ args, securityContext, envFrom }] = spec.containers;
    expect(securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(envFrom.at(-1).secretRef.name).toMatch(/^edgesweep-(worker|orchestrator)$/);
    const drain = args.indexOf('--drain-timeout');
    if (drain > 0) expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(Number(args[drain + 1]));
  }
  const [rule] = of('Job').spec.podFailurePolicy.rules;
  expect(rule.onExitCodes.values).toEqual([EXIT.failed, EXIT.usage]);
  expect(of('NetworkPolicy').spec).toMatchObject({ ingress: [], policyTypes: ['Ingress', 'Egress'] });
  expect(parse(read('kubernetes/scaling.yaml')).spec.triggers[0].metadata).toMatchObject({
    account: 'EDGESWEEP',
    stream: 'EDGESWEEP_TASKS',
  });
});
