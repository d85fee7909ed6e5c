import { explain, sign } from 'countersign'
import { SHAPES, server } from '../../explain/answers.ts'
import { get, KEY, NOW, onWire } from '../../explain/client-case.ts'
import { target } from '../target.ts'

const options = {
  ...{ service: 'execute-api', region: 'eu-west-1', credentials: KEY, signingDate: NOW },
  budget: 20,
}
const request = get('/p%20q?a=1&b=2', { 'x-note': 'a' })
const texts = server(onWire(await sign(request, options)), {
  secret: KEY.secretAccessKey,
  change: (canonical) => canonical.replace('a=1', 'a=2'),
})

/** Words of services that tell a cause by themselves. */
const WORDS = [
  '<Error><Code>RequestTimeTooSkewed</Code><RequestTime>20261124T120000Z</RequestTime><ServerTime>2026-11-24T13:00:00Z</ServerTime></Error>',
  '{"__type":"InvalidSignatureException","message":"Signature expired: 20261124T120000Z is now earlier than 20261124T124500Z (20261124T130000Z - 15 min.)"}',
  "<Error><Code>AuthorizationHeaderMalformed</Code><Message>The authorization header is malformed; the region 'eu-west-1' is wrong; expecting 'us-east-1'</Message><Region>us-east-1</Region></Error>",
  '{"__type":"UnrecognizedClientException","message":"The security token included in the request is invalid."}',
  '{"message":"Missing Authentication Token"}',
  '{"message":"x","refusal":{"reason":"unsigned-headers","header":"x-amz-meta-a"}}',
  '<Error><Code>AccessDenied</Code><Message>x</Message><Refusal><Reason>unsigned-headers</Reason><Header>x-a</Header></Refusal></Error>',
]

/** What a server answered, changed, and read by its client. */
export const explainingAnswers = target({
  name: 'explain-answer',
  codes: [],
  cost: { fixed: 150, perByte: 0.05 },
  seeds: () =>
    [...Object.values(SHAPES).map((shape) => shape(texts)), ...WORDS].map((it) => Buffer.from(it)),
  read: (input) => Buffer.from(input).toString(),
  call: (serverError: string) => explain(request, { ...options, serverError }),
  judge(_, why) {
    const told = JSON.stringify(why) + String(why)
    if (told.includes(KEY.secretAccessKey)) return 'tells a secret'
    return why.message && String(why) ? undefined : 'says nothing'
  },
})
