/** Lets the browser do what else it has to do, such as to answer a finger: a slow phone starts the app in pieces. */
export function breath(milliseconds = 0): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
