import type { MismatchCause } from '../types.ts'

/** What each cause is, and how it is cured. */
export const CAUSES: Readonly<Record<MismatchCause, readonly [message: string, advice: string]>> = {
  'path-single-encoded': [
    'The path was encoded once, where this service encodes it twice.',
    "Sign with pathEncoding 'double', the default of every service but S3.",
  ],
  'path-double-encoded': [
    'The path was encoded twice, where S3 encodes it once.',
    "Sign for service 's3', or with pathEncoding 'single'.",
  ],
  'path-not-encoded': [
    'The path was signed in another percent-encoding, or in none.',
    'Encode every byte of the canonical path outside A-Z a-z 0-9 - . _ ~ and /, upper-case hex.',
  ],
  'path-normalized': [
    'The path was normalised before signing, where S3 keeps it as it is.',
    "Sign with pathNormalization 'none' and send // and .. literally.",
  ],
  'path-not-normalized': [
    'The path was signed with its // or dot segments, which this service removes.',
    "Sign with pathNormalization 'rfc3986'.",
  ],
  'path-decoded': [
    'The path was decoded on the way, by a framework or a proxy.',
    'Verify the raw request target (req.url of node:http), not a decoded path.',
  ],
  'plus-decoded': [
    'A %2B of the path was decoded on the way to +, which S3 reads as a blank.',
    "Let the proxy pass the path on as it came (nginx: proxy_pass without a path), or verify with plus 'literal'.",
  ],
  'path-hex-case': [
    'Escapes of the path were written in the other case on the way, as %3a for %3A.',
    'Let the proxy pass the path on as it came; escapes are signed to the letter where the path is encoded twice.',
  ],
  'path-prefix': [
    'A prefix of the path was added or stripped on the way.',
    'Sign and verify the same path: where a gateway adds a stage or mount, verify what the client sent.',
  ],
  'path-changed': [
    'The path that arrived is not the one that was signed.',
    'Compare the two paths; look for a rewriting proxy or client.',
  ],
  'path-ambiguous': [
    'The path has empty or dot segments or %00, and a router may read another.',
    "Sign and send a path without them; a server that routes by Verified.path may take 'any' pathForm.",
  ],
  'query-order': [
    'The query was signed in its own order, not sorted.',
    'Sort by name and then by value, after encoding, by code unit.',
  ],
  'query-plus': [
    'A + in the query was read in two ways, as a blank and as itself.',
    "Send %20 for a blank and %2B for a plus; verify with the other reading of 'plus'.",
  ],
  'query-missing-equals': [
    'A parameter without a value was signed without its =.',
    'Write name= in the canonical query.',
  ],
  'query-encoding': [
    'The query was signed in another percent-encoding.',
    'Encode every byte of a name or value outside A-Z a-z 0-9 - . _ ~, upper-case hex, once.',
  ],
  'query-parameters-added': [
    'Parameters were added to the URL after it was signed.',
    'Add them before signing, or strip them before verifying.',
  ],
  'query-changed': [
    'The query that arrived is not the one that was signed.',
    'Compare the two queries; look for a rewriting proxy or client.',
  ],
  'query-html-escaped': [
    'Every & of the URL became &amp;.',
    'Unescape the URL when it is taken out of HTML or XML.',
  ],
  'url-reencoded': [
    'The URL was percent-encoded a second time after it was signed.',
    'Use the URL as it is; do not encode it again.',
  ],
  'host-port': [
    'The host was signed with a port that did not arrive, or without one that did.',
    'Sign the Host header as it is sent: no :443 or :80, any other port.',
  ],
  'host-changed': [
    'The request was signed for another host than the one it arrived at.',
    "Let the proxy keep the Host header, or name the client's host in 'hosts', and not the proxy's.",
  ],
  'host-ambiguous': [
    'The target of the request names another host than its Host header.',
    'Send one name in both; a proxy that rewrites one of them must rewrite the other.',
  ],
  'header-dropped': [
    'A signed header did not arrive.',
    'Let the proxy pass it on, or leave it out with unsignableHeaders.',
  ],
  'header-added': [
    'An x-amz- header arrived that is not signed.',
    'Sign it; where a proxy adds it, tolerate it by name with toleratedUnsignedHeaders.',
  ],
  'header-unsigned': [
    'A header that the signature must cover is not signed.',
    'Sign host, x-amz-date and every x-amz- header that is sent.',
  ],
  'header-case': [
    "A header's value changed its case on the way.",
    'Let the proxy keep it, or leave the header out with unsignableHeaders.',
  ],
  'header-blanks': [
    "Blanks in a header's value were changed on the way, or signed another way than AWS collapses them.",
    'Trim the value and collapse runs of blanks to one before signing, or send it so.',
  ],
  'header-order': [
    'Headers, or the values of a repeated one, were signed in another order.',
    'Sort the header names; sign repeated values in the order in which they are sent.',
  ],
  'header-changed': [
    'A signed header was changed on the way.',
    'Let the proxy keep it, or leave the header out with unsignableHeaders.',
  ],
  'volatile-header': [
    'A header that clients and proxies rewrite is signed.',
    'Leave it out with unsignableHeaders: accept-encoding, user-agent, content-length and their like.',
  ],
  'payload-empty': [
    'The signature was made for an empty body, and one was sent.',
    'Hash the body that is sent, after it has been serialised.',
  ],
  'payload-dropped': [
    'The body that was signed did not arrive.',
    'Send it; on the server, read the raw body before a parser consumes it, and pass its bytes.',
  ],
  'payload-altered': [
    'The body that arrived is not the one that was signed.',
    'Pass the raw bytes; look for a body parser, compression or a proxy.',
  ],
  'payload-reserialized': [
    'The body was parsed and serialised again between signing and verifying.',
    'Sign and verify the very bytes that are sent.',
  ],
  'payload-unsigned': [
    'One side takes the body into the signature, and the other has UNSIGNED-PAYLOAD.',
    'Send x-amz-content-sha256 with the value that was signed.',
  ],
  'payload-hash-missing': [
    'The header x-amz-content-sha256 is missing, which S3 demands.',
    "Send and sign it; with curl, -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD'.",
  ],
  'token-missing': [
    'The session token of the temporary credentials was not sent, or did not arrive.',
    'Sign with accessKeyId, secretAccessKey and sessionToken together.',
  ],
  'token-unexpected': [
    'A session token was sent with a key that has none.',
    'Leave it out; look for a stale AWS_SESSION_TOKEN.',
  ],
  'token-altered': [
    'The session token that arrived is not the one that belongs to the key.',
    'Send it unchanged, and with the key it was issued with; in a query a + must be %2B.',
  ],
  'token-unsigned': [
    'The session token was sent but not signed.',
    "Sign it; only IoT appends it (sessionToken 'appended').",
  ],
  'token-appended': [
    'The session token was signed, where this service appends it unsigned, or the other way about.',
    "Sign with sessionToken 'signed', or 'appended' for IoT.",
  ],
  'token-expired': ['The temporary credentials have expired.', 'Ask their provider for new ones.'],
  'wrong-region': [
    'The request was signed for another region.',
    'Sign for the region of the endpoint; a global service has one too, mostly us-east-1.',
  ],
  'wrong-service': [
    'The request was signed for another service.',
    'Use the signing name of the service: execute-api for API Gateway, es for OpenSearch, s3, lambda.',
  ],
  'wrong-day': [
    'The key was derived for another day than that of the request.',
    'Derive it from the UTC day of the x-amz-date that is sent; do not keep it past midnight UTC.',
  ],
  'wrong-terminator': [
    'The scope does not end in aws4_request.',
    'End the credential scope and the key derivation with aws4_request.',
  ],
  'date-mismatch': [
    'The dates are not one: of the scope and x-amz-date, or of this request and the one that was refused.',
    'Take them from one clock reading, and explain the very request that was sent.',
  ],
  'clock-ahead': [
    "The client's clock is ahead of the server's.",
    'Set the clock, or let createSigner().fetch learn the offset.',
  ],
  'clock-behind': [
    "The client's clock is behind the server's, or the request was kept too long.",
    'Set the clock, or let createSigner().fetch learn the offset; sign each retry anew.',
  ],
  expired: ['The presigned URL has expired.', 'Presign a new one, or with a longer expiresIn.'],
  'method-changed': [
    'The request was signed for another method.',
    'Sign the method that is sent: HEAD is not GET, and a redirect may change POST to GET.',
  ],
  'secret-blanks': [
    'The secret was used with blanks, a newline or quotes around it, or without those it has.',
    'Trim the secret where it is read from a file or a variable.',
  ],
  'secret-encoded': [
    'The secret was used percent-encoded, escaped or decoded.',
    'Use the secret as it was issued; it may hold / and +.',
  ],
  'secret-swapped': [
    'Key id and secret were swapped.',
    'An accessKeyId begins with AKIA or ASIA; a secret has 40 characters.',
  ],
  'secret-of-another-key': [
    'The secret of another access key was used.',
    'Take id and secret from the same key; look at the rotation.',
  ],
  'wrong-secret': [
    'The secret is not that of this access key id.',
    'Compare id and secret with the issued ones; then compare the canonical requests.',
  ],
  'unknown-access-key': [
    'The server does not know the access key id.',
    'Use the id of a key that exists and is active; look whether the endpoint is of that account.',
  ],
  'signature-truncated': ['The signature was cut off.', 'Pass all 64 hex digits.'],
  'signature-case': ['The signature was written in upper case.', 'Write it in lower-case hex.'],
  'signature-altered': [
    'The signature does not have the form that it must have.',
    'Pass the 64 lower-case hex digits unchanged.',
  ],
  'unsupported-algorithm': [
    'The algorithm is not one that is accepted here.',
    'Sign with AWS4-HMAC-SHA256.',
  ],
  'not-signed': [
    'The request is not signed.',
    'Sign it; look for a proxy that strips Authorization. API Gateway says so too of a path it lacks.',
  ],
  malformed: [
    'What the request says of its signature cannot be read.',
    'Compare the Authorization header, or the X-Amz- parameters, with those of a good request.',
  ],
  replayed: ['The request came before.', 'Sign each request anew; a retry too.'],
}
