import path from 'node:path'
import kanel from 'kanel'
import { readConfig } from '../src/config.ts'
import { findDatabaseUrl } from '../src/database-url.ts'
import { runMain } from '../src/process.ts'

export const GENERATED = path.resolve(import.meta.dirname, '../src/db/generated')

/** Writes one file of row types per table of a live, migrated schema. Development only. */
export async function generateTypes(databaseUrl: string, outputPath: string): Promise<void> {
  await kanel.processDatabase({
    connection: databaseUrl,
    schemaNames: ['public'],
    outputPath,
    preDeleteOutputFolder: true,
    filter: (entity: { kind: string; name: string }) => entity.kind === 'table' && entity.name !== 'schema_migrations',
    typescriptConfig: { enumStyle: 'literal-union', importsExtension: '.ts' },
    postRenderHooks: [kanel.markAsGenerated],
    generators: [
      kanel.makePgTsGenerator({
        // db/client.ts reads bigints as numbers.
        customTypeMap: { 'pg_catalog.int8': 'number', 'pg_catalog.tsvector': 'string' },
        // Without brands: ids come in as plain text from URLs and go out as plain JSON.
        generateIdentifierType: (_column, _details, builtin) => ({
          ...builtin,
          typeDefinition: builtin.typeDefinition.map((line) => line.replace(/ & \{.*/, '')),
        }),
      }),
    ],
  })
}

if (import.meta.main) {
  await runMain(async () => generateTypes(await findDatabaseUrl(readConfig(process.env)), GENERATED))
}
