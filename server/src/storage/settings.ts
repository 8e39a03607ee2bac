import { z } from 'zod'
import { BLOCK_BYTES } from './blocks.ts'

/** Settings of the storage; config.ts has all others. */
export const storageSettings = {
  STORAGE: z.enum(['filesystem', 'azure-blob', 's3']).default('filesystem'),
  STORAGE_LINKS: z.stringbool({ truthy: ['true'], falsy: ['false'], error: 'neither true nor false' }).default(true),
  AZURE_STORAGE_CONTAINER: z.string().optional(),
  AZURE_STORAGE_CONNECTION_STRING: z.string().optional(),
  // An identity's token must not travel in the open; the SDK refuses plain http as well, but with every single request.
  AZURE_STORAGE_ACCOUNT_URL: z.url({ protocol: /^https$/, error: 'has to be https://…' }).optional(),
  S3_BUCKET: z.string().optional(),
  S3_REGION: z.string().optional(),
  S3_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  S3_FORCE_PATH_STYLE: z
    .stringbool({ truthy: ['true'], falsy: ['false'], error: 'neither true nor false' })
    .default(false),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
}

export type StorageSettings = z.infer<z.ZodObject<typeof storageSettings>>

/** Those that hold a secret, or into whose address somebody may have written one. */
export const STORAGE_SECRETS = [
  'AZURE_STORAGE_CONNECTION_STRING',
  'AZURE_STORAGE_ACCOUNT_URL',
  'S3_ENDPOINT',
  'S3_ACCESS_KEY_ID',
  'S3_SECRET_ACCESS_KEY',
]

/** Blocks that a service makes one blob of. */
const MAX_BLOCKS: Record<string, number> = { 'azure-blob': 50_000, s3: 10_000 }

/** What is wrong with settings that are each right: a line for each, that begins with the setting's name. None has a value in it. */
export function findStorageFaults(set: Record<string, string | undefined>): string[] {
  const has = (name: keyof StorageSettings) => set[name] !== undefined
  const faults: [boolean, string][] = []
  if (set.STORAGE === 'azure-blob') {
    const [string, url] = [has('AZURE_STORAGE_CONNECTION_STRING'), has('AZURE_STORAGE_ACCOUNT_URL')]
    faults.push(
      [!has('AZURE_STORAGE_CONTAINER'), 'AZURE_STORAGE_CONTAINER: needed with STORAGE=azure-blob'],
      [
        !string && !url,
        'AZURE_STORAGE_CONNECTION_STRING: this or AZURE_STORAGE_ACCOUNT_URL is needed with STORAGE=azure-blob',
      ],
      [
        string && url,
        'AZURE_STORAGE_ACCOUNT_URL: names an account beside AZURE_STORAGE_CONNECTION_STRING; set one of them',
      ],
    )
  } else if (set.STORAGE === 's3') {
    const [id, secret] = [has('S3_ACCESS_KEY_ID'), has('S3_SECRET_ACCESS_KEY')]
    faults.push(
      [!has('S3_BUCKET'), 'S3_BUCKET: needed with STORAGE=s3'],
      [id && !secret, 'S3_SECRET_ACCESS_KEY: needed with S3_ACCESS_KEY_ID'],
      [secret && !id, 'S3_ACCESS_KEY_ID: needed with S3_SECRET_ACCESS_KEY'],
      [
        !has('S3_REGION') && !has('S3_ENDPOINT') && set.AWS_REGION === undefined,
        'S3_REGION: needed without S3_ENDPOINT',
      ],
    )
  } else if (set.STORAGE === undefined) {
    // Forgotten, it would put documents where nobody looks for them.
    const otherwise = 'is set, but STORAGE is not; STORAGE=filesystem if files it shall be'
    faults.push(
      [has('AZURE_STORAGE_CONTAINER'), `AZURE_STORAGE_CONTAINER: ${otherwise}`],
      [has('S3_BUCKET'), `S3_BUCKET: ${otherwise}`],
    )
  }
  const most = (MAX_BLOCKS[set.STORAGE ?? ''] ?? Number.POSITIVE_INFINITY) * BLOCK_BYTES
  faults.push([Number(set.MAX_UPLOAD_BYTES) > most, `MAX_UPLOAD_BYTES: STORAGE=${set.STORAGE} takes at most ${most}`])
  return faults.flatMap(([wrong, line]) => (wrong ? [line] : []))
}
