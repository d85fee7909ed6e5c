import type { FlagName } from './flags.ts'

/** A verb of the command line. */
export type Verb =
  | 'sign'
  | 'presign'
  | 'verify'
  | 'explain'
  | 'explainer'
  | 'curl'
  | 'token'
  | 'serve'
  | 'keys'
  | 'completion'
  | 'help'

/** What a verb takes, and how it is used. */
export interface VerbEntry {
  /** What it does, in a few words. */
  readonly says: string
  /** What stands behind its flags. */
  readonly operand: string
  /** The words that its operand may be. */
  readonly words?: readonly string[]
  readonly flags: readonly FlagName[]
  /** What is done, and the call that does it. */
  readonly examples: readonly (readonly [purpose: string, line: string])[]
}

const KEYS = ['credentials', 'profile'] as const
const SCOPE = ['service', 'region', ...KEYS] as const
const REQUEST = ['request', 'header', 'data', 'input'] as const
const SIGNING = [...REQUEST, ...SCOPE, 'payload', 'signing-date', 'format', 'json'] as const
const JUDGING = [...REQUEST, ...SCOPE, 'now', 'json'] as const

const TOKEN_FLAGS = [
  'host',
  'port',
  'user',
  'cluster',
  'serverless',
  'form',
  'header',
  'expires-in',
  'format',
  'region',
  ...KEYS,
  'signing-date',
  'json',
] as const

const KINDS = [
  ...['rds', 'dsql', 'elasticache', 'memorydb', 'msk', 'eks', 'bedrock', 'iot'],
  ...['caller-identity', 'ses'],
] as const

/** All verbs: parsing, help and completions read them here. */
const TABLE: Readonly<Record<Verb, VerbEntry>> = {
  sign: {
    ...{ says: 'the signed headers of a request', operand: '[URL]', flags: SIGNING },
    examples: [
      ['The headers to send with a PUT', "sign -X PUT -d 'hello' s3://bucket/hello.txt"],
      [
        'A curl line that sends it',
        'sign --format curl https://abc.execute-api.eu-west-1.amazonaws.com/prod',
      ],
      ['A pasted request, signed; with the canonical request', 'sign --json --input request.http'],
    ],
  },
  presign: {
    ...{ says: 'its presigned URL', operand: '[URL]', flags: [...SIGNING, 'expires-in'] },
    examples: [
      ['A link for five minutes', 'presign --expires-in 300 s3://bucket/report.pdf'],
      ['A link to upload by', 'presign -X PUT s3://bucket/incoming.bin'],
      ['As of another profile', 'presign --profile team --region eu-west-1 s3://bucket/report.pdf'],
    ],
  },
  verify: {
    ...{ says: 'whether the signature of a request holds', operand: '[URL]', flags: JUDGING },
    examples: [
      [
        'A presigned URL, now',
        "verify 'https://bucket.s3.eu-west-1.amazonaws.com/a?X-Amz-Algorithm=…'",
      ],
      ['The same, as of then', "verify --now 20150830T124000Z 'https://…?X-Amz-Algorithm=…'"],
      ['A request that was saved', 'verify --input request.http'],
    ],
  },
  explain: {
    ...{ says: 'why a signature does not match', operand: '[URL]' },
    flags: [...JUDGING, 'error', 'payload', 'signing-date'],
    examples: [
      ['What aws --debug has printed', 'explain --input debug.log'],
      [
        'A request as it was sent, with its answer',
        'explain --input request.http --error answer.xml',
      ],
      [
        'What was meant to be sent, with its answer',
        'explain -X PUT -d @body.json --error answer.xml s3://bucket/key',
      ],
    ],
  },
  explainer: {
    ...{ says: 'explain as a page in the browser', operand: '', flags: ['json'] },
    examples: [
      ['Opens it, and prints where it is', 'explainer'],
      ['Where it is, and nothing is opened', 'explainer --json'],
      ['The same, kept in a file', 'explainer --json > explainer.json'],
    ],
  },
  curl: {
    ...{ says: 'curl with its own arguments, signed', operand: 'ARGS…' },
    flags: [...SCOPE, 'payload', 'signing-date', 'explain'],
    examples: [
      ['Uploads a file', 'curl -T film.mp4 s3://bucket/film.mp4'],
      [
        'Sends JSON, and says why where it is refused',
        'curl --explain --json @item.json https://abc.execute-api.eu-west-1.amazonaws.com/prod',
      ],
      ['Lists a bucket', 'curl -G -d list-type=2 -d prefix=a/ s3://bucket'],
    ],
  },
  token: {
    ...{ says: 'a token to log in with', operand: 'KIND', words: KINDS },
    flags: TOKEN_FLAGS,
    examples: [
      [
        'For a database',
        'token rds --host db.abc.eu-west-1.rds.amazonaws.com --port 5432 --user app',
      ],
      [
        'For kubectl, as its exec plugin',
        'token eks --cluster main --region eu-west-1 --format kubectl',
      ],
      ['For Vault', 'token caller-identity --region eu-west-1 --json'],
    ],
  },
  serve: {
    ...{
      says: 'a test AWS, until its parent ends',
      operand: '',
      flags: ['port', 'region', 'json'],
    },
    examples: [
      ['On any port; prints the environment that leads to it', 'serve'],
      ['On one port, for one region', 'serve --port 4566 --region eu-west-1'],
      ['With the environment as JSON', 'serve --json'],
    ],
  },
  keys: {
    says: 'your access keys and their age; rotate makes a new one',
    operand: '[rotate]',
    words: ['rotate'],
    flags: ['profile', 'credentials', 'region', 'json', 'dry-run'],
    examples: [
      ['Your keys, and which are old or unused', 'keys --profile work'],
      ['The steps of a rotation', 'keys rotate --profile work --dry-run'],
      ['A new key in the place of the old', 'keys rotate --profile work'],
    ],
  },
  completion: {
    ...{ says: 'the completions of a shell', operand: 'SHELL', words: ['bash', 'zsh', 'fish'] },
    flags: [],
    examples: [
      ['bash, in ~/.bashrc', 'completion bash >> ~/.bash_completion'],
      ['zsh, in a folder of $fpath', 'completion zsh > ~/.zfunc/_countersign'],
      ['fish', 'completion fish > ~/.config/fish/completions/countersign.fish'],
    ],
  },
  help: {
    ...{ says: 'what a verb does, with examples', operand: '[VERB]', flags: [] },
    examples: [
      ['All verbs', 'help'],
      ['One of them', 'help curl'],
      ['The same', 'curl --help'],
    ],
  },
}

/** The verbs, in the order of help. */
export const VERBS = Object.keys(TABLE) as readonly Verb[]

/** A verb's entry. */
export const entryOf = (verb: Verb): VerbEntry => TABLE[verb]

/** All flags of a verb, with those that every verb has. */
export const flagsOf = (verb: Verb): readonly FlagName[] => [
  ...entryOf(verb).flags,
  ...(['help', 'version'] as const),
]
