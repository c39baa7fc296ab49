import { describe, expect, it } from 'vitest'
import { moveBy, within } from './gridMoves'

const size = { rows: 45, columns: 6 }

describe('moving in the grid', () => {
  it.each([
    ['ArrowDown', false, { row: 4, column: 2 }],
    ['Enter', false, { row: 4, column: 2 }],
    ['ArrowUp', false, { row: 2, column: 2 }],
    ['ArrowLeft', false, { row: 3, column: 1 }],
    ['ArrowRight', false, { row: 3, column: 3 }],
    ['Home', false, { row: 3, column: 0 }],
    ['End', false, { row: 3, column: 5 }],
    ['Home', true, { row: 0, column: 0 }],
    ['End', true, { row: 44, column: 5 }],
    ['PageDown', false, { row: 13, column: 2 }],
    ['PageUp', false, { row: 0, column: 2 }],
    ['ArrowUp', true, { row: 0, column: 2 }],
    ['ArrowDown', true, { row: 44, column: 2 }],
  ] as const)('%s (control: %s) leads on', (key, control, to) => {
    expect(moveBy(key, control, { row: 3, column: 2 }, size)).toEqual(to)
  })

  it('stays at the edges', () => {
    expect(moveBy('ArrowUp', false, { row: 0, column: 0 }, size)).toEqual({ row: 0, column: 0 })
    expect(moveBy('ArrowLeft', false, { row: 0, column: 0 }, size)).toEqual({ row: 0, column: 0 })
    expect(moveBy('Enter', false, { row: 44, column: 5 }, size)).toEqual({ row: 44, column: 5 })
    expect(moveBy('ArrowRight', false, { row: 44, column: 5 }, size)).toEqual({ row: 44, column: 5 })
  })

  it('leaves all other keys alone', () => {
    for (const key of ['Tab', 'Escape', '1', 'a', ' ']) expect(moveBy(key, false, { row: 0, column: 0 }, size)).toBeNull()
  })

  it('stays within when the class has become smaller', () => {
    expect(within({ row: 44, column: 5 }, { rows: 43, columns: 6 })).toEqual({ row: 42, column: 5 })
    expect(within({ row: 3, column: 5 }, { rows: 0, columns: 6 })).toEqual({ row: 0, column: 5 })
  })
})
