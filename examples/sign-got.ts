/** Got with a hook that signs: it runs once the body is serialised, and again before each retry. */
import { createSigner } from 'countersign'
import { got, type OptionsInit } from 'got'
import { keys } from './keys.ts'

const aws = createSigner({
  service: 's3',
  region: 'eu-west-1',
  credentials: () => keys.get('AKIDEXAMPLE') ?? Promise.reject(new Error('no key')),
})

type BeforeRequest = NonNullable<NonNullable<OptionsInit['hooks']>['beforeRequest']>[number]

const sign: BeforeRequest = async (options) => {
  const { method, headers, url = '', body = null } = options
  // A stream would not compile here without { payload: 'UNSIGNED-PAYLOAD' }.
  const signed = await aws.sign({ method, url, headers, body: body as string | Uint8Array | null })
  Object.assign(options, { url: new URL(signed.url), headers: signed.headers })
}

export const s3 = got.extend({ followRedirect: false, hooks: { beforeRequest: [sign] } })
