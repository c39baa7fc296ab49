import { watch } from 'vue'
import type { Topic } from '@/Live/topics'
import type { TextChange, VersionedView } from '@/Live/wire'
import type { CollabSession } from './collabSession'

export interface SectionsView extends VersionedView {
  sections: { section: string; text: string; version: number }[]
}

/** Lets a session hear its topic: events, whole views, and whether the topic is joined. Returns how to stop. */
export function connectSession(topic: Topic<SectionsView>, session: CollabSession): () => void {
  let epoch: string | undefined
  const look = (): void => {
    const view = topic.replica.view
    if (!view) return
    const section = view.sections.find((one) => one.section === session.section)
    if (section) session.viewed(section.version, section.text, epoch !== undefined && epoch !== view.epoch)
    else session.refuse('unknown-section')
    epoch = view.epoch
  }
  const stopListening = topic.replica.listen({
    onView: look,
    onEvent: (event) => {
      for (const change of event.changes) {
        if (change.kind !== 'text') continue
        const text = change as TextChange
        if (text.section === session.section) session.receive(text.version, text.updates)
      }
    },
    onRemoved: (code) => session.refuse(code),
  })
  look()
  const stopWatching = watch(
    () => topic.seen.value.phase,
    (phase) => {
      if (phase === 'live') session.online()
      else session.offline()
    },
    { immediate: true, flush: 'sync' },
  )
  return () => {
    stopListening()
    stopWatching()
  }
}
