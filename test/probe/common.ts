import type { ProbeOptions, ProbeResult } from 'countersign/testing'
import { probe } from 'countersign/testing'

/** What all servers of S3 in these tests are asked; the machine may be slow. */
export const s3 = { service: 's3', region: 'us-east-1', bucket: 'bucket', timeout: 60 } as const

/** How long a probe may take: milliseconds. */
export const LONG = 300_000

/** All that a probe says. */
export async function results(options: ProbeOptions): Promise<ProbeResult[]> {
  const all: ProbeResult[] = []
  for await (const result of probe(options)) all.push(result)
  return all
}

/** What is not right of it, a line each. */
export const wrong = (all: readonly ProbeResult[]): string[] =>
  all
    .filter(({ verdict }) => verdict !== 'right')
    .map(({ name, verdict, message }) => `${name} ${verdict}: ${message}`)
