import { createHash } from 'node:crypto';
import { corrupt, refuseFormat, vintageFormats } from './format.ts';
import type { Manifest } from './manifest.ts';

/** The text of `manifest.json`: the manifest and, as its last member, the SHA-256 of the rest. */
export function encodeManifest(manifest: Manifest): string {
  return `${JSON.stringify({ ...manifest, seal: sealOf(manifest) }, undefined, 2)}\n`;
}

/** Throws `REFERENCE_DATA_FORMAT` for another format, `REFERENCE_DATA_CORRUPT` when the text is not what was sealed. */
export function parseManifest(text: string, path: string): Manifest {
  const { seal, ...manifest } = parseObject(text, path) as unknown as Manifest & { readonly seal?: unknown };
  const known = Object.values(vintageFormats);
  if (!known.some((format) => format === manifest.format)) throw refuseFormat(path, 'format', manifest.format, known);
  if (seal !== sealOf(manifest)) throw corrupt(path, 'it is not as it was sealed');
  return Object.freeze(manifest);
}

function parseObject(text: string, path: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw corrupt(path, 'it is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw corrupt(path, 'it is not an object');
  return value as Record<string, unknown>;
}

function sealOf(manifest: Manifest): string {
  return createHash('sha256').update(JSON.stringify(manifest)).digest('hex');
}
