import { STATUS_CODES } from 'node:http'
import { UPLOAD_FIELD } from '@adp/contract/document.ts'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { createJsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { VERSION } from '../version.ts'

type RequestBody = {
  required: boolean
  content: Record<string, { schema: { type?: string; anyOf?: { type: string }[] } }>
}
type Operation = {
  requestBody?: RequestBody
  responses: Record<string, { description: string; content?: Record<string, object> }>
}
type OpenApi = { paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, object> } }

/** Describes every route from its zod schemas, at /openapi.json, and shows it at /docs. To be called before the routes are registered. */
export async function registerOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'async-doc-processing',
        version: VERSION,
        description: 'Upload returns at once; extraction runs in the background.',
      },
    },
    transform: createJsonSchemaTransform({ skipList: ['/openapi.json'] }),
    transformObject: (documentation) =>
      complete(jsonSchemaTransformObject(documentation) as unknown as OpenApi) as never,
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    // Its own default asks for https, which a plain http address other than localhost does not have; it styles itself inline.
    staticCSP: {
      'default-src': "'self'",
      'img-src': "'self' data:",
      'style-src': "'self' 'unsafe-inline'",
      'object-src': "'none'",
    },
  })
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
}

/** Adds what route schemas cannot say: the streamed upload's body, which bodies may be left out, what problems are sent as, and bytes. */
function complete(openapi: OpenApi): OpenApi {
  for (const operations of Object.values(openapi.paths)) {
    for (const operation of Object.values(operations)) {
      describeResponses(operation)
      if (operation.requestBody) operation.requestBody = describeBody(operation.requestBody)
    }
  }
  const upload = openapi.paths['/documents']?.post
  if (upload) upload.requestBody = UPLOAD_BODY
  const content = openapi.paths['/documents/{document_id}/content']?.get
  for (const status of ['200', '206']) {
    const response = content?.responses[status]
    if (response) response.content = { 'application/octet-stream': {} }
  }
  const exported = openapi.paths['/documents/{document_id}/exports/{format}']?.get?.responses['200']
  if (exported) exported.content = { '*/*': {} }
  // Registered a second time for request bodies, which none of those is.
  for (const name of Object.keys(openapi.components.schemas)) {
    if (name.endsWith('Input')) delete openapi.components.schemas[name]
  }
  return openapi
}

/** To the framework a body that was left out is null, and any that is described is required. */
function describeBody(body: RequestBody): RequestBody {
  const { anyOf } = body.content['application/json']?.schema ?? {}
  const schema = anyOf?.find(({ type }) => type !== 'null')
  return schema && anyOf?.length === 2 ? { required: false, content: { 'application/json': { schema } } } : body
}

function describeResponses(operation: Operation): void {
  for (const [status, response] of Object.entries(operation.responses)) {
    response.description = STATUS_CODES[status] ?? status
    const json = response.content?.['application/json']
    if (Number(status) >= 400 && json) response.content = { 'application/problem+json': json }
  }
}

const UPLOAD_BODY = {
  required: true,
  content: {
    'multipart/form-data': {
      schema: {
        type: 'object',
        required: [UPLOAD_FIELD],
        properties: { [UPLOAD_FIELD]: { type: 'array', minItems: 1, items: { type: 'string', format: 'binary' } } },
      },
    },
  },
}
