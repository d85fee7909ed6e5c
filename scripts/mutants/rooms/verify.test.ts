/// <reference types="vite/client" />
// The tests of a room in one file: what they import is loaded once a mutant, and not by each of them.
import.meta.glob(
  [
    '../../../test/verify/{reading,checking,verdicts,answers,whole-answers}.test.ts',
    '../../../test/verify/{behaviours,payload,keys}.test.ts',
    '../../../test/attacks/{replays,reflected-text,streaming-words,odd-cases}.test.ts',
  ],
  { eager: true },
)
