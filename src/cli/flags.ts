/** A flag of the command line. */
export interface Flag {
  /** Its letter. */
  readonly short?: string
  /** What stands behind it, as help names it; absent where nothing does. */
  readonly value?: string
  /** May be given several times. */
  readonly multiple?: true
  /** What it says, in a few words. */
  readonly says: string
  /** The words that it may have, or that it is a file. */
  readonly words?: readonly string[] | 'file'
}

/** All flags: parsing, help and completions read them here. */
const FLAGS = {
  help: { short: 'h', says: 'what a verb does, with examples' },
  version: { says: 'the version of countersign' },
  json: { says: 'prints JSON' },
  service: { value: 'NAME', says: 'default: what the URL tells' },
  region: { value: 'NAME', says: "default: what the URL tells, AWS_REGION, the profile's" },
  credentials: { value: 'COMMAND', says: 'prints the JSON of a credential_process' },
  profile: { value: 'NAME', says: 'a profile of ~/.aws' },
  request: {
    short: 'X',
    value: 'METHOD',
    says: 'default: GET; POST where there is a body',
    words: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  },
  header: { short: 'H', value: "'Name: value'", multiple: true, says: 'a header field' },
  data: { short: 'd', value: 'TEXT', says: 'the body, or @FILE', words: 'file' },
  input: {
    short: 'i',
    value: 'FILE',
    says: 'the pasted request; - is standard input',
    words: 'file',
  },
  format: {
    value: 'FORMAT',
    says: 'headers, curl or json; of a probe text, json or junit',
    words: ['headers', 'curl', 'json', 'token', 'kubectl', 'text', 'junit'],
  },
  payload: { value: 'HASH', says: 'such as UNSIGNED-PAYLOAD', words: ['UNSIGNED-PAYLOAD'] },
  'signing-date': { value: 'DATE', says: 'default: now' },
  now: {
    value: 'DATE',
    says: 'judged as of then; default: now, or its own time',
  },
  'expires-in': { value: 'SECONDS', says: 'of a presigned URL; default: 900' },
  error: {
    short: 'e',
    value: 'FILE',
    says: "the server's answer; with a URL, default: standard input",
    words: 'file',
  },
  explain: { says: 'why an answer is 400, 401 or 403, on standard error' },
  host: { value: 'NAME', says: 'of a database or a device' },
  port: { value: 'NUMBER', says: 'of a database; for serve, where it listens (default: any)' },
  user: { value: 'NAME', says: 'who logs in' },
  cluster: { value: 'NAME', says: 'of a cache or of EKS' },
  serverless: { says: 'a cache without servers' },
  'dry-run': { says: 'the steps of a rotation, and nothing done' },
  bucket: { value: 'NAME', says: 'one that is there; default: the URL is that of the bucket' },
  path: { value: 'PATH', says: 'of a call that changes nothing' },
  only: { value: 'NAMES', says: 'of cases or groups, with commas between them' },
  show: { says: 'each request as it goes over the wire, and a curl line' },
  'refuses-replays': { says: 'the server takes each signature once' },
  'this-server-is-mine': { says: 'a server that is not on the loopback' },
  form: { value: 'FORM', says: 'of caller-identity', words: ['body', 'query'] },
} as const

/** The name of a flag. */
export type FlagName = keyof typeof FLAGS

/** The names of all flags. */
export const FLAG_NAMES: readonly FlagName[] = Object.keys(FLAGS) as FlagName[]

/** A flag by its name. */
export const flagOf = (name: FlagName): Flag => FLAGS[name]
