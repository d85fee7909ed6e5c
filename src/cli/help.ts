/** What `--help` prints. */
export const HELP = `countersign: AWS Signature Version 4 on the command line

  countersign sign     [options] [URL]   the signed headers of a request
  countersign presign  [options] [URL]   its presigned URL
  countersign verify   [options] [URL]   whether the signature of a request holds
  countersign explain  [options] [URL]   why a signature does not match
  countersign curl     [options] URL     signs, sends, streams the answer
  countersign token    KIND [options]    a token to log in with: rds, dsql, elasticache,
                                         memorydb, msk, eks, bedrock, iot, caller-identity
                                         or ses (the password of its SMTP endpoint)
  countersign serve    [options]         a test AWS, until its parent ends
  countersign keys     [rotate]          your access keys, their age and last use; rotate
                                         gives --profile a new one (--dry-run: the steps)

The request is a URL with -X, -H and -d, or it is pasted into --input FILE or standard
input: an HTTP message, a curl line, a HAR entry or a presigned URL.

  -X, --request METHOD      -H, --header 'Name: value'   -d, --data TEXT or @FILE
  -i, --input FILE          the pasted request; - is standard input
      --service NAME        default: what the URL tells
      --region NAME         default: what the URL tells, AWS_REGION, the profile's
      --payload HASH        such as UNSIGNED-PAYLOAD
      --signing-date DATE   default: now; to verify, the request's own
      --format FORMAT       headers, curl or json (--json)
      --expires-in SECONDS  of a presigned URL. Default: 900
  -e, --error FILE          the server's answer; default, with a URL: standard input
  -T, --upload-file FILE    read twice, never held; - is held whole
  -o, --output FILE   -f, --fail   --include   --progress
      --port NUMBER         where serve listens, on 127.0.0.1. Default: any port

A token is of --host, --port and --user (rds), --host (dsql, for --user admin or a role;
iot), --cluster and --user (elasticache, with --serverless; memorydb), --cluster (eks, with
--format kubectl for its exec plugin), or of the region. --form body or query, --host and
-H are for caller-identity.

Credentials come from --credentials COMMAND, which prints the JSON of credential_process, from
--profile NAME, or from what the machine has: AWS_PROFILE, AWS_ACCESS_KEY_ID and its kin, the
default profile, a web identity, a container or an instance. Profiles are read where
@smithy/shared-ini-file-loader is installed. No secret is an argument, and none is printed but
the one that serve has made up, beside what else leads AWS's clients to it.

Exit codes: 0 it holds, or is done; 1 refused, or does not match; 2 called wrongly, or the
request cannot be read; 3 no credentials; 4 the network failed; 22 with --fail, an answer
of 400 and more; 70 a fault of countersign itself.
`
