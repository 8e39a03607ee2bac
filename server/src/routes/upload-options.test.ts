import { expect, test } from 'vitest'
import { useApi } from '../../test/api.ts'

const api = useApi()

async function upload(query: string) {
  const form = new FormData()
  form.append('files', new Blob(['%PDF-1.7\nnot much of one']), 'a.pdf')
  const response = await fetch(`${api.url}/documents?${query}`, { method: 'POST', body: form })
  return { status: response.status, body: (await response.json()) as { code?: string; documents: { id: string }[] } }
}

async function stored(query: string) {
  const { body } = await upload(query)
  const { rows } = await api.pool.query('SELECT extraction_options FROM documents WHERE id = $1', [
    body.documents[0]?.id,
  ])
  return rows[0].extraction_options
}

test('what an upload says of how it is to be read is kept with its documents; what it does not say is as configured', async () => {
  expect(await stored('')).toBeNull()
  expect(await stored('priority=high&submitter=ann')).toBeNull()
  expect(
    await stored(
      'provider=azure&model=prebuilt-invoice&locale=pt-BR&features=keyValuePairs,%20queryFields&query_fields=Total',
    ),
  ).toEqual({
    ...{ provider: 'azure', model: 'prebuilt-invoice', locale: 'pt-BR' },
    ...{ features: ['keyValuePairs', 'queryFields'], query_fields: ['Total'] },
  })
})

test('pages of it, as a person may write them', async () => {
  expect(await stored('provider=auto&pages=4-5,2')).toEqual({ provider: 'auto', pages: '4-5,2' })
})

test.each([
  'provider=somebody',
  'pages=0',
  'pages=3-1',
  'pages=1;2',
  'model=../secret',
  'features=a%20b',
  'locale=1',
  'output_format=pdf',
  'wish=1',
])('%s is refused', async (query) => {
  const { status, body } = await upload(query)
  expect([status, body.code]).toEqual([400, 'invalid_request'])
})

test('a model that the local engine does not have is refused at once; one that Azure may have is not', async () => {
  const { status, body } = await upload('model=prebuilt-idDocument')
  expect([status, body.code]).toEqual([422, 'model_not_found'])
  expect((await upload('provider=local&model=my-own')).status).toBe(422)
  expect((await upload('provider=local&model=prebuilt-layout')).status).toBe(202)
  expect((await upload('provider=azure&model=my-own')).status).toBe(202)
  expect((await upload('provider=auto&model=my-own')).status).toBe(202)
})

test('an Idempotency-Key stands for the options too', async () => {
  const send = async (query: string) => {
    const form = new FormData()
    form.append('files', new Blob(['%PDF-1.7\nthe same']), 'a.pdf')
    const headers = { 'Idempotency-Key': 'one key' }
    return (await fetch(`${api.url}/documents?${query}`, { method: 'POST', body: form, headers })).status
  }
  expect([await send('provider=auto'), await send('provider=auto'), await send('provider=azure')]).toEqual([
    202, 202, 422,
  ])
})
