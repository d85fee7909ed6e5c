import { DNS_SUFFIXES } from './table.ts'

/** What the names of a region's endpoints end with: `amazonaws.com`, and that of its partition elsewhere. */
export const dnsSuffix = (region: string): string =>
  DNS_SUFFIXES[region.replace(/-\w+-\d+$/, '')] ?? 'amazonaws.com'
