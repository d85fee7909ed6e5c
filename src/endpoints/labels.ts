/** A label of a host name as it is looked up: without FIPS, and without the zone of S3 Express. */
export const plainLabel = (label: string): string =>
  label.replace(/-fips(?=-|$)/, '').replace(/^s3express-.*/, 's3express')
