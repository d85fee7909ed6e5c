/** What `--help` prints. */
export const HELP = `countersign: AWS Signature Version 4 on the command line

  countersign sign     [options] [URL]   the signed headers of a request
  countersign presign  [options] [URL]   its presigned URL
  countersign verify   [options] [URL]   whether the signature of a request holds
  countersign explain  [options] [URL]   why a signature does not match
  countersign curl     [options] URL     signs, sends, streams the answer
  countersign serve    [options]         a test AWS, until its parent ends

The request is a URL with -X, -H and -d, or it is pasted into --input FILE or standard
input: an HTTP message, a curl line, a HAR entry or a presigned URL.

  -X, --request METHOD      -H, --header 'Name: value'   -d, --data TEXT or @FILE
  -i, --input FILE          the pasted request; - is standard input
      --service NAME        default: what the URL tells
      --region NAME         default: what the URL tells, or AWS_REGION
      --payload HASH        such as UNSIGNED-PAYLOAD
      --signing-date DATE   default: now; to verify, the request's own
      --format FORMAT       headers, curl or json (--json)
      --expires-in SECONDS  of a presigned URL. Default: 900
  -e, --error FILE          the server's answer; default, with a URL: standard input
  -T, --upload-file FILE    read twice, never held; - is held whole
  -o, --output FILE   -f, --fail   --include   --progress
      --port NUMBER         where serve listens, on 127.0.0.1. Default: any port

Credentials come from AWS_ACCESS_KEY_ID and its kin, --profile NAME (with
@smithy/shared-ini-file-loader installed), or --credentials COMMAND, which prints the JSON
of credential_process. No secret is taken as an argument, and none is printed but the one
that serve has made up: it prints what leads AWS's clients to it, for the environment.

Exit codes: 0 it holds, or is done; 1 refused, or does not match; 2 called wrongly, or the
request cannot be read; 3 no credentials; 4 the network failed; 22 with --fail, an answer
of 400 and more; 70 a fault of countersign itself.
`
