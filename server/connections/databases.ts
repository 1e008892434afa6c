import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { DatabaseAccess, DatabaseSession, SecretReader } from '../dataflow/index.ts';
import { isBelow } from '../foundation/below.ts';
import { findClosestName } from '../foundation/closest-name.ts';
import { SpectrumError } from '../foundation/errors.ts';
import { SqlSession } from './database-session.ts';
import { type ConnectionDefinition, readDatabaseSettings } from './database-settings.ts';
import { openMysql } from './mysql-driver.ts';
import { openPostgresql } from './postgresql-driver.ts';
import { openSqliteFile, type SqliteFile } from './sqlite-driver.ts';

export interface DatabasesProps {
  /** Stands for the run. */
  readonly run: string;
  /** Definitions of the configuration by name. */
  readonly connections: Readonly<Record<string, ConnectionDefinition>>;
  readonly secrets: SecretReader;
  /** Folders that may hold files of SQLite; a relative path is looked up below the first one. */
  readonly fileRoots: readonly string[];
}

export interface Databases extends DatabaseAccess {
  close(): Promise<void>;
}

/** The databases of one run. Nothing is loaded or opened before a stage asks for it. */
export function openDatabases({ run, connections, secrets, fileRoots }: DatabasesProps): Databases {
  const files = new Map<string, Promise<SqliteFile>>();
  const openFile = async (name: string, given: string): Promise<DatabaseSession> => {
    const path = await confine(name, given, fileRoots);
    // Stages that use one file share one connection: its driver lets no other use the file meanwhile.
    const file = files.get(path) ?? openSqliteFile(name, path);
    files.set(path, file);
    return new SqlSession((await file).connect(), 'sqlite');
  };
  return {
    run,
    async open(name) {
      const definition = connections[name];
      if (definition === undefined) throw unknownConnection(name, Object.keys(connections));
      const settings = readDatabaseSettings(name, definition);
      if (settings.kind === 'sqlite') return openFile(name, settings.file);
      const password = definition.secret === undefined ? '' : await secrets.resolve(definition.secret);
      const open = settings.kind === 'postgresql' ? openPostgresql : openMysql;
      return new SqlSession(await open(name, settings.server, password), settings.kind);
    },
    async close() {
      for (const file of files.values()) await file.then((opened) => opened.close()).catch(() => undefined);
    },
  };
}

function unknownConnection(name: string, known: readonly string[]): SpectrumError {
  const closest = findClosestName(name, known);
  const advice = closest === undefined ? 'define it' : `did you mean ${closest}?`;
  return new SpectrumError('UNKNOWN_OBJECT', `There is no connection ${name}; ${advice}`, { connection: name });
}

/** The real path of a file below one of the folders. Throws `INVALID_REQUEST` for one elsewhere. */
async function confine(name: string, given: string, roots: readonly string[]): Promise<string> {
  const path = resolve(roots[0] ?? '.', given);
  const folder = await realpath(dirname(path)).catch(() => '');
  const real = await realpath(path).catch(() => join(folder, basename(path)));
  for (const root of roots) {
    if (folder !== '' && isBelow(await realpath(root), real)) return real;
  }
  const sentence = `connection ${name}: file: ${given} is outside of the folders for files of jobs, or its folder is not there`;
  throw new SpectrumError('INVALID_REQUEST', sentence, { connection: name, given });
}
