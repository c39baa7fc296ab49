/** Where the one cell is that Tab leads to (the grid pattern's roving tabindex): rows are children, columns what is entered. */
export interface Cell {
  row: number
  column: number
}

export interface GridSize {
  rows: number
  columns: number
}

/** Where a key leads to; null where it is not one that moves. At an edge one stays: nobody wants to be thrown to the other side of forty-five children. */
export function moveBy(key: string, withControl: boolean, at: Cell, size: GridSize, page = 10): Cell | null {
  const last = { row: Math.max(0, size.rows - 1), column: Math.max(0, size.columns - 1) }
  switch (key) {
    case 'ArrowUp':
      return withControl ? { ...at, row: 0 } : { ...at, row: Math.max(0, at.row - 1) }
    case 'ArrowDown':
    case 'Enter':
      return withControl && key === 'ArrowDown' ? { ...at, row: last.row } : { ...at, row: Math.min(last.row, at.row + 1) }
    case 'ArrowLeft':
      return { ...at, column: Math.max(0, at.column - 1) }
    case 'ArrowRight':
      return { ...at, column: Math.min(last.column, at.column + 1) }
    case 'Home':
      return withControl ? { row: 0, column: 0 } : { ...at, column: 0 }
    case 'End':
      return withControl ? last : { ...at, column: last.column }
    case 'PageUp':
      return { ...at, row: Math.max(0, at.row - page) }
    case 'PageDown':
      return { ...at, row: Math.min(last.row, at.row + page) }
    default:
      return null
  }
}

/** The same cell when children have come or gone. */
export function within(at: Cell, size: GridSize): Cell {
  return { row: Math.max(0, Math.min(at.row, size.rows - 1)), column: Math.max(0, Math.min(at.column, size.columns - 1)) }
}
