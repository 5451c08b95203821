/**
 * Writes schemas.json: what the manifests of deploy/kubernetes and deploy/compose.yaml use of the published schemas of Kubernetes, KEDA and
 * Compose. All come with their Go modules. Fails where a file has a key that its schema does not. Needs Go and its module proxy.
 * `make deploy-schemas`.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { compose, type Manifest, manifests, schemaName } from './manifests.ts';
import { reduceSchema, type Schema } from './reduce.ts';

const KUBERNETES = 'k8s.io/kubernetes@v1.37.2';
const KEDA = 'github.com/kedacore/keda/v2@v2.21.0';
const COMPOSE = 'github.com/compose-spec/compose-go/v2@v2.16.2';

type Parameter = { name: string; optional?: boolean; default?: string; allowedValue?: string[] };

/** The folder with the files of a Go module. */
function download(module: string): string {
  const text = execFileSync('go', ['mod', 'download', '-json', module], { cwd: tmpdir(), encoding: 'utf8' });
  return (JSON.parse(text) as { Dir: string }).Dir;
}

/** The OpenAPI documents of Kubernetes, by group and version. */
function kubernetes(
  folder: string,
  { apiVersion, kind }: Manifest,
): { schema: Schema; definitions: Record<string, Schema> } {
  const name = apiVersion.includes('/') ? `apis__${apiVersion.replace('/', '__')}` : `api__${apiVersion}`;
  const file = `${folder}/api/openapi-spec/v3/${name}_openapi.json`;
  const { components } = JSON.parse(readFileSync(file, 'utf8')) as { components: { schemas: Record<string, Schema> } };
  const [, version] = apiVersion.split('/');
  const suffix = `.${version ?? apiVersion}.${kind}`;
  const found = Object.keys(components.schemas).find((key) => key.endsWith(suffix));
  if (found === undefined) throw new Error(`${file} has no ${kind}`);
  return { schema: components.schemas[found], definitions: components.schemas };
}

/** The resource definition of KEDA, and what its scaler reads of the metadata of a trigger. */
function keda(folder: string, { kind }: Manifest): Schema {
  const file = `${folder}/config/crd/bases/keda.sh_${kind.toLowerCase()}s.yaml`;
  const { spec } = parse(readFileSync(file, 'utf8')) as {
    spec: { versions: { schema: { openAPIV3Schema: Schema } }[] };
  };
  return spec.versions[0].schema.openAPIV3Schema;
}

function metadataOf(folder: string, scaler: string): Schema {
  const { scalers } = JSON.parse(readFileSync(`${folder}/schema/generated/scalers-schema.json`, 'utf8')) as {
    scalers: { type: string; parameters: Parameter[] }[];
  };
  const found = scalers.find(({ type }) => type === scaler);
  if (found === undefined) throw new Error(`KEDA has no scaler ${scaler}`);
  const { parameters } = found;
  return {
    type: 'object',
    properties: Object.fromEntries(
      parameters.map(({ name, allowedValue }) => [
        name,
        { type: 'string', ...(allowedValue && { enum: allowedValue }) },
      ]),
    ),
    required: parameters.filter((one) => one.optional !== true && one.default === undefined).map(({ name }) => name),
    additionalProperties: false,
  };
}

const [kubernetesFolder, kedaFolder] = [KUBERNETES, KEDA].map(download);
const schemas: Record<string, Schema> = {};
for (const manifest of manifests()) {
  if (manifest.apiVersion.startsWith('keda.sh/')) {
    const reduced = reduceSchema(keda(kedaFolder, manifest), [manifest], {}, manifest.kind);
    const { triggers } = reduced.properties!.spec.properties!;
    triggers.items!.properties!.metadata = metadataOf(kedaFolder, 'nats-jetstream');
    schemas[schemaName(manifest)] = reduced;
  } else {
    const { schema, definitions } = kubernetes(kubernetesFolder, manifest);
    const same = manifests().filter((other) => schemaName(other) === schemaName(manifest));
    schemas[schemaName(manifest)] = reduceSchema(schema, same, definitions, manifest.kind);
  }
}
const composeFile = `${download(COMPOSE)}/schema/compose-spec.json`;
const composeSchema = JSON.parse(readFileSync(composeFile, 'utf8')) as Schema & { $defs: Record<string, Schema> };
schemas.Compose = reduceSchema(composeSchema, [compose()], composeSchema.$defs, 'compose');
const file = fileURLToPath(new URL('schemas.json', import.meta.url));
writeFileSync(file, `${JSON.stringify({ from: [KUBERNETES, KEDA, COMPOSE], schemas }, null, 1)}\n`);
execFileSync('npx', ['biome', 'format', '--write', file], { stdio: ['ignore', 'ignore', 'inherit'] });
console.log(`${file}: ${Object.keys(schemas).join(', ')}`);
