import { applyChanges, DoesNotFit } from '@/CoEditing/applyChanges'
import type { ChildDayView, SheetItemView } from '@/api/types'
import type { Change, ChildChange, KnownChange, TextChange, Who } from './wire'

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
    case 'set':
      return { ...view, [known.field]: known.value }
    case 'item':
      return hasItems(view) ? { ...view, items: withItem(view.items, known.item) } : view
    case 'item-gone':
      return hasItems(view) ? { ...view, items: view.items.filter((one) => one.item !== known.item) } : view
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

const kinds = ['homework', 'notices', 'bring', 'fees']

/** By kind, then in the order in which they were added, as the view has them. */
function withItem(items: readonly SheetItemView[], item: SheetItemView): SheetItemView[] {
  const index = items.findIndex((one) => one.item === item.item)
  if (index >= 0) return replaced(items, index, item)
  const place = (one: SheetItemView): number => kinds.indexOf(one.kind)
  const after = items.findIndex((one) => place(one) > place(item) || (place(one) === place(item) && one.added > item.added))
  return after < 0 ? [...items, item] : [...items.slice(0, after), item, ...items.slice(after)]
}

function replaced<T>(list: readonly T[], index: number, item: T): T[] {
  return list.map((old, i) => (i === index ? item : old))
}

function hasSections(view: unknown): view is { sections: Section[] } {
  return typeof view === 'object' && view !== null && 'sections' in view
}

function hasChildren(view: unknown): view is { children: ChildDayView[] } {
  return typeof view === 'object' && view !== null && 'children' in view
}

function hasItems(view: unknown): view is { items: SheetItemView[] } {
  return typeof view === 'object' && view !== null && 'items' in view
}
