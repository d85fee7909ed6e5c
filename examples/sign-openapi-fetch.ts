/** openapi-fetch with a signer's fetch, typed by the API's own description. */
import { createSigner } from 'countersign'
import createClient, { type Client } from 'openapi-fetch'
import { keys } from './keys.ts'

/** As openapi-typescript writes it. */
export interface Paths {
  '/items/{id}': {
    get: {
      parameters: { path: { id: string }; query?: { tags?: string[] } }
      responses: { 200: { content: { 'application/json': { name: string } } } }
    }
  }
}

const aws = createSigner({
  service: 'execute-api',
  region: 'eu-west-1',
  credentials: () => keys.get('AKIDEXAMPLE') ?? Promise.reject(new Error('no key')),
})

export const apiClient = (baseUrl: string): Client<Paths> =>
  createClient<Paths>({ baseUrl, fetch: (request) => aws.fetch(request) })
