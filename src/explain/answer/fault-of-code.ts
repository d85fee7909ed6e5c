import type { ServerError } from '../case/server-error.ts'
import type { Diagnosis } from '../diagnosis.ts'

/** What is likely where a server refuses a request that is signed well, in a code that leaves it open. */
export function faultOfCode({ code = '', endpoint, expected }: ServerError): Diagnosis | undefined {
  if (/^(Permanent|Temporary)?Redirect$/.test(code))
    return {
      faults: [
        {
          cause: 'wrong-region',
          detail: [`the server names ${endpoint ?? 'another endpoint'}`, expected]
            .filter(Boolean)
            .join(', '),
          message:
            'The bucket is at another endpoint, mostly of another region: the request is to be signed for that, and sent there.',
        },
      ],
      certain: false,
    }
  if (code === 'AuthFailure')
    return {
      faults: [
        {
          cause: 'wrong-secret',
          detail: 'the server does not say which',
          message:
            'The server does not know the access key id, or has another secret for it, or another time.',
        },
      ],
      certain: false,
    }
  return undefined
}
