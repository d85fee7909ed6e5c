import { DNS_SUFFIXES } from './table.ts'

/** What the names of a region's endpoints end with: `amazonaws.com`, and that of its partition elsewhere. */
export function dnsSuffix(region: string): string {
  const prefix = Object.keys(DNS_SUFFIXES).find((it) => region.startsWith(`${it}-`))
  return prefix ? (DNS_SUFFIXES[prefix] as string) : 'amazonaws.com'
}
