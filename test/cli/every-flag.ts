import type { FlagName } from '../../src/cli/flags.ts'
import type { Verb } from '../../src/cli/table.ts'

/**
 * One line of the command for a flag of a verb: what it exits with, and what it prints. `$SERVER` is
 * a test AWS, `$PRESIGNED` a URL that it has been given; the files are in the folder.
 */
export type Line = readonly [
  line: string,
  code: number,
  says: RegExp,
  given?: { readonly input?: string; readonly env?: Readonly<Record<string, string>> },
]

/** The lines of a verb, by its flags. */
export type Lines = Partial<Readonly<Record<FlagName, Line>>>

const URL = 'https://bucket.s3.eu-west-1.amazonaws.com/key'
const STS = "'$SERVER/?Action=GetCallerIdentity&Version=2011-06-15'"
const OTHER_KEY = { env: { AWS_SECRET_ACCESS_KEY: 'another' } }

const PROBE = 'probe $SERVER --service execute-api --region eu-west-1 --only late --show'

/** A profile is read by a package that is not installed. */
const NO_LOADER = /@smithy\/shared-ini-file-loader/
const VERSION = /^\d+\.\d+\.\d+\n$/

const everyVerb = (verb: Verb): Lines => ({
  help: [`${verb} --help`, 0, new RegExp(`^countersign ${verb}`)],
  version: [`${verb} --version`, 0, VERSION],
})

