import { type AzureEmulator, startAzureEmulator } from './emulator.ts'
import type { AzureEmulatorOptions } from './options.ts'

export const KEY = 'the-key'

/** An emulator with a clock of the test's own, and without limits unless they are asked for. */
export type TestEmulator = AzureEmulator & {
  clock: { ms: number }
  /** POST :analyze with raw bytes. */
  analyze(content: Buffer | string, options?: AnalyzeRequest): Promise<Response>
  /** @returns the Operation-Location of a submission that must be accepted */
  submit(content: Buffer | string, options?: AnalyzeRequest): Promise<string>
  get(url: string, init?: RequestInit): Promise<Response>
}

export type AnalyzeRequest = {
  model?: string
  query?: Record<string, string>
  /** Default application/octet-stream. */
  type?: string
  key?: string
  apiVersion?: string
}

const BEGIN = Date.UTC(2026, 0, 1)

export async function startTestEmulator(options: Partial<AzureEmulatorOptions> = {}): Promise<TestEmulator> {
  const clock = { ms: BEGIN }
  const emulator = await startAzureEmulator({ key: KEY, now: () => clock.ms, limits: null, ...options })
  const headers = { 'Ocp-Apim-Subscription-Key': KEY }
  const analyze = (content: Buffer | string, request: AnalyzeRequest = {}) => {
    const { model = 'prebuilt-layout', query, type = 'application/octet-stream', key = KEY } = request
    const search = new URLSearchParams({ 'api-version': request.apiVersion ?? '2024-11-30', ...query })
    return fetch(`${emulator.url}/documentintelligence/documentModels/${model}:analyze?${search}`, {
      method: 'POST',
      headers: { 'content-type': type, 'Ocp-Apim-Subscription-Key': key },
      body: typeof content === 'string' ? content : new Uint8Array(content),
    })
  }
  return {
    ...emulator,
    clock,
    analyze,
    async submit(content, request) {
      const response = await analyze(content, request)
      if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`)
      return response.headers.get('operation-location') as string
    },
    get: (url, init) => fetch(url, { headers, ...init }),
  }
}
