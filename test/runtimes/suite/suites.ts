import { asymmetric, asymmetricPassedIn } from './asymmetric.ts'
import { certificates } from './certificates.ts'
import { events } from './events.ts'
import { fetching } from './fetching.ts'
import { keys } from './keys.ts'
import type { Suite } from './task.ts'
import { uploads } from './uploads.ts'
import { verbs } from './verbs.ts'

/** Entries that need no platform, or say so: the case of React Native. */
export const ENGINE_SUITES: readonly Suite[] = [
  ...verbs,
  ...asymmetric,
  ...asymmetricPassedIn,
  ...certificates,
]

/** Every entry that is for every runtime. */
export const SUITES: readonly Suite[] = [
  ...verbs,
  ...uploads,
  ...events,
  ...asymmetric,
  ...asymmetricPassedIn,
  ...certificates,
  ...keys,
  ...fetching,
]
