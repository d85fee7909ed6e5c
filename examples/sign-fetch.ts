/** Calls an AWS API with fetch: each attempt is signed anew, and a clock that is off is mended. */
import { createSigner } from 'countersign'
import { keys } from './keys.ts'

const aws = createSigner({
  service: 'dynamodb',
  region: 'eu-west-1',
  credentials: async () => keys.get('AKIDEXAMPLE') ?? Promise.reject(new Error('no key')),
  retries: 3,
})

export async function listTables(endpoint: string): Promise<readonly string[]> {
  const response = await aws.fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.ListTables',
    },
    body: '{}',
  })
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()).TableNames
}
