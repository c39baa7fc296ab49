/** Something that was done, and how to take it back where that is possible. */
export interface Done {
  text: string
  undo?: () => Promise<void>
}
