import type { XmlElement } from './xml.ts';

/** What became of the settings of a stage: those of the stage type here, or sentences about what is not understood. */
export interface ReadSettings {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly notUnderstood: readonly string[];
}

/** How one type of stage stands in a file. */
export interface StageFormat {
  /** Type in the file. */
  readonly stageName: string;
  /** Type here. */
  readonly type: string;
  /**
   * @param settings the root of the settings; undefined where the stage has none
   * @param ports names of ports by their ids
   */
  read(settings: XmlElement | undefined, ports: ReadonlyMap<string, string>): ReadSettings;
  /** The settings as text; undefined when the format cannot say them. */
  write(settings: unknown, portIds: ReadonlyMap<string, string>): string | undefined;
}

export function understood(settings: Readonly<Record<string, unknown>>): ReadSettings {
  return { settings, notUnderstood: [] };
}

export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text that is the same for values that say the same. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    isPlain(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}
