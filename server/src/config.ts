import { availableParallelism } from 'node:os'
import path from 'node:path'
import { Provider } from '@adp/contract/extraction-options.ts'
import { z } from 'zod'
import { AZURE_SETTINGS } from './extraction/azure/settings.ts'
import { OcrEngine } from './extraction/local/ocr-engine.ts'
import { findStorageFaults, STORAGE_SECRETS, storageSettings } from './storage/settings.ts'

const number = z.coerce.number({ error: ({ code }) => (code === 'invalid_type' ? 'not a number' : undefined) })
const int = (fallback: number, min: number) => number.int().min(min).default(fallback)
/** 0 is for ever. A calendar ends: PostgreSQL takes no date of a million years ago. */
const days = (fallback: number) => number.int().min(0).max(36_500).default(fallback)

/** Every setting of the product, by the name of its environment variable. README.md has the same table for people, docker-compose.yml passes them on. */
export const Environment = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: number.int().min(0).max(65535).default(3000),
  DATA_DIR: z.string().min(1).default('.data'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),

  MAX_UPLOAD_BYTES: int(500 * 1024 * 1024, 1),
  MAX_UPLOAD_FILES: int(100, 1),
  UPLOAD_IDLE_SECONDS: int(60, 1),

  WORKER_CONCURRENCY: int(Math.max(1, availableParallelism()), 1),
  WORKER_TIMEOUT_SECONDS: int(15, 5),
  JOB_MAX_ATTEMPTS: int(5, 1),
  JOB_RETENTION_DAYS: days(30),
  DOCUMENT_RETENTION_DAYS: days(0),

  EXTRACTION_PROVIDER: Provider.optional(),
  ...AZURE_SETTINGS,

  MAX_PAGES: int(5000, 1),
  OCR_LANGUAGES: z
    .string()
    .default('eng,por')
    .transform((list) => list.split(',').map((language) => language.trim()))
    .pipe(z.array(z.string().regex(/^[a-z_]{3,}$/i)).min(1)),
  OCR_ENGINE: OcrEngine.default('auto'),
  EXTRACTION_MEMORY_MB: int(1024, 128),
  EXTRACTION_PAGE_TIMEOUT_SECONDS: int(60, 1),
  EXTRACTION_TIMEOUT_SECONDS: int(4 * 60 * 60, 1),

  ...storageSettings,
})

export type Config = Omit<z.infer<typeof Environment>, 'DATA_DIR'> & { /** Absolute. */ DATA_DIR: string }

/**
 * Reads the settings from environment variables. An empty variable counts as not set, as in compose files.
 * @throws Error with one line per wrong variable.
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = Environment.safeParse(set)
  const wrong = (parsed.error?.issues ?? []).map((issue) => `${describe(String(issue.path[0]), set)}: ${issue.message}`)
  const lines = [...wrong, ...findStorageFaults(set)].map((line) => `  ${line}`)
  if (!parsed.success || lines.length > 0)
    throw new Error(`These environment variables are not valid:\n${lines.join('\n')}`)
  const { EXTRACTION_PROVIDER: provider = 'local', AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT: endpoint } = parsed.data
  if (provider !== 'local' && endpoint === undefined)
    throw new Error(`EXTRACTION_PROVIDER is ${provider}: set AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT too.`)
  if (endpoint === undefined && parsed.data.AZURE_DOCUMENT_INTELLIGENCE_KEY !== undefined)
    throw new Error('AZURE_DOCUMENT_INTELLIGENCE_KEY is set: set AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT too.')
  // The identity of a machine is a token, which its library sends over https only.
  if (endpoint?.startsWith('http:') && parsed.data.AZURE_DOCUMENT_INTELLIGENCE_KEY === undefined)
    throw new Error('AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT is plain http: set AZURE_DOCUMENT_INTELLIGENCE_KEY too.')
  return { ...parsed.data, DATA_DIR: path.resolve(parsed.data.DATA_DIR) }
}

/** Their values are in no message. */
const SECRETS = new Set([
  'DATABASE_URL',
  'AZURE_DOCUMENT_INTELLIGENCE_KEY',
  // Who takes the one for the other puts the key here.
  'AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT',
  ...STORAGE_SECRETS,
])

/** The name with its value, except where that may hold a password or a key. */
function describe(name: string, set: Record<string, string | undefined>): string {
  return SECRETS.has(name) || set[name] === undefined ? name : `${name}=${JSON.stringify(set[name])}`
}
