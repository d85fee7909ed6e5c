import { backend } from '#crypto'
import { resolveCredentials } from '../credentials/resolve.ts'
import { importKey } from '../crypto/web.ts'
import { formatAmzDate } from '../lib/time.ts'
import { ensure } from '../model/errors.ts'
import type { Credentials, DerivedCredentials, ImportedCredentials } from '../model/types.ts'
import { signingKeyOf } from '../sign/stages.ts'

/** The day, region and service that a key is to be good for. */
export interface HandleScope {
  /** Such as `eu-west-1`. */
  readonly region: string
  /** As it stands in a credential scope: `s3`, `execute-api`. */
  readonly service: string
  /** `YYYYMMDD`, UTC. Default: the day of `signingDate`. */
  readonly date?: string | undefined
  /** A time on the day that the key is good for. Default: now. */
  readonly signingDate?: Date | undefined
}

/** A handle, of which JSON and Node's inspector show neither key nor session token. */
function handle<Key, Scope>(
  { accessKeyId, sessionToken, sessionTokenName, expiration }: Credentials | DerivedCredentials,
  signingKey: Key,
  scope: Scope,
) {
  const shown = { accessKeyId, expiration, scope }
  const hidden = { value: () => shown }
  // A structured clone, which IndexedDB makes, takes no functions, and so these are not enumerable.
  return Object.defineProperties(
    { ...shown, sessionToken, sessionTokenName, signingKey },
    { toJSON: hidden, [Symbol.for('nodejs.util.inspect.custom')]: hidden },
  )
}

// Credentials that have expired, or are not allowed here, are refused when they sign.
const complete = (credentials: Credentials | DerivedCredentials) =>
  resolveCredentials({ credentials, allowLongTermCredentials: true }, new Date(0))

/**
 * The signing key of one day, region and service in place of the secret: what a server may hand to
 * a page, as it signs nothing else and ends with the day.
 *
 * Those who watch `countersign:sign` are told of the key that it makes. JSON does not show the key; a server that sends it says so: `Array.from(derived.signingKey)`.
 *
 * @throws CountersignError `invalid-credentials`, `invalid-scope`, `invalid-date`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 * @example
 * const derived = await derivedCredentials(credentials, { region: 'eu-west-1', service: 's3' })
 * const { signingKey, ...rest } = derived
 * response.end(JSON.stringify({ ...rest, signingKey: Array.from(signingKey) }))
 */
export async function derivedCredentials(
  credentials: Credentials,
  { region, service, signingDate = new Date(), date }: HandleScope,
): Promise<DerivedCredentials> {
  ensure(
    (await complete(credentials)) && credentials.secretAccessKey,
    'invalid-credentials',
    'secretAccessKey',
  )
  const day = new Date(date?.replace(/(....)(..)/, '$1-$2-') ?? signingDate)
  const scope = { date: formatAmzDate(day).slice(0, 8), region, service }
  // A month may have fewer days than the date says, and engines go on with the next.
  ensure(!date || date === scope.date, 'invalid-date', 'a date')
  const signingKey = await signingKeyOf(credentials, { ...scope, signingDate: day }, backend)
  return handle(credentials, signingKey, scope)
}

/**
 * Puts a key where no script can read it: a `CryptoKey` that cannot be exported, in an object that
 * IndexedDB keeps as it is, for this page and for those after a reload.
 *
 * **With a scope** it holds the signing key of that day, region and service. A hostile script on the
 * page can sign for that scope until the day or the session ends, and nothing else. (A URL that it
 * presigns on that day may live for seven more, or until the session ends.)
 *
 * **Without a scope** it holds the secret. It cannot be read either, but a script can still use it:
 * sign for any region and service, and have it compute the day keys of any days it likes, which are
 * plain bytes that it can carry away and that open every region and service of those days until the
 * session ends; for a long-term key, that is for as long as the key lives.
 *
 * In both cases the session token and the key id can be read; they sign nothing by themselves. What
 * the caller had before stays in its hands: let go of the credentials once they are imported.
 *
 * @param credentials A secret, or a derived key from a server.
 * @throws CountersignError `invalid-credentials`, `invalid-scope` (a derived key has its own),
 * `invalid-date`, `crypto-unavailable` on a page served over plain http
 * @see https://www.w3.org/TR/WebCryptoAPI/#concept-key-storage
 * @example
 * const imported = await importCredentials(await provider(), { region: 'eu-west-1', service: 's3' })
 * await set('key', imported) // idb-keyval
 * const aws = createSigner({ service: 's3', region: 'eu-west-1', credentials: imported })
 */
export async function importCredentials(
  credentials: Credentials | DerivedCredentials,
  scope?: HandleScope,
): Promise<ImportedCredentials> {
  const given = (await complete(credentials)) as Credentials & Partial<DerivedCredentials>
  ensure(!(scope && given.scope), 'invalid-scope', 'a scope with a secret')
  const made = scope ? await derivedCredentials(given, scope) : given
  const key = await importKey(made.signingKey ?? `AWS4${given.secretAccessKey}`)
  return handle(made, key, made.scope)
}
