import { readRequest } from '../../../src/inputs/request.ts'
import { captures } from '../../captures.ts'
import { genuine, textOf } from '../messages.ts'
import { target } from '../target.ts'

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

const curlLines = captures.slice(0, 40).map(({ method, url, headers, bodyBase64 }) => {
  const fields = headers.map(([name, value]) => ` -H ${quoted(`${name}: ${value}`)}`).join('')
  const body = Buffer.from(bodyBase64, 'base64').toString()
  return `curl -X ${method} ${quoted(`http://127.0.0.1:9900${url}`)}${fields}${body && ` --data-raw ${quoted(body)}`}`
})
const harFiles = captures.slice(0, 40).map(({ method, url, headers, bodyBase64 }) => {
  const fields = headers.map(([name, value]) => ({ name, value }))
  const postData = { encoding: 'base64', text: bodyBase64 }
  const request = { method, url: `http://127.0.0.1:9900${url}`, headers: fields, postData }
  return JSON.stringify({ log: { entries: [{ request }] } })
})
const OTHERS = [
  `curl https://a.example/x -d a -d $'b\\n\\xc3\\xa9\\u00e9\\U0001f600\\101' --data-urlencode 'r=a b' -G`,
  `curl -sSL --json '{}' -u me:secret --aws-sigv4 aws:amz -I https://a.example/x?y`,
  `{"url":"https://a.example/","headers":[],"postData":{"params":[{"name":"a","value":"b"}]}}`,
  'https://a.example/x?X-Amz-Signature=0',
]

/** A request as people paste it, changed: read, or refused in a documented way. */
export const readingInputs = target({
  name: 'inputs',
  codes: ['invalid-url', 'invalid-body', 'invalid-header'],
  cost: { fixed: 20, perByte: 0.01 },
  seeds: () =>
    [...genuine.slice(0, 60).map(({ message }) => textOf(message)), ...curlLines, ...harFiles]
      .concat(OTHERS)
      .map((text) => Buffer.from(text)),
  read: (input) => Buffer.from(input).toString(),
  call: readRequest,
  judge(_, { method, url, headers, body }) {
    const texts = [method, url, ...[...headers].flat()]
    if (!texts.every((text) => typeof text === 'string')) return 'reads what is no text'
    return body === undefined || typeof body === 'string' || body instanceof Uint8Array
      ? undefined
      : 'reads a body that is none'
  },
})
