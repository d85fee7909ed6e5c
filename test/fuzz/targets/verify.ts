import type { Refused, Verified } from 'countersign'
import { createVerifier, verify } from 'countersign/sync'
import { received } from '../../verify/common.ts'
import { expectedVerdict } from '../../verify/expected-verdict.ts'
import { genuine, messageOf, textOf } from '../messages.ts'
import { byNumber, numbered, target } from '../target.ts'

const verifiers = genuine.map(({ options }) => createVerifier(options))

/**
 * A signed request, changed: it is accepted where it means the same, by a reading of AWS's
 * documentation that is not countersign's.
 */
export const verifying = target({
  name: 'verify',
  codes: [],
  cost: { fixed: 30, perByte: 0.02 },
  seeds: () => genuine.map(({ message }, at) => numbered(at, textOf(message))),
  read(input) {
    const [good, rest] = byNumber(genuine, input)
    const message = messageOf(rest)
    return { good, message, request: received(message) }
  },
  call({ good, request }): [Verified | Refused, Verified | Refused] {
    const verifier = verifiers[genuine.indexOf(good)]
    return [
      verify(request, good.options),
      verifier?.verify(request) ?? verify(request, good.options),
    ]
  },
  judge({ good, message }, [result, again]) {
    const verdict = result.ok ? 'accepted' : result.reason
    if (verdict !== (again.ok ? 'accepted' : again.reason))
      return `a verifier that remembers disagrees: ${verdict}`
    // No parser of a server hands on what a field cannot hold.
    const isHandedOn = message.headers.every(([, value]) => !/[^\t -~\x80-\xff]/.test(value))
    if (!result.ok || !isHandedOn) return undefined
    const expected = expectedVerdict(good.meaning, message, good.rules)
    return expected === 'accepted' ? undefined : `accepts what is ${expected} (${good.name})`
  },
})