const signing = (verb: 'sign' | 'presign'): Lines => ({
  ...everyVerb(verb),
  request: [`${verb} -X DELETE --json ${URL}`, 0, /"method": "DELETE"/],
  header: [`${verb} -H 'x-amz-meta-a: b' --json ${URL}`, 0, /"x-amz-meta-a": "b"/],
  data: [`${verb} -d @body.txt --json ${URL}`, 0, /"method": "POST"/],
  input: [`${verb} --input plain.http --json`, 0, /"url": "https:\/\/bucket\.s3/],
  service: [`${verb} --service sqs --json ${URL}`, 0, /eu-west-1(\/|%2F)sqs(\/|%2F)aws4_request/],
  region: [`${verb} --region us-east-2 --json ${URL}`, 0, /us-east-2(\/|%2F)s3/],
  credentials: [`${verb} --credentials 'cat other.json' --json ${URL}`, 0, /AKIDOTHER/],
  profile: [`${verb} --profile work ${URL}`, 3, NO_LOADER],
  payload: [`${verb} --payload UNSIGNED-PAYLOAD --format curl ${URL}`, 0, /^curl .*s3/],
  'signing-date': [`${verb} --signing-date 20150830T123600Z --json ${URL}`, 0, /20150830T123600Z/],
  format: [`${verb} --format curl ${URL}`, 0, /^curl --path-as-is/],
  json: [`${verb} --json ${URL}`, 0, /^\{/],
})

const judging = (verb: 'verify' | 'explain', wrong: (reason: string) => RegExp): Lines => ({
  ...everyVerb(verb),
  request: [`${verb} -X PUT $PRESIGNED`, 1, wrong('signature-mismatch|method-changed')],
  header: [
    `${verb} -H 'x-amz-meta-a: b' --input signed.http`,
    ...([1, wrong('unsigned-headers|header-added')] as const),
  ],
  data: [
    `${verb} -d other --input signed.http`,
    ...([1, wrong('payload-mismatch|payload-altered')] as const),
  ],
  input: [`${verb} --input signed.http`, 0, /signature (holds|matches)/],
  service: [
    `${verb} --service sqs --input signed.http`,
    ...([1, wrong('scope-mismatch|wrong-service')] as const),
  ],
  region: [
    `${verb} --region us-east-2 --input signed.http`,
    ...([1, wrong('scope-mismatch|wrong-region')] as const),
  ],
  credentials: [
    `${verb} --credentials 'cat other.json' --input signed.http`,
    ...([1, wrong('unknown-access-key')] as const),
  ],
  profile: [`${verb} --profile work --input signed.http`, 3, NO_LOADER],
  now: [`${verb} --now 20400101T000000Z $PRESIGNED`, ...([1, wrong('expired')] as const)],
  json: [`${verb} --json --input signed.http`, 0, /^\{\n {2}"(ok|matches)": true/],
})

/** Every verb, with a line for each of its flags. */
export const EVERY_FLAG: Readonly<Record<Verb, Lines>> = {
  sign: signing('sign'),
  presign: {
    ...signing('presign'),
    'expires-in': [`presign --expires-in 60 ${URL}`, 0, /X-Amz-Expires=60&/],
  },
  verify: judging('verify', (reason) => new RegExp(`^Refused \\((${reason})\\)`)),
  explain: {
    ...judging('explain', (reason) => new RegExp(`\\[(${reason})\\]`)),
    error: ['explain --error answer.xml', 1, /\[[\w-]+\]\n {2}Cure: /],
    payload: [
      `explain --payload UNSIGNED-PAYLOAD --error answer.xml ${URL}`,
      ...([1, /\[payload-unsigned\]/] as const),
    ],
    'signing-date': [
      `explain --signing-date 20150830T123600Z --error answer.xml ${URL}`,
      ...([1, /20150830T123600Z/] as const),
    ],
  },
  explainer: {
    ...everyVerb('explainer'),
    json: ['explainer --json', 0, /"url": "file:\/\/\/.*explainer\.html"/],
  },
  curl: {
    help: ['curl --help', 0, /^countersign curl/],
    // What is not of ours is curl's, and there it needs a URL to sign.
    version: ['curl --version', 2, /a curl line with a url/],
    service: [`curl --service sts --region eu-west-1 ${STS}`, 0, /<Arn>/],
    region: [`curl --region eu-west-2 --service sts ${STS}`, 0, /<Arn>/],
    credentials: [
      `curl --credentials 'cat other.json' --service sts --region eu-west-1 ${STS}`,
      ...([0, /InvalidClientTokenId/] as const),
    ],
    profile: [`curl --profile work --service sts --region eu-west-1 ${STS}`, 3, NO_LOADER],
    payload: [
      'curl --payload UNSIGNED-PAYLOAD --service s3 --region eu-west-1 $SERVER/',
      ...([0, /ListAllMyBucketsResult/] as const),
    ],
    'signing-date': [
      `curl --signing-date 20150830T123600Z --service sts --region eu-west-1 ${STS}`,
      ...([0, /expired/] as const),
    ],
    explain: [
      `curl --explain --service sts --region eu-west-1 ${STS}`,
      ...([0, /\[wrong-secret\]/, OTHER_KEY] as const),
    ],
  },
  token: {
    ...everyVerb('token'),
    host: ['token iot --host abc-ats.iot.eu-west-1.amazonaws.com', 0, /^wss:\/\/abc-ats/],
    port: [
      'token rds --host db.abc.eu-west-1.rds.amazonaws.com --user app --port 5432',
      ...([0, /^db\.abc\.eu-west-1\.rds\.amazonaws\.com:5432\//] as const),
    ],
    user: ['token memorydb --user app --cluster c --region eu-west-1', 0, /User=app/],
    cluster: ['token eks --cluster main --region eu-west-1', 0, /^k8s-aws-v1\./],
    serverless: [
      'token elasticache --serverless --user app --cluster c --region eu-west-1',
      ...([0, /ServerlessCache/] as const),
    ],
    form: [
      'token caller-identity --form query --region eu-west-1 --json',
      0,
      /\?Action=GetCallerIdentity&/,
    ],
    header: [
      "token caller-identity -H 'X-Vault-AWS-IAM-Server-ID: v' --region eu-west-1",
      ...([0, /x-vault-aws-iam-server-id: v/i] as const),
    ],
    'expires-in': ['token bedrock --expires-in 60 --region eu-west-1', 0, /^bedrock-api-key-/],
    format: ['token eks --format kubectl --cluster c --region eu-west-1', 0, /ExecCredential/],
    region: ['token msk --region eu-west-1', 0, /^[\w-]+\n$/],
    credentials: [
      "token iot --credentials 'cat other.json' --host a.iot.eu-west-1.amazonaws.com",
      ...([0, /AKIDOTHER/] as const),
    ],
    profile: ['token msk --profile work --region eu-west-1', 3, NO_LOADER],
    'signing-date': [
      'token iot --signing-date 20150830T123600Z --host a.iot.eu-west-1.amazonaws.com',
      ...([0, /20150830T123600Z/] as const),
    ],
    json: ['token msk --json --region eu-west-1', 0, /"expiresAt"/],
  },
  probe: {
    ...everyVerb('probe'),
    bucket: ['probe $SERVER --bucket b --region us-east-1 --only range', 0, / all +2 of +2\n/],
    path: [`${PROBE} --path /prod/x`, 0, /GET \/prod\/x HTTP/],
    service: [`${PROBE} --service sqs`, 0, /\/sqs\/aws4_request/],
    region: [`${PROBE} --region eu-west-3`, 0, /\/eu-west-3\/execute-api\/aws4_request/],
    credentials: [
      `${PROBE} --credentials 'cat other.json'`,
      ...([1, /refused: 40\d UnrecognizedClientException/] as const),
    ],
    profile: [`${PROBE} --profile work`, 3, NO_LOADER],
    request: [`${PROBE} -X DELETE`, 0, /DELETE \/ HTTP/],
    header: [`${PROBE} -H 'x-a: b'`, 0, /^ {2}x-a: b$/m],
    data: [`${PROBE} -d @body.txt`, 0, /POST \/ HTTP/],
    only: [PROBE, 0, /^late: /],
    show: [PROBE, 0, /^curl --path-as-is /m],
    'refuses-replays': [`${PROBE} --refuses-replays`, 0, /x-probe-nonce: /],
    'this-server-is-mine': [`${PROBE} --this-server-is-mine`, 0, /^late: /],
    format: [`${PROBE} --format junit`, 0, /^<\?xml .*<testsuites /s],
    json: [`${PROBE} --json`, 0, /"total": \{/],
  },
  serve: {
    ...everyVerb('serve'),
    port: ['serve --port 0', 0, /AWS_ENDPOINT_URL=http/],
    region: ['serve --region eu-west-3', 0, /AWS_REGION=eu-west-3/],
    json: ['serve --json', 0, /^\{"AWS_ENDPOINT_URL"/],
  },
  keys: {
    ...everyVerb('keys'),
    profile: ['keys --profile work', 3, NO_LOADER],
    credentials: ["keys --credentials 'cat key.json' --region us-east-1", 0, /AKIDEXAMPLE/],
    region: ['keys --region us-east-1', 0, /AKIDEXAMPLE/],
    json: ['keys --json', 0, /"accessKeyId": "AKIDEXAMPLE"/],
    'dry-run': ['keys rotate --dry-run --profile work', 3, NO_LOADER],
  },
  completion: everyVerb('completion'),
  help: { ...everyVerb('help'), help: ['help --help', 0, /^countersign: /] },
}

/** Lines for each code with which the command exits, beside those above. */
export const EXITS: readonly Line[] = [
  [`sign ${URL}`, 0, /^authorization: /im],
  ['completion bash', 0, /complete -o default -F _countersign countersign/],
  ['help keys', 0, /^countersign keys/],
  ['explainer', 0, /^file:\/\/\//],
  ['verify', 1, /^Refused \(expired\)/, { input: '$EXPIRED' }],
  ['', 2, /^countersign: AWS Signature/],
  ['nonsense', 2, /no verb nonsense/],
  ['sign --nonsense', 2, /nonsense.* See countersign help sign\./s],
  ['verify --payload x', 2, /verify has no --payload/],
  ['verify', 2, /invalid-url/, { input: 'prose' }],
  ['sign --input none.http', 2, /ENOENT/],
  [`sign ${URL}`, 3, /invalid-credentials/, { env: { AWS_ACCESS_KEY_ID: '' } }],
  ['probe http://192.0.2.1/ --region eu-west-1', 2, /--this-server-is-mine/],
  ['probe $SERVER --region eu-west-1 --only nonsense', 2, /and not nonsense/],
  ['probe http://127.0.0.1:1/ --region eu-west-1', 4, /could not be asked: ECONNREFUSED/],
  ['keys', 4, /./, { env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' } }],
  // What follows is curl's own.
  [`curl -f -s --service sts --region eu-west-1 ${STS}`, 22, /^/, OTHER_KEY],
  ['curl -s --service sts --region eu-west-1 http://127.0.0.1:1/', 7, /^/],
  [`curl -L ${URL}`, 2, /-L/],
]
