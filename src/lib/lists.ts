/** Where the engine's own sort, which is slow to start, has caught up with one by insertion. */
const FEW = 20

/** Sorts texts in place, by code unit or as `isBefore` tells, and gives the list back. */
export function sorted(
  list: string[],
  isBefore: (one: string, other: string) => boolean = (one, other) => one < other,
): string[] {
  if (list.length > FEW) return list.sort((one, other) => (isBefore(one, other) ? -1 : 1))
  for (let next = 1; next < list.length; next++)
    for (let at = next; at > 0 && isBefore(list[at] as string, list[at - 1] as string); at--)
      [list[at - 1], list[at]] = [list[at] as string, list[at - 1] as string]
  return list
}
