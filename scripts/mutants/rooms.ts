/** A folder of src, what of it is mutated, and the tests nearest to it. */
export interface Room {
  readonly name: string
  readonly files: readonly string[]
  readonly tests: readonly string[]
}

/** The way in of a request: what strangers' bytes go through. */
export const ROOMS: readonly Room[] = [
  {
    name: 'canonical',
    files: ['src/canonical/*.ts'],
    tests: [
      'test/behaviours/{payload,presign}.test.ts',
      'test/suite-v4.test.ts',
      'test/canonical/*.test.ts',
    ],
  },
  {
    name: 'algorithms',
    files: ['src/algorithms/**/*.ts'],
    tests: [
      'test/sigv4a/{der,derive,p256,region-set,suite,verify}.test.ts',
      'test/x509/{signing,reading}.test.ts',
      'test/algorithms/*.test.ts',
      'test/credentials/key-handles.test.ts',
      'test/behaviours/credentials.test.ts',
      'test/verify/{behaviours,keys,key-cache,suite}.test.ts',
      'test/subtle-calls/*.test.ts',
    ],
  },
  {
    name: 's3',
    files: [
      'src/s3/{decode-chunked,unframe,trailer,frame,chain,modes,pieces,byte-buffer,streams}.ts',
      'src/s3/{checksums,body-statements,read-body,verify-post-policy,check-policy}.ts',
      'src/s3/{policy-conditions,post-form,prove-form,stated-form}.ts',
    ],
    tests: [
      'test/s3/{frames,facts,trailers,sources,policies}.test.ts',
      'test/s3/{decode-chunked,read-body,ecdsa-chunks}.test.ts',
      'test/s3/{documented-uploads,verify-post-policy,refused-forms,backpressure}.test.ts',
      'test/attacks/forms.test.ts',
    ],
  },
  {
    name: 'verify',
    files: ['src/verify/*.ts'],
    tests: ['scripts/mutants/rooms/verify.test.ts'],
  },
]
