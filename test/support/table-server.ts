import { startTableServer, type TableServer } from '../../cli/local/table-server.ts';
import { ensureDynamoTable, openDynamoTable, type TableSettings } from '../../server/configuration/dynamodb.ts';
import type { Table } from '../../server/configuration/table.ts';

export interface TestTables {
  readonly server: TableServer;
  readonly endpoint: string;
  /** Settings of a table that exists. */
  create(tableName: string): Promise<TableSettings>;
  open(tableName: string): Promise<Table>;
  close(): Promise<void>;
}

/** A real DynamoDB-compatible server in this process, in memory, spoken to over HTTP. */
export async function startTestTables(): Promise<TestTables> {
  const server = await startTableServer({ host: '127.0.0.1', port: 0 });
  const endpoint = `http://127.0.0.1:${server.port}`;
  const opened: Table[] = [];
  const create = async (tableName: string) => {
    const settings = { tableName, endpoint };
    await ensureDynamoTable(settings);
    return settings;
  };
  return {
    server,
    endpoint,
    create,
    async open(tableName) {
      const table = openDynamoTable(await create(tableName));
      opened.push(table);
      return table;
    },
    async close() {
      for (const table of opened) table.close();
      await server.close();
    },
  };
}
