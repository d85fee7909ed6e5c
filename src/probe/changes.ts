/** The words that a case says what is spoilt with, once it is signed. */
import { backend } from '#crypto'
import { sigv4 } from '../algorithms/sigv4.ts'
import { base64, fromBase64 } from '../lib/base64.ts'
import { toBytes } from '../lib/bytes.ts'
import { type Field, fieldOf } from '../lib/fields.ts'
import type { SigningKey } from '../model/types.ts'
import { startChain } from '../s3/chain.ts'
import { type Draft, type Edit, edited, type Resigning } from './draft.ts'
import { type Frame, type Frames, joinFrames, splitFrames } from './frames.ts'

/** What is done to a signed request. */
export type Change = (draft: Draft) => void | Promise<void>

const isNamed =
  (name: string) =>
  ([own]: Field): boolean =>
    own.toLowerCase() === name.toLowerCase()

/** Another method. */
export const method =
  (to: string): Change =>
  (draft) => {
    draft.method = to
  }

/** Another text in the target. */
export const target =
  (...edit: Edit): Change =>
  (draft) => {
    draft.target = edited(draft.target, edit)
  }

/** A part more at the end of the query. */
export const query =
  (part: string): Change =>
  (draft) => {
    draft.target += `${draft.target.includes('?') ? '&' : '?'}${part}`
  }

/** Another value of a field, or a field more where there is none. */
export const field =
  (name: string, value: string): Change =>
  (draft) => {
    const at = draft.fields.findIndex(isNamed(name))
    if (at < 0) draft.fields.push([name, value])
    else draft.fields[at] = [name, value]
  }

/** Another text in a field's value. */
export const inField =
  (name: string, ...edit: Edit): Change =>
  (draft) => {
    draft.fields = draft.fields.map((it) => (isNamed(name)(it) ? [it[0], edited(it[1], edit)] : it))
  }

/** Another text in the Authorization header. */
export const authorization = (...edit: Edit): Change => inField('authorization', ...edit)

/** A line more behind the others, whatever there is. */
export const also =
  (name: string, value: string): Change =>
  (draft) => {
    draft.fields.push([name, value])
  }

/** A line more before the others. */
export const before =
  (name: string, value: string): Change =>
  (draft) => {
    draft.fields.unshift([name, value])
  }

/** A field's line a second time. */
export const twice =
  (name: string): Change =>
  (draft) => {
    draft.fields.push(...draft.fields.filter(isNamed(name)))
  }

/** Without a field. */
export const without =
  (name: string): Change =>
  (draft) => {
    draft.fields = draft.fields.filter((it) => !isNamed(name)(it))
  }

/** Other parts of the query in place of those of a name, which must be there. */
const parts =
  (name: string, change: (value: string) => string[]): Change =>
  (draft) => {
    const [path = '', text = ''] = draft.target.split(/\?(.*)/s)
    const start = `${name}=`
    const all = text.split('&')
    if (!all.some((part) => part.startsWith(start))) throw new Error(`There is no ${name}.`)
    const others = all.flatMap((part) =>
      part.startsWith(start) ? change(part.slice(start.length)) : [part],
    )
    draft.target = others.length > 0 ? `${path}?${others.join('&')}` : path
  }

/** Without a parameter of the query. */
export const withoutParameter = (name: string): Change => parts(name, () => [])

/** Another value of a parameter. */
export const parameter = (name: string, value: Edit[1]): Change =>
  parts(name, (found) => [`${name}=${typeof value === 'string' ? value : value(found)}`])

/** Another body. */
export const body =
  (text: string): Change =>
  (draft) => {
    draft.body = toBytes(text)
  }

/** Another text in the body, which is read as bytes. */
export const inBody =
  (...edit: Edit): Change =>
  (draft) => {
    const text = edited(Buffer.from(draft.body).toString('latin1'), edit)
    draft.body = Buffer.from(text, 'latin1')
  }

/** Other frames of a body in chunks. */
export const frames =
  (change: (frames: Frames) => Frames): Change =>
  (draft) => {
    draft.body = joinFrames(change(splitFrames(draft.body)))
  }

/** Other chunks of such a body; the last one is empty. */
export const chunks = (change: (chunks: readonly Frame[]) => readonly Frame[]): Change =>
  frames((it) => ({ ...it, chunks: change(it.chunks) }))

/** Another trailer of such a body. */
export const trailer = (...edit: Edit): Change =>
  frames((it) => ({ ...it, trailer: edited(it.trailer, edit) }))

/** A trailer that is signed again, with the checksum that it then has. */
export const resignedTrailer =
  (...edit: Edit): Change =>
  async (draft) => {
    const { trace } = draft
    const whole = splitFrames(draft.body)
    const [before = ''] = edited(whole.trailer, edit).split('x-amz-trailer-signature:')
    const [, previous = ''] = /chunk-signature=(\w+)/.exec(whole.chunks.at(-1)?.head ?? '') ?? []
    const { stringToSign = '' } = trace ?? {}
    const sign = (_: SigningKey, text: string) =>
      draft.sign(text, stringToSign.split('\n')[2] ?? '')
    const chain = startChain({ stringToSign, signature: previous }, { ...sigv4, sign }, '', backend)
    const signature = await chain.signTrailer(before.replaceAll('\r\n', '\n'))
    draft.body = joinFrames({
      ...whole,
      trailer: `${before}x-amz-trailer-signature:${signature}\r\n\r\n`,
    })
  }

/** Another value of a form's field, or a field more before the file. */
export const formField =
  (name: string, value: string): Change =>
  ({ form = [] }) => {
    const at = form.findIndex(isNamed(name))
    if (at < 0) form.splice(-1, 0, [name, value])
    else form[at] = [name, value]
  }

/** A form's field in another place: behind the file where `at` is undefined. */
export const alsoFormField =
  (name: string, value: string, at?: number): Change =>
  ({ form = [] }) => {
    form.splice(at ?? form.length, 0, [name, value])
  }

/** Without a field of a form. */
export const withoutFormField =
  (name: string): Change =>
  (draft) => {
    draft.form = draft.form?.filter((it) => !isNamed(name)(it)) ?? []
  }

/** Another text in the policy of a form, which is then signed again. */
export const resignedPolicy =
  (...edit: Edit): Change =>
  async (draft) => {
    const { form = [] } = draft
    const ownOf = (name: string) => fieldOf(form, name) ?? ''
    const policy = Buffer.from(fromBase64(ownOf('policy')) ?? []).toString()
    const text = base64(toBytes(edited(policy, edit)))
    const scope = ownOf('x-amz-credential').replace(/^[^/]*\//, '')
    await formField('policy', text)(draft)
    await formField('x-amz-signature', await draft.sign(text, scope))(draft)
  }

/** The signature of what was signed, with something changed in it; what is sent stays as it is otherwise. */
export const resigned =
  ({ canonical = [], text = [] }: Resigning): Change =>
  async (draft) => {
    const { trace } = draft
    if (!trace) throw new Error('A form has no canonical request.')
    const hash = await backend.sha256(canonical.reduce(edited, trace.canonicalRequest))
    const lines = trace.stringToSign.split('\n').with(-1, hash).join('\n')
    const stringToSign = text.reduce(edited, lines)
    const signature = await draft.sign(stringToSign, stringToSign.split('\n')[2] ?? '')
    const edit = [trace.signature, signature] as const
    if (draft.target.includes(trace.signature)) draft.target = edited(draft.target, edit)
    else inField('authorization', ...edit)(draft)
  }
