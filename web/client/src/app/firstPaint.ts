import { isDay, sayDate } from './dates'
import { rememberedLanguage, remembersLargeText } from './remembered'

/** What is coming, in words, as soon as this small piece of code is there: for the pages of the book, where families mostly go, with its day, at the place of the screen's own heading. */
const words = {
  'zh-CN': { app: '家校联系簿', today: '今天', book: (day: string) => `正在打开 ${day} 的联系簿…`, opening: '正在打开…' },
  en: { app: 'Contact book', today: 'Today', book: (day: string) => `Opening the contact book of ${day}…`, opening: 'Opening…' },
}

export function sayWhatComes(): void {
  const coming = document.querySelector('.coming')
  const screen = coming?.querySelector('.coming-screen')
  if (!coming || !screen) return
  document.documentElement.classList.toggle('large-text', remembersLargeText())
  const language = rememberedLanguage()
  const say = words[language]
  document.documentElement.lang = language
  const now = new Date()
  // By this device's clock; which day it is at school, and whether the reader may see it, the screen says itself.
  const today = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
  const [, page, date] = /^\/book(?:\/([^/]+\/[^/]+)(?:\/([\d-]+))?)?$/.exec(location.pathname) ?? []
  const shown = date ?? today
  const isPage = (location.pathname === '/book' || page !== undefined) && isDay(shown)
  const day = sayDate(isPage ? shown : today, language)
  if (location.pathname === '/today') {
    const words = document.createElement('span')
    const small = document.createElement('small')
    small.textContent = day
    words.append(`${say.today} `, small)
    screen.append(words)
  } else if (isPage) {
    screen.textContent = say.book(day)
    coming.querySelector('.coming-state')?.remove()
  }
  if (language === 'zh-CN') return
  coming.querySelector('strong')?.replaceChildren(say.app)
  coming.querySelector('.coming-state')?.replaceChildren(say.opening)
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}
