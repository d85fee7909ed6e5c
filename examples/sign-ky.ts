/** Ky with a signer's fetch: each of Ky's retries is signed anew. */
import { createSigner } from 'countersign'
import ky from 'ky'
import { keys } from './keys.ts'

const aws = createSigner({
  service: 'execute-api',
  region: 'eu-west-1',
  credentials: () => keys.get('AKIDEXAMPLE') ?? Promise.reject(new Error('no key')),
})

/** Adds an item by an API behind API Gateway. */
export const addItem = (api: string, item: { name: string }, tags: string): Promise<unknown> =>
  ky.post(`${api}/items`, { json: item, searchParams: { tags }, fetch: aws.fetch }).json()
