import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import tls from 'node:tls'
import { generate } from 'selfsigned'

/** Makes a certificate of this machine, which this process trusts from here on, as cert.pem and key.pem in the folder. */
export async function makeCertificate(folder: string): Promise<void> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  })
  await Promise.all([writeFile(path.join(folder, 'cert.pem'), cert), writeFile(path.join(folder, 'key.pem'), key)])
  tls.setDefaultCACertificates([...tls.getCACertificates(), cert])
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token that Azurite takes, which looks at everything but the signature. */
function makeToken(lifeSeconds: number): string {
  const now = Math.floor(Date.now() / 1000)
  const claims = {
    aud: 'https://storage.azure.com',
    iss: 'https://sts.windows.net/00000000-0000-0000-0000-000000000001/',
    oid: '00000000-0000-0000-0000-000000000002',
    tid: '00000000-0000-0000-0000-000000000001',
    iat: now - 7200,
    nbf: now - 7200,
    exp: now + lifeSeconds,
  }
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.${Buffer.from('c2lnbmF0dXJl').toString('base64url')}`
}

export type IdentityEndpoint = {
  /** What a process that has this identity finds in its environment. */
  env: Record<string, string>
  /** The resources that tokens were asked for. */
  asked: string[]
  /** The last one. */
  token: string
  /** Of the next tokens, by their own account; less than 0 makes them such as the storage refuses. */
  lifeSeconds: number
  /** It lends no identity. */
  refuses: boolean
  close(): void
}

/**
 * Lends an identity as Azure App Service and Container Apps do.
 * https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export async function startIdentityEndpoint(): Promise<IdentityEndpoint> {
  const header = 'a-header-of-this-machine'
  const server = createServer((request, response) => {
    const url = new URL(request.url as string, 'http://localhost')
    if (request.headers['x-identity-header'] !== header) return response.writeHead(401).end()
    if (endpoint.refuses)
      return response.writeHead(400).end(JSON.stringify({ message: 'No identity found', code: 'bad' }))
    endpoint.token = makeToken(endpoint.lifeSeconds)
    const asked = url.searchParams.get('resource') as string
    endpoint.asked.push(asked)
    const expires_on = String(Math.floor(Date.now() / 1000) + 3600)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ access_token: endpoint.token, expires_on, resource: asked, token_type: 'Bearer' }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const endpoint: IdentityEndpoint = {
    env: {
      IDENTITY_ENDPOINT: `http://127.0.0.1:${port}/msi/token`,
      IDENTITY_HEADER: header,
      AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential',
    },
    asked: [],
    token: '',
    lifeSeconds: 3600,
    refuses: false,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
  return endpoint
}
