import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EdgesweepError, errorLine, softwareVersion } from '../../../shared/mod.ts';
import { engineOf } from '../../../worker/engines/mod.ts';
import { type Addon, addonPath, type Instance, lanesOf, loadAddon } from '../../../worker/engines/native/addon.ts';
import { createNativeEngine } from '../../../worker/engines/native/mod.ts';
import { passesGraphTest, passesSelfTest } from '../../../worker/engines/native/self-test.ts';
import { makeFolder } from '../../support/mod.ts';

const PLATFORM = `${process.platform}-${process.arch}`;
const BUILT = addonPath(PLATFORM);
const isBuilt = existsSync(BUILT);
if (!isBuilt) console.log(`not tested: the file of the native engine: there is no ${BUILT}`);

/** The built file with a change, and a digest beside it. */
function changed(change: (bytes: Buffer) => Buffer, digestOf: (bytes: Buffer) => Buffer = (bytes) => bytes): string {
  const path = join(makeFolder(), 'kernel.node');
  const bytes = change(readFileSync(BUILT));
  writeFileSync(path, bytes);
  writeFileSync(`${path}.sha256`, `${createHash('sha256').update(digestOf(bytes)).digest('hex')}\n`);
  return path;
}

/** One line: what a user sees. */
function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof EdgesweepError) return errorLine(error);
    throw error;
  }
  return 'no error';
}

const withByte = (bytes: Buffer, at: number, xor: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at] ^= xor;
  return copy;
};

describe('loading the native kernel', () => {
  it('names what is missing on a machine without a file, and on one without a kernel', () => {
    const path = join(makeFolder(), 'kernel.node');
    expect(refusal(() => loadAddon('linux-x64', path))).toMatch(/was not built/);
    expect(refusal(() => loadAddon('darwin-arm64'))).toMatch(/no native kernel is available for darwin-arm64/);
  });

  it.runIf(isBuilt)('refuses a truncated, a damaged and an unmarked file before it is loaded', () => {
    const original = () => readFileSync(BUILT);
    const damage: Record<string, (bytes: Buffer) => Buffer> = {
      empty: () => Buffer.alloc(0),
      'cut in the middle': (bytes) => bytes.subarray(0, bytes.length / 2),
      'one byte short': (bytes) => bytes.subarray(0, -1),
      'one flipped bit': (bytes) => withByte(bytes, Math.floor(bytes.length / 2), 1),
    };
    for (const [name, change] of Object.entries(damage)) {
      const message = refusal(() => loadAddon(PLATFORM, changed(change, original)));
      expect(message, name).toMatch(/not the file that was built/);
    }
    const unmarked = changed((bytes) => bytes);
    writeFileSync(`${unmarked}.sha256`, '');
    expect(refusal(() => loadAddon(PLATFORM, unmarked))).toMatch(/not the file that was built/);
  });

  it.runIf(isBuilt)('refuses a file for another architecture and one of another version', () => {
    // byte 18 of an ELF file is the machine
    const foreign = changed((bytes) => withByte(bytes, 18, 0xff));
    expect(refusal(() => loadAddon(PLATFORM, foreign))).toMatch(/cannot be loaded/);
    const version = Buffer.from(`\0${softwareVersion()}\0`);
    const old = changed((bytes) => {
      const copy = Buffer.from(bytes);
      const at = copy.indexOf(version);
      expect(at).toBeGreaterThan(0);
      copy[at + 1] = '9'.charCodeAt(0);
      return copy;
    });
    expect(refusal(() => loadAddon(PLATFORM, old))).toMatch(/has a different version/);
  });
});

describe('EDGESWEEP_NATIVE_LANES', () => {
  const addon = { lanes: [16, 8, 4] } as Addon;

  it('caps the lanes, also where the processor has fewer', () => {
    expect(lanesOf(addon, undefined)).toEqual([16, 8, 4]);
    expect(lanesOf(addon, '')).toEqual([16, 8, 4]);
    expect(lanesOf(addon, '8')).toEqual([8, 4]);
    expect(lanesOf(addon, '4')).toEqual([4]);
    expect(lanesOf({ lanes: [8, 4] } as Addon, '16')).toEqual([8, 4]);
  });

  it.each(['5', '32', 'eight'])('refuses %s', (cap) => {
    expect(refusal(() => lanesOf(addon, cap))).toMatch(/not a number of lanes/);
  });
});

describe('the self-test of the native kernel', () => {
  it('passes on the engines that define the bits', () => {
    expect(passesSelfTest(engineOf('reference'))).toBe(true);
    expect(passesSelfTest(engineOf('simd'))).toBe(true);
    expect(passesGraphTest(engineOf('simd'))).toBe(true);
  });

  it.runIf(isBuilt)('refuses a kernel that draws other weights', () => {
    const addon = loadAddon();
    const instantiate = (lanes: number): Instance => {
      const instance = addon.instantiate(lanes);
      const drawLayer: Instance['drawLayer'] = (layer, scale, drawsBiases) =>
        instance.drawLayer(layer, scale * (1 + 2 ** -20), drawsBiases);
      const properties = Object.getOwnPropertyDescriptors(instance);
      return Object.defineProperties({} as Instance, {
        ...properties,
        drawLayer: { value: drawLayer, enumerable: true },
      });
    };
    expect(refusal(() => createNativeEngine({ ...addon, instantiate }))).toMatch(/native kernel and the reference e/);
  });
});
