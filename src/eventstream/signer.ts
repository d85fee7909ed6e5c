import { cachedKeys } from '../algorithms/cached-keys.ts'
import { sigv4 } from '../algorithms/sigv4.ts'
import { formatScope } from '../canonical/scope.ts'
import { resolveCredentials } from '../credentials/resolve.ts'
import type { CryptoBackend } from '../crypto/backend.ts'
import { fromHex } from '../lib/hex.ts'
import { formatAmzDate } from '../lib/time.ts'
import { fail } from '../model/errors.ts'
import type { SigningCredentials, SignOptions } from '../model/types.ts'
import { signText, tellOf } from '../sign/sign-text.ts'
import { eventStringToSign, inTurn, seedOf } from './chain.ts'
import { type Chunks, type EventCodec, encodeDate, type SignedEvent } from './message.ts'

/** The options of `createEventSigner`: those that the request was signed with fit. */
export interface EventSignerOptions
  extends Pick<
    SignOptions,
    'credentials' | 'region' | 'service' | 'allowLongTermCredentials' | 'crypto' | 'onSign'
  > {
  /** The clock of the events. Default: the system's. */
  now?: (() => Date) | undefined
}

/** Signs the events of one stream, each chained to the one before. */
export interface EventSigner {
  /** Signs a payload; calls that overlap are taken in turn. An empty payload ends the stream. */
  sign(payload: Uint8Array): Promise<SignedEvent>
  /** Signs the empty event that ends the stream. */
  end(): Promise<SignedEvent>
  /** The frames of a whole stream of payloads, the empty one at its end included. */
  frames(
    payloads: Chunks,
    codec: Pick<EventCodec, 'encode'>,
  ): AsyncGenerator<Uint8Array, void, undefined>
}

/** Makes an event signer that starts from the signature of a request. */
export function eventSigner(
  request: { readonly signature: string },
  options: EventSignerOptions,
  platform: CryptoBackend,
): EventSigner {
  const { crypto = platform, now = () => new Date() } = options
  const algorithm = cachedKeys(sigv4)
  const tell = tellOf(options, platform, '')
  const take = inTurn()
  let prior = seedOf(request.signature)
  let credentials: SigningCredentials | undefined
  let ended = false

  async function signEvent(payload: Uint8Array): Promise<SignedEvent> {
    if (ended) fail('invalid-body', 'no event after the empty one, which ends the stream')
    const date = now()
    const amzDate = formatAmzDate(date)
    const scope = formatScope(amzDate, options)
    // The whole stream is signed with the key of its request, and so credentials are asked for once.
    credentials ??= await resolveCredentials(options, date)
    const stringToSign = await eventStringToSign(
      prior,
      { amzDate, scope },
      encodeDate(date),
      payload,
      crypto,
    )
    prior = await signText(stringToSign, credentials, scope, algorithm, crypto, tell)
    ended = payload.length === 0
    return {
      headers: {
        ':date': { type: 'timestamp', value: date },
        ':chunk-signature': { type: 'binary', value: fromHex(prior) },
      },
      body: payload,
    }
  }

  const sign = (payload: Uint8Array) => take(() => signEvent(payload))
  const end = () => sign(new Uint8Array())
  return {
    sign,
    end,
    async *frames(payloads, codec) {
      for await (const payload of payloads)
        if (payload.length) yield codec.encode(await sign(payload))
      yield codec.encode(await end())
    },
  }
}
