import { inferScope } from 'countersign'

/** An endpoint's name, and the scopes that its source signs there. */
export type Names = ReadonlyMap<string, readonly (readonly [service: string, region: string])[]>

export interface Counts {
  readonly right: number
  /** Of what is told, all is right, and something is not told. */
  readonly untold: readonly string[]
  readonly wrong: readonly string[]
}

/** What `inferScope` tells of names whose scopes are known. */
export function count(names: Names): Counts {
  let right = 0
  const untold: string[] = []
  const wrong: string[] = []
  for (const [host, scopes] of names) {
    const { service, region } = inferScope(`https://${host}/`)
    const isRight = scopes.some(([name, place]) => name === service && place === region)
    const fits = scopes.some(
      ([name, place]) => [name, undefined].includes(service) && [place, undefined].includes(region),
    )
    if (isRight) right++
    else (fits ? untold : wrong).push(host)
  }
  return { right, untold, wrong }
}

/** Scopes by their names. */
export function namesOf(rows: Iterable<readonly [host: string, service: string, region: string]>) {
  const names = new Map<string, (readonly [string, string])[]>()
  for (const [host, ...scope] of rows) names.set(host, [...(names.get(host) ?? []), scope])
  return names
}
