/** Servers that have no types of their own, as far as they are started here. */
declare module 's3rver' {
  const S3rver: new (
    options: object,
  ) => { run(): Promise<{ port: number }>; close(): Promise<void> }
  export = S3rver
}

declare module 'dynalite' {
  const dynalite: () => import('node:net').Server
  export = dynalite
}
