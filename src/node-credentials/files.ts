import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from './machine.ts'

/** What a profile says, by the names of its lines. */
export type Profile = Readonly<Record<string, string | undefined>>

/** Where the shared files are, as the loader of the AWS SDKs takes it. */
export interface FilePaths {
  readonly filepath: string
  readonly configFilepath: string
  /** Its own memory has no end. */
  readonly ignoreCache: true
}

/** Where the environment says that the shared files are. */
export function pathsIn(environment: Environment): FilePaths {
  const home = environment.HOME || environment.USERPROFILE || homedir()
  const pathOf = (named: string | undefined, name: string): string =>
    named ? named.replace(/^~(?=[\\/])/, home) : join(home, '.aws', name)
  return {
    filepath: pathOf(environment.AWS_SHARED_CREDENTIALS_FILE, 'credentials'),
    configFilepath: pathOf(environment.AWS_CONFIG_FILE, 'config'),
    ignoreCache: true,
  }
}

/** Which profile is meant where nobody names one. */
export const profileNameIn = (environment: Environment): string =>
  environment.AWS_PROFILE || 'default'

/** Throws what the system said of a peer's file; one that is not installed has no such number. */
export function passOnFault(error: unknown): void {
  if (typeof (error as NodeJS.ErrnoException).errno === 'number') throw error
}

/** The profiles of the shared files; undefined where the loader, an optional peer, is not installed. */
export async function readProfiles(
  environment: Environment,
): Promise<Readonly<Record<string, Profile>> | undefined> {
  let loader: Pick<typeof import('@smithy/shared-ini-file-loader'), 'parseKnownFiles'>
  try {
    loader = await import(/* webpackIgnore: true */ '@smithy/shared-ini-file-loader')
  } catch (error) {
    passOnFault(error)
    return undefined
  }
  return loader.parseKnownFiles(pathsIn(environment))
}

/** What a profile says of the region, where it can be read. */
export async function regionOfProfile(
  environment: Environment,
  name: string = profileNameIn(environment),
): Promise<string | undefined> {
  return (await readProfiles(environment))?.[name]?.region
}
