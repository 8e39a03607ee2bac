import { expect, test } from 'vitest'
import { createAutoExtractor } from './auto-extractor.ts'
import type { AzureExtractor } from './azure/azure-extractor.ts'
import type { ProviderEvents } from './extractor.ts'

/** What is told of a document of two pages, the first with text, the second as said. */
const toldOf = async (second: { hasText: boolean }) => {
  const told: string[] = []
  const frame = { width: 1, height: 1, unit: 'inch' } as const
  const local = {
    measure: async () => [
      { ...frame, pageNumber: 1, hasText: true },
      { ...frame, pageNumber: 2, ...second },
    ],
    begin: async (_: unknown, events: { onEnding?(): void }) => {
      events.onEnding?.()
      told.push('read here')
      return { kind: 'done' } as const
    },
  }
  const analyze = async () => {
    told.push('sent')
    return { kind: 'done' } as const
  }
  const events = { onOpened: async () => {}, onEnding: () => void told.push('ending') } as unknown as ProviderEvents
  const input = { path: 'document.pdf', contentType: 'application/pdf', pagesDone: new Set<number>() } as const
  const extractor = createAutoExtractor(local, { analyze } as unknown as AzureExtractor)
  await extractor.begin(input, events, new AbortController().signal)
  return told
}

test('a document of which Azure reads pages keeps its slot until these are sent', async () => {
  expect(await toldOf({ hasText: false })).toEqual(['read here', 'sent'])
  expect(await toldOf({ hasText: true })).toEqual(['ending', 'read here'])
})
