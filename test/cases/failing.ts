/** By why they fail, cases that are not answered as they ask, `suite: id`, until they are. */
export const FAILING: Readonly<Record<string, readonly string[]>> = {
  "an answer is not S3's yet": [
    's3tests-headers: content-md5 too short',
    's3tests-headers: content-md5 empty',
    's3tests-headers: expect empty',
    's3tests-headers: x-amz-date empty',
    's3tests-headers: bucket: x-amz-date Bad Date',
    's3tests-headers: bucket: x-amz-date absent',
    's3tests-headers: presigned for 609901 s',
    's3tests-headers: put presigned for -1000 s',
    'versitygw-auth: header without a space',
    'versitygw-auth: another region',
    'versitygw-auth: date in eight digits',
    'versitygw-auth: hash that is no hash',
    'versitygw-auth: x-amz-content-sha256 d41d8cd98f00b204e9800998ecf8427e',
    'versitygw-presigned: ECDSA in name only',
    'versitygw-presigned: no X-Amz-Credential',
    'versitygw-presigned: no X-Amz-SignedHeaders',
    'versitygw-presigned: no X-Amz-Algorithm',
    'versitygw-presigned: terminal aws5_request',
    'versitygw-presigned: another region',
    'versitygw-presigned: expiry -3',
    'versitygw-presigned: version 2 query',
  ],
  'a form is not read as S3 reads it yet': ['versitygw-post: signature that is none'],
  'a body is not read as S3 reads it yet': [],
}

/** By why they are not ours, cases that ask what S3 does not do, or what is not a verifier's. */
export const NOT_OURS: Readonly<Record<string, readonly string[]>> = {}
