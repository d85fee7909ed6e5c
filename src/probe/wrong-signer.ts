import { randomUUID } from 'node:crypto'
import { backend } from '#crypto'
import { sigv4 } from '../algorithms/sigv4.ts'
import { toBytes } from '../lib/bytes.ts'
import type { Field } from '../lib/fields.ts'
import type { SignedRequest, SigningRequest, SignOptions } from '../model/types.ts'
import { checksumField, startChecksum } from '../s3/checksums.ts'
import { encodeChunked } from '../s3/encode-chunked.ts'
import { createPostPolicy } from '../s3/post-policy.ts'
import { signText } from '../sign/sign-text.ts'
import { presign, sign } from '../verbs/async.ts'
import type { Case, Recipe } from './cases/case.ts'
import type { Draft } from './draft.ts'
import type { Place } from './place.ts'

/** The boundary of all forms. */
export const BOUNDARY = 'countersign-probe-boundary'

/** Bytes that are no text, and none of which is like its neighbours. */
const noise = (size: number): Uint8Array =>
  Uint8Array.from({ length: size }, (_, at) => (at * 31 + (at >> 8) * 17) & 255)

/** The bytes of a recipe's body. */
export const bodyOf = ({ body = '' }: Recipe): Uint8Array =>
  typeof body === 'number' ? noise(body) : toBytes(body)

/** Whether a recipe writes an object. */
const writes = ({ method, body, place }: Recipe): boolean =>
  !/^(GET|HEAD)$/.test(method ?? (body === undefined && place !== 'chunks' ? 'GET' : 'PUT'))

/** The bucket by its name, which stands in the path or before the host's. */
const bucketOf = ({ options, host }: Place): string => options.bucket ?? host.split('.')[0] ?? ''

/** The key of the object that a case is about, spelled as in a URL, without the prefix of all. */
export const keyOf = ({ recipe, name }: Pick<Case, 'recipe' | 'name'>): string =>
  recipe.key ?? (recipe.place === 'form' || writes(recipe) ? name : 'a.txt')

async function statedFields({ stated = [] }: Recipe, body: Uint8Array): Promise<Field[]> {
  const fields: Field[] = []
  for (const name of stated) {
    const running = startChecksum(name, { checksums: {}, crypto: backend })
    running?.update(body)
    fields.push([name === 'md5' ? 'content-md5' : checksumField(name), `${await running?.value()}`])
  }
  return fields
}

/** What a case signs, before anything is spoilt. */
async function requestOf(
  it: Case,
  place: Place,
): Promise<Required<Omit<SigningRequest, 'body'>> & { headers: Field[]; body: Uint8Array }> {
  const { recipe } = it
  const { options, isS3, origin, base, prefix } = place
  const plain: Recipe = isS3
    ? { method: writes(recipe) ? 'PUT' : 'GET' }
    : {
        method: options.method ?? (options.body === undefined ? 'GET' : 'POST'),
        ...(options.body !== undefined && { body: options.body }),
      }
  const { method = 'GET', query = '' } = { ...plain, ...recipe }
  const body = bodyOf({ ...plain, ...recipe })
  const path = isS3 ? `${base}${prefix}${keyOf(it)}` : base
  const url = origin + path + (query && `${path.includes('?') ? '&' : '?'}${query}`)
  const headers = [
    ...Object.entries(isS3 ? {} : (options.headers ?? {})),
    ...(recipe.fields ?? []),
    ...(await statedFields(recipe, body)),
  ] as Field[]
  // Two requests that are alike to the second have one signature.
  if (options.replays === 'refused') headers.push(['x-probe-nonce', randomUUID()])
  if (recipe.copies !== undefined)
    headers.push(['x-amz-copy-source', `/${bucketOf(place)}/${prefix}${recipe.copies}`])
  if (recipe.host !== undefined) headers.unshift(['host', recipe.host])
  return { method, url, headers, body }
}

