import { align } from './align.ts'
import { added, type Line, type Located, type Origin, ofOrigin, type Piece } from './model.ts'
import type { Stated } from './stated.ts'

const from = (place: Located | undefined, text: string, why = 'not in what was pasted'): Piece[] =>
  place ? align(place.text, place.origin, text) : [added(text, why)]

const all = (part: string, length: number): Origin => ({ part, start: 0, end: length })

/** The string to sign: its last line is made of all of the canonical request. */
export function stringToSignLines(
  stringToSign: string,
  canonicalRequest: string,
  { algorithm, date, credential }: Stated,
): Line[] {
  const [name = '', amzDate = '', scope = '', hash = ''] = stringToSign.split('\n')
  const slash = /^.*?(?:\/|%2F)(?=\d{8})/i.exec(credential?.text ?? '')?.[0].length ?? 0
  const inCredential = credential && {
    text: credential.text.slice(slash),
    origin: { ...credential.origin, start: credential.origin.start + slash },
  }
  return [
    { label: 'algorithm', pieces: from(algorithm, name) },
    { label: 'date', pieces: from(date, amzDate) },
    { label: 'scope', pieces: from(inCredential, scope) },
    {
      label: 'hash',
      pieces: ofOrigin(
        hash,
        [all('canonical', canonicalRequest.length)],
        'the SHA-256 of the whole canonical request',
      ),
    },
  ]
}

/** What is attached to the request, each value with the stage that it came from. */
export function attachedLines(
  stated: Stated,
  canonicalRequest: string,
  stringToSign: string,
): Line[] {
  const { placement, algorithm, credential, signedHeaders, signature } = stated
  const inQuery = placement === 'query'
  const scopeAt = stringToSign.split('\n', 2).join('\n').length + 1
  const namesAt = canonicalRequest.lastIndexOf('\n', canonicalRequest.lastIndexOf('\n') - 1) + 1
  const line = (label: string, place: Located | undefined, origin: Origin, why: string): Line[] =>
    place
      ? [
          {
            label: inQuery ? `X-Amz-${label}` : label,
            pieces: ofOrigin(place.text, [place.origin, origin], why),
          },
        ]
      : []
  return [
    ...line(
      'Algorithm',
      algorithm,
      { part: 'to sign', start: 0, end: algorithm?.text.length ?? 0 },
      'line 1 of the string to sign',
    ),
    ...line(
      'Credential',
      credential,
      { part: 'to sign', start: scopeAt, end: stringToSign.lastIndexOf('\n') },
      'the key id, and line 3 of the string to sign',
    ),
    ...line(
      'SignedHeaders',
      signedHeaders,
      { part: 'canonical', start: namesAt, end: canonicalRequest.lastIndexOf('\n') },
      'the list at the end of the canonical request',
    ),
    ...line(
      'Signature',
      signature,
      all('signature', signature?.text.length ?? 0),
      'the signature of the stage before',
    ),
  ]
}
