import { type FlagName, flagOf } from './flags.ts'
import { entryOf, VERBS, type Verb } from './table.ts'

const verbLine = (verb: Verb): string => {
  const { operand, says } = entryOf(verb)
  return `  countersign ${`${verb} ${operand}`.padEnd(18)} ${says}`
}

/** What `--help` prints. */
export const overview = (): string => `countersign: AWS Signature Version 4 on the command line

${VERBS.map(verbLine).join('\n')}

countersign help VERB has the flags of each, and examples. The request is a URL with -X, -H and
-d, or it is pasted into --input FILE or standard input: an HTTP message, a curl line, a HAR
entry, a presigned URL, what curl -v or aws --debug prints, a request that an SDK has logged;
s3://BUCKET/KEY is a URL too.

Credentials come from --credentials COMMAND, which prints the JSON of credential_process, from
--profile NAME, or from what the machine has: AWS_PROFILE, AWS_ACCESS_KEY_ID and its kin, the
default profile, a web identity, a container or an instance. Profiles are read where
@smithy/shared-ini-file-loader is installed. No secret is an argument, and none is printed but
the one that serve has made up, beside what else leads AWS's clients to it.

Exit codes: 0 it holds, or is done; 1 refused, or does not match; 2 called wrongly, or the
request cannot be read; 3 no credentials; 4 the network failed; 70 a fault of countersign
itself. Those of curl are curl's, once it has been started.
`

function flagLine(name: FlagName): string {
  const { short, value = '', says } = flagOf(name)
  return `  ${`${short ? `-${short},` : '   '} --${name} ${value}`.padEnd(32)} ${says}`
}

/** What stands behind some verbs, and is not told by a line a flag. */
const MORE: Partial<Readonly<Record<Verb, string>>> = {
  curl: `All other arguments are curl's. The signed headers go to it by a descriptor, and stand in no
argument. -L, --next, -K and several URLs are refused: a signature is of one request. What is
piped into -T - is held; --payload UNSIGNED-PAYLOAD lets S3 have it as it comes.`,
  explain: `A server's answer may be pasted alone, and so may the lines CanonicalRequest:, StringToSign: and
Signature: of botocore's log. With a URL, these are compared with the request that it asks.`,
  token: `A token is of --host, --port and --user (rds), --host (dsql, for --user admin or a role; iot),
--cluster and --user (elasticache, with --serverless; memorydb), --cluster (eks, with --format
kubectl for its exec plugin), or of the region (msk, bedrock, caller-identity, ses: the password
of its SMTP endpoint). --form, --host and -H are for caller-identity.`,
}

/** What `help VERB` prints. */
export function helpOf(verb: Verb): string {
  const { says, operand, words, flags, examples } = entryOf(verb)
  const usage = `countersign ${verb} ${flags.length > 0 ? '[flags] ' : ''}${operand}`.trim()
  return [
    `${usage}: ${says}`,
    ...(words ? [`${operand} is ${words.join(', ')}.`] : []),
    ...(flags.length > 0 ? [flags.map(flagLine).join('\n')] : []),
    ...(MORE[verb] ? [MORE[verb]] : []),
    examples.map(([purpose, line]) => `  # ${purpose}\n  countersign ${line}`).join('\n\n'),
  ].join('\n\n')
}
