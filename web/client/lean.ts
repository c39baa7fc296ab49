import * as icons from '@mdi/js'
import type { Plugin, Rolldown } from 'vite'

/**
 * Puts each icon into the screen that shows it. `@mdi/js` is one module: bundled as it is, the icons of all screens would be in one file that everybody fetches.
 */
export function iconsInPlace(): Plugin {
  const imported = /import\s*\{([^}]*)\}\s*from\s*['"]@mdi\/js['"];?/g
  return {
    name: 'schoolhome-icons-in-place',
    apply: 'build',
    transform(code, id) {
      if (id.includes('node_modules') || !code.includes('@mdi/js')) return null
      const replaced = code.replace(imported, (_all, names: string) =>
        names
          .split(',')
          .map((name) => name.trim())
          .filter(Boolean)
          .map((name) => {
            const [icon = '', local = icon] = name.split(/\s+as\s+/)
            const path = (icons as Record<string, string>)[icon]
            if (path === undefined) this.error(`There is no icon ${icon} in @mdi/js.`)
            return `const ${local} = ${JSON.stringify(path)};`
          })
          .join(' '),
      )
      return { code: replaced, map: null }
    },
  }
}

/** Leaves out Vuetify's reckoning with dates: no screen has its calendars, days are chosen with the browser's own field. */
export function withoutDates(): Plugin {
  const nothing = '\0schoolhome-no-dates'
  return {
    name: 'schoolhome-without-dates',
    apply: 'build',
    enforce: 'pre',
    resolveId(source, importer) {
      return importer?.replaceAll('\\', '/').endsWith('vuetify/lib/composables/date/date.js') && source === './adapters/vuetify.js' ? nothing : null
    },
    load(id) {
      return id === nothing ? 'export class VuetifyDateAdapter {}' : null
    },
  }
}

/** Fetches the app's code and styles while the page itself is being painted (src/boot.ts), not after it. */
export function appAhead(): Plugin {
  return {
    name: 'schoolhome-app-ahead',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle = {} }) {
        const scripts = new Set<string>()
        const styles = new Set<string>()
        const gather = (name: string): void => {
          const chunk = bundle[name]
          if (chunk?.type !== 'chunk' || scripts.has(name)) return
          scripts.add(name)
          chunk.viteMetadata?.importedCss.forEach((style) => styles.add(style))
          chunk.imports.forEach(gather)
        }
        const main = Object.values(bundle).find((one) => one.type === 'chunk' && one.facadeModuleId?.replaceAll('\\', '/').endsWith('/src/main.ts'))
        if (!main) throw new Error('The build has no chunk of src/main.ts.')
        gather(main.fileName)
        return [
          ...[...styles].map((file) => ({ tag: 'link', attrs: { rel: 'preload', as: 'style', href: `/${file}`, crossorigin: true }, injectTo: 'head' as const })),
          ...[...scripts].map((file) => ({ tag: 'link', attrs: { rel: 'modulepreload', href: `/${file}`, crossorigin: true }, injectTo: 'head' as const })),
        ]
      },
    },
  }
}

/** What the screens of a family share with other screens goes into one file: each file costs a slow phone more than its bytes do. */
export const bookPieces: Rolldown.CodeSplittingNameFunction = (id, graph) =>
  isNeededBy(['/src/ContactBook/TodayView.vue', '/src/ContactBook/BookPageView.vue'], id, graph) && !isNeededBy(['/src/main.ts'], id, graph) ? 'book' : null

function isNeededBy(files: readonly string[], id: string, graph: Rolldown.ChunkingContext): boolean {
  const seen = new Set<string>([id])
  // Grows while it is walked.
  for (const one of seen) {
    if (files.some((file) => one.replaceAll('\\', '/').endsWith(file))) return true
    graph.getModuleInfo(one)?.importers.forEach((importer) => seen.add(importer))
  }
  return false
}
