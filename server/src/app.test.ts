import { expect, test, vi } from 'vitest'
import { useApi } from '../test/api.ts'

const api = useApi()
const get = (path: string) => fetch(`${api.url}${path}`)

type Operation = {
  requestBody?: { required: boolean; content: object }
  responses: Record<string, { content: object }>
}
type OpenApi = { openapi: string; paths: Record<string, Record<string, Operation>>; components: { schemas: object } }

test('unknown addresses are problems', async () => {
  expect(await (await get('/%')).json()).toMatchObject({ status: 400, code: 'invalid_request' })
  expect(await (await get('/nothing?x=1')).json()).toMatchObject({
    status: 404,
    code: 'not_found',
    detail: 'There is no GET /nothing.',
  })
})

test('OpenAPI describes every route and is shown on a page', async () => {
  const openapi = (await (await get('/openapi.json')).json()) as OpenApi
  expect(openapi.openapi).toBe('3.1.0')
  expect(Object.keys(openapi.paths).sort()).toEqual([
    '/documents',
    '/documents/{document_id}',
    '/documents/{document_id}/cancel',
    '/documents/{document_id}/content',
    '/documents/{document_id}/exports',
    '/documents/{document_id}/exports/{format}',
    '/documents/{document_id}/pages/{page_number}',
    '/documents/{document_id}/pages/{page_number}/matches',
    '/documents/{document_id}/pages/{page_number}/picture',
    '/documents/{document_id}/reprocess',
    '/documents/{document_id}/result',
    '/documents/{document_id}/status',
    '/health/live',
    '/health/ready',
    '/queue',
    '/queue/dead-letters',
    '/queue/dead-letters/retry',
    '/queue/pause',
    '/queue/resume',
    '/search',
  ])
  const upload = openapi.paths['/documents']?.post
  expect(Object.keys(upload?.requestBody?.content ?? {})).toEqual(['multipart/form-data'])
  expect(openapi.paths['/queue/pause']?.post?.requestBody).toMatchObject({
    required: false,
    content: { 'application/json': { schema: { type: 'object', properties: { reason: { type: 'string' } } } } },
  })
  expect(Object.keys(upload?.responses['415']?.content ?? {})).toEqual(['application/problem+json'])
  // Every schema that is referred to is there, and no other.
  const text = JSON.stringify(openapi)
  const used = new Set([...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1]))
  expect([...used].sort()).toEqual(Object.keys(openapi.components.schemas).sort())
  expect(await (await get('/docs')).text()).toContain('swagger')
})

test('health: live while the process answers, ready while database and storage do', async () => {
  expect(await (await get('/health/live')).json()).toEqual({ status: 'ok' })
  expect(await (await get('/health/ready')).json()).toEqual({ status: 'ok' })
  const check = vi.spyOn(api.blobs, 'check').mockRejectedValueOnce(new Error('the disk is gone'))
  const response = await get('/health/ready')
  expect(response.status).toBe(503)
  expect(await response.json()).toMatchObject({ code: 'unavailable', detail: 'The storage cannot be used.' })
  check.mockRestore()
})
