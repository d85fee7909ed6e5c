/** Where the engine's own sort, which is slow to start, has caught up with one by insertion. */
const FEW = 20

/** Sorts a list in place and gives it back. */
export function sorted<T>(list: T[], isBefore: (a: T, b: T) => boolean = (a, b) => a < b): T[] {
  if (list.length > FEW) return list.sort((a, b) => (isBefore(a, b) ? -1 : 1))
  for (let next = 1; next < list.length; next++)
    for (let at = next; at > 0 && isBefore(list[at] as T, list[at - 1] as T); at--)
      [list[at - 1], list[at]] = [list[at] as T, list[at - 1] as T]
  return list
}
