// Measures one screen with Lighthouse's mobile profile, as somebody who is signed in, and prints one line of JSON: the four scores from 0 to 100, the figures
// behind the first of them, and what fell short. `node run.mjs <address>`; the cookies come by standard input as a JSON list of { name, value }.
import { text } from 'node:stream/consumers'
import lighthouse from 'lighthouse'
import puppeteer from 'puppeteer-core'

const [, , address] = process.argv
if (!address) throw new Error('Which address?')
const cookies = JSON.parse((await text(process.stdin)) || '[]')

const browser = await puppeteer.launch({
  executablePath: '/usr/bin/chromium',
  headless: true,
  args: [
    // Chromium's sandbox refuses to work for root.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
})
try {
  await browser.setCookie(...cookies.map(({ name, value }) => ({ name, value, domain: new URL(address).hostname, path: '/' })))
  const { port } = new URL(browser.wsEndpoint())
  const { lhr, artifacts } = await lighthouse(address, { port: Number(port), output: 'json', logLevel: 'error', locale: 'en-US' })
  if (lhr.runtimeError) throw new Error(`${lhr.runtimeError.code}: ${lhr.runtimeError.message}`)
  const audits = Object.values(lhr.audits)
  const fs=await import("node:fs"); fs.writeFileSync("/tmp/lh/lhr.json",JSON.stringify(lhr)); fs.writeFileSync("/tmp/lh/trace.json",JSON.stringify(artifacts.Trace ?? artifacts.traces.defaultPass)); console.log(
    JSON.stringify({
      finalAddress: lhr.finalDisplayedUrl,
      benchmarkIndex: lhr.environment.benchmarkIndex,
      scores: Object.fromEntries(Object.values(lhr.categories).map((one) => [one.id, one.score === null ? null : Math.round(one.score * 100)])),
      figures: Object.fromEntries(['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift', 'speed-index'].map((id) => [id, lhr.audits[id].numericValue])),
      short: audits.filter((one) => one.score !== null && one.score < 0.9).map((one) => `${one.id} ${one.score} ${one.displayValue ?? ''}`.trim()),
    }),
  )
} finally {
  await browser.close()
}
