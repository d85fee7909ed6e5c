import type { ReceivedRequest, SignedRequest } from 'countersign'

export const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'

/** A session's key, which signs everywhere. */
export const credentials = {
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey,
  sessionToken: 'a/token+of==',
}

/** A key that a browser must not have. */
export const longTerm = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey }

export const scope = { service: 's3', region: 'eu-west-1' }

export const signingDate = new Date('2015-08-30T12:36:00Z')

export const signing = { ...scope, credentials, signingDate }

export const verifying = { service: 's3', credentials: () => credentials, now: signingDate }

export const url = 'https://bucket.s3.eu-west-1.amazonaws.com/a%20b/key'

/** A signed request as a server receives it. */
export const received = ({ method, url, headers, body }: SignedRequest): ReceivedRequest => ({
  ...{ method, url, headers },
  ...(typeof body === 'string' && { body }),
})

/** The text of hex digits that bytes are. */
export const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => `0${byte.toString(16)}`.slice(-2)).join('')
