import { applyChanges, DoesNotFit } from '@/CoEditing/applyChanges'
import type { Change, ChildChange, ChildDay, KnownChange, SheetChange, TextChange, Who } from './wire'

interface Section {
  section: string
  text: string
  version: number
  edited?: { by: Who; at: string } | null
}

/** One change applied to whichever view it belongs to. Pure; throws `DoesNotFit` where the view must be asked for anew. */
export function reduceView<View>(view: View, change: Change): View {
  const known = change as KnownChange
  switch (known.kind) {
    case 'text':
      return reduceText(view, known)
    case 'child':
      return reduceChild(view, known)
    case 'sheet':
      return reduceSheet(view, known)
    default:
      return view
  }
}

function reduceText<View>(view: View, change: TextChange): View {
  if (!hasSections(view)) return view
  const index = view.sections.findIndex((section) => section.section === change.section)
  const section = view.sections[index]
  if (!section) return view
  if (section.version + change.updates.length !== change.version) throw new DoesNotFit(`section ${change.section}`)
  const text = change.updates.reduce((now, update) => applyChanges(now, update.changes), section.text)
  return { ...view, sections: replaced(view.sections, index, { ...section, text, version: change.version, edited: { by: change.by, at: change.at } }) }
}

function reduceChild<View>(view: View, change: ChildChange): View {
  if (!hasChildren(view)) return view
  const index = view.children.findIndex((child) => child.student === change.child.student)
  const children = index < 0 ? [...view.children, change.child] : replaced(view.children, index, change.child)
  return { ...view, children }
}

function reduceSheet<View>(view: View, change: SheetChange): View {
  return { ...view, sheetFilled: change.filled }
}

function replaced<T>(list: readonly T[], index: number, item: T): T[] {
  return list.map((old, i) => (i === index ? item : old))
}

function hasSections(view: unknown): view is { sections: Section[] } {
  return typeof view === 'object' && view !== null && 'sections' in view
}

function hasChildren(view: unknown): view is { children: ChildDay[] } {
  return typeof view === 'object' && view !== null && 'children' in view
}
