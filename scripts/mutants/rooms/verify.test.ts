/// <reference types="vite/client" />
import { loadRoom } from './load-room.ts'

await loadRoom(
  import.meta.glob([
    '../../../test/verify/{reading,checking,verdicts,answers,whole-answers}.test.ts',
    '../../../test/verify/{behaviours,payload,keys}.test.ts',
    '../../../test/attacks/{replays,reflected-text,streaming-words,odd-cases}.test.ts',
  ]),
)
