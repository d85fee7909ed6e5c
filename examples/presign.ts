/** Makes a link that lets anyone who has it upload one file, for ten minutes. */
import { type PresignedRequest, presign } from 'countersign'
import { keys } from './keys.ts'

export function uploadLink(bucketUrl: string, name: string): Promise<PresignedRequest> {
  const credentials = keys.get('AKIDEXAMPLE')
  if (!credentials) throw new Error('no key')
  return presign(
    {
      method: 'PUT',
      url: `${bucketUrl}/${encodeURIComponent(name)}`,
      // A signed header: the sender must send it, and nothing else in its place.
      headers: { 'content-type': 'image/png' },
    },
    { service: 's3', region: 'eu-west-1', credentials, expiresIn: 600 },
  )
}