function optionsOf(
  recipe: Recipe,
  { options, credentials, now }: Place,
): SignOptions & { expiresIn: number } {
  const { payload, at = 0, expiresIn = 300, signable, unsignable } = recipe
  const { sessionToken: token = recipe.token, ...key } = credentials
  return {
    region: recipe.region ?? options.region,
    service: recipe.service ?? options.service,
    credentials: {
      accessKeyId: recipe.id ?? key.accessKeyId,
      secretAccessKey: recipe.secret ?? key.secretAccessKey,
      ...(token !== undefined && { sessionToken: token }),
    },
    ...{ signingDate: new Date(Number(now()) + at * 1000), expiresIn, dotSegments: 'literal' },
    ...(payload !== undefined && { payload: payload as NonNullable<SignOptions['payload']> }),
    ...(signable && { signableHeaders: signable }),
    ...(unsignable && { unsignableHeaders: unsignable }),
  }
}

type Signing = ReturnType<typeof optionsOf>

/** Fields as the recipe spells them, and behind them those that the signer has added. */
function fieldsOf(
  own: readonly Field[],
  { headers }: SignedRequest<unknown>,
  host: string,
): Field[] {
  const names = new Set(own.map(([name]) => name.toLowerCase()))
  // The length is that of what is sent in the end, and stands there by then.
  const added = Object.entries(headers).filter(
    ([name]) => !names.has(name) && !/^(host|content-length)$/.test(name),
  )
  return [...(names.has('host') ? [] : [['host', host] as const]), ...own, ...added]
}

async function formDraft(
  it: Case,
  place: Place,
  signing: Signing,
): Promise<Draft & { form: Field[] }> {
  const { recipe } = it
  const { origin, base, prefix, host } = place
  const bucket = bucketOf(place)
  const { signingDate, credentials, region, service, expiresIn } = signing
  const { fields } = await createPostPolicy({
    ...{
      bucket,
      key: decodeURIComponent(prefix + keyOf(it)),
      url: origin + base,
      expiresIn,
      service,
    },
    ...{ credentials, region, signingDate, conditions: recipe.conditions, fields: recipe.form },
  } as Parameters<typeof createPostPolicy>[0])
  const form: Field[] = [...Object.entries(fields), ...(recipe.fields ?? [])]
  form.push(['file', Buffer.from(bodyOf(recipe)).toString('latin1')])
  return {
    ...{ method: 'POST', target: base, body: new Uint8Array(), form, trace: undefined },
    fields: [
      ['host', host],
      ['content-type', `multipart/form-data; boundary=${BOUNDARY}`],
    ],
    ...{
      sign: signerOf(signing),
      region: place.options.region,
      service: signing.service,
      host: place.host,
    },
  }
}

const signerOf =
  ({ credentials }: Signing): Draft['sign'] =>
  async (text, scope) =>
    signText(text, credentials as never, scope, sigv4, backend, () => {})

/** Signs what a case says, rightly; only then is it spoilt by the changes of the case. */
export async function draftOf(it: Case, place: Place): Promise<Draft> {
  const { recipe } = it
  const signing = optionsOf(recipe, place)
  if (recipe.place === 'form') return formDraft(it, place, signing)
  const { body, ...request } = await requestOf(it, place)
  const own = request.headers
  const { chunks = 'signed', checksum, chunkSize = 8192 } = recipe
  let signed: SignedRequest<unknown>
  let sent = body
  if (recipe.place === 'chunks') {
    const payload = chunks === 'unsigned' ? 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' : undefined
    const { payload: _, ...others } = signing
    const encoded = await encodeChunked(request, body, {
      ...others,
      ...{ checksum, chunkSize, payload },
    } as Parameters<typeof encodeChunked>[2])
    sent = new Uint8Array(
      await new Response(encoded.body as ReadableStream<Uint8Array>).arrayBuffer(),
    )
    signed = encoded
  } else if (recipe.place === 'query') signed = await presign({ ...request, body }, signing)
  else signed = await sign({ ...request, body }, signing)
  const target = signed.url.slice(place.origin.length)
  const spelled = own.filter(
    ([name]) =>
      signed.headers[name.toLowerCase()] !== undefined && !/^content-encoding$/i.test(name),
  )
  return {
    ...{ method: signed.method, target, body: sent, trace: signed.trace },
    fields: fieldsOf(spelled, signed, place.host),
    ...{
      sign: signerOf(signing),
      region: place.options.region,
      service: signing.service,
      host: place.host,
    },
    ...(recipe.place !== 'chunks' && {
      asked: { request: { ...request, body }, options: signing },
    }),
  }
}
