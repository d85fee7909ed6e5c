import { report } from '../../explain/report/report.ts'
import type { Explanation, Finding, MismatchCause } from '../../explain/types.ts'
import { type Call, UsageError } from '../options.ts'
import { colored } from '../print.ts'
import { type World, wantsColor, writeLine } from '../streams.ts'

/** Who asks: a sender with the answer of its server, or who has a request and a key to judge it by. */
export type Side = 'client' | 'server'

type Words = Readonly<Partial<Pick<Finding, 'message' | 'advice'>>>

/** What to do on the command line, where the library speaks of its options. */
const SAID: Partial<Readonly<Record<MismatchCause, Words>>> = {
  'path-single-encoded': {
    advice: 'Encode the path twice, as every service but S3 has it; --service names the service.',
  },
  'path-double-encoded': { advice: 'Sign with --service s3, whose path is encoded once.' },
  'path-normalized': { advice: 'Sign and send // and .. as they stand: --service s3 does.' },
  'path-not-normalized': {
    advice: 'Sign the path without // and dot segments, as every service but S3 has it.',
  },
  'path-decoded': {
    advice: 'Paste the request target as it came, not a path that a framework has decoded.',
  },
  'plus-decoded': {
    advice: 'Let the proxy pass the path on as it came (nginx: proxy_pass without a path).',
  },
  'path-ambiguous': { advice: 'Sign and send a path without them.' },
  'query-plus': { advice: 'Send %20 for a blank and %2B for a plus.' },
  'host-changed': {
    advice: "Let the proxy keep the Host header; -H 'Host: NAME' tries the name that was signed.",
  },
  'header-dropped': { advice: 'Let the proxy pass it on, or do not sign it.' },
  'header-added': { advice: 'Sign it, or let nobody add it after the request is signed.' },
  'header-case': { advice: 'Let the proxy keep it, or do not sign it.' },
  'header-changed': { advice: 'Let the proxy keep it, or do not sign it.' },
  'volatile-header': {
    advice: 'Do not sign it: accept-encoding, user-agent, content-length and their like.',
  },
  'payload-dropped': {
    advice: 'Send it; where what is pasted does not show it, give it with --data @FILE.',
  },
  'payload-unsigned': {
    advice: 'Send x-amz-content-sha256 with the value that was signed, which --payload names.',
  },
  'token-missing': {
    advice: 'Sign with the token too: --profile and --credentials give it with its key.',
  },
  'token-unsigned': { advice: 'Sign it; only IoT appends it.' },
  'token-appended': { advice: 'Sign it for every service but IoT, which appends it.' },
  'wrong-region': {
    advice:
      'Sign with the --region of the endpoint; a global service has one too, mostly us-east-1.',
  },
  'wrong-service': {
    advice: 'Sign with --service NAME: execute-api for API Gateway, es for OpenSearch, s3, lambda.',
  },
  'clock-ahead': { advice: 'Set the clock; --signing-date signs as of another time.' },
  'clock-behind': {
    advice: 'Set the clock, and sign each retry anew; --signing-date signs as of another time.',
  },
  expired: {
    advice: 'Presign a new one, or with a longer --expires-in; --now judges it as of then.',
  },
  'secret-swapped': {
    advice: 'The id of a key begins with AKIA or ASIA; its secret has 40 characters.',
  },
}

/** What is said otherwise to who judges a request by a key that is at hand. */
const JUDGED: typeof SAID = {
  'unknown-access-key': {
    message: 'The key at hand is not the one that has signed.',
    advice: 'Give the key of that id, by --profile or --credentials.',
  },
}

/** A finding in words of the command line. */
export const findingSaid = (finding: Finding, side: Side): Finding => ({
  ...finding,
  ...SAID[finding.cause],
  ...(side === 'server' && JUDGED[finding.cause]),
})

/** What a command prints of an explanation, for programs and for people. */
export function explanationSaid(
  why: Explanation,
  side: Side,
): readonly [json: object, text: string] {
  const { matches, cause, causes, certain, differences } = why
  const findings = why.findings.map((finding) => findingSaid(finding, side))
  const [first] = findings
  const { message = why.message, detail, advice = why.advice } = first ?? {}
  const told = detail ? `${message} (${detail})` : message
  const json = { matches, cause, causes, certain, message: told, advice, findings, differences }
  return [json, report({ ...why, message: told, advice, findings }, side)]
}

/** Prints an explanation; the exit code is whether the signature matches. */
export async function show(
  call: Call,
  world: World,
  why: Explanation,
  side: Side,
): Promise<number> {
  const [json, text] = explanationSaid(why, side)
  if (call.values.json) await writeLine(world.stdout, JSON.stringify(json, null, 2))
  else if (wantsColor(world.stdout, world.env)) await writeLine(world.stdout, text, colored)
  else await writeLine(world.stdout, text)
  return why.matches ? 0 : 1
}

/** Says what is not known, and what to paste so that it is. */
export const needed = ({ stderr }: World, sentence: string): Promise<void> =>
  writeLine(stderr, sentence)

/** What is neither a request, nor an answer, nor a log of one. */
export const notRead = (): UsageError =>
  new UsageError('What is pasted is neither a request nor an answer of AWS, nor a log of one.')
