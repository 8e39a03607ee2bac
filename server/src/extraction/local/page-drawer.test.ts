import { fileURLToPath } from 'node:url'
import pino from 'pino'
import { expect, test } from 'vitest'
import { createPageDrawer } from './page-drawer.ts'

const childPath = fileURLToPath(new URL('./misbehaving-child.ts', import.meta.url))
const DRAWING = { pageNumber: 1, width: 400, inches: { width: 8.5, height: 11 }, output: '/dev/null' }

test.each([
  ['exit', 'parser_crashed'],
  ['hang', 'page_timeout'],
  ['hoard', 'memory_exceeded'],
  ['nonsense', 'parser_crashed'],
])('a child that does this while it draws is none of our misfortune: %s', async (path, code) => {
  const log = pino({ level: 'silent' })
  const timeoutMs = path === 'hang' ? 1500 : 60_000
  const drawer = createPageDrawer({ maxChildren: 1, memoryBytes: 400 * 2 ** 20, timeoutMs, log, childPath })
  const draw = (what: string) =>
    drawer.draw({ path: what, contentType: 'application/pdf' }, DRAWING, new AbortController().signal)
  await expect(draw(path)).rejects.toMatchObject({ code })
  await drawer.close()
  await expect(draw('closed')).rejects.toThrow('closed')
})
