// Writes initials.txt, from which people are found by the initials of their names' pinyin: `npm ci && npm run generate`. Needed only when the table is to change; the product reads the committed file.
import { writeFileSync } from 'node:fs'
import { pinyin } from 'pinyin-pro'

// Surnames that are read otherwise than the same characters elsewhere: the table must have those readings, too.
const surnames = [
  '单', '解', '曾', '仇', '查', '盖', '区', '朴', '覃', '任', '华', '宁', '纪', '燕', '应', '召', '翟', '乐', '缪', '员', '乜', '折', '冼', '洗', '种', '黑', '句', '祭', '那', '能', '逄', '佴', '隗', '尹', '牟',
  '尉迟', '万俟', '单于', '澹台', '长孙', '令狐', '宰父', '谷梁', '夹谷', '拓跋', '颛孙', '亓官', '闾丘', '壤驷', '漆雕', '贯丘', '公皙', '褚师', '尉犁', '贺若', '叱干', '乐正', '皇甫', '濮阳', '鲜于',
]

// The first letter, without tone marks: `zhong` and `zǎo` are z.
const initial = (reading) => reading.normalize('NFD').replace(/[^a-z]/g, '').slice(0, 1)
const initialsOf = (readings) => [...new Set(readings.map(initial))].filter((one) => one !== '').sort().join('')

// The blocks of the characters that names are written in, and 〇.
const usual = new Map()
for (const [first, last] of [[0x3007, 0x3007], [0x3400, 0x4dbf], [0x4e00, 0x9fff]]) {
  for (let code = first; code <= last; code++) {
    const one = String.fromCodePoint(code)
    const readings = initialsOf(pinyin(one, { multiple: true, type: 'array', toneType: 'none', nonZh: 'removed' }))
    if (readings !== '') usual.set(one, readings)
  }
}

for (const surname of surnames) {
  const read = pinyin(surname, { surname: 'head', type: 'array', toneType: 'none' }).map(initial)
  if (!read.every((letter, at) => usual.get(surname[at])?.includes(letter))) throw new Error(`${surname} is read ${read.join('')} as a surname.`)
}

const together = new Map()
for (const [one, readings] of usual) together.set(readings, (together.get(readings) ?? '') + one)
const lines = ['# Made by generate.mjs from pinyin-pro (MIT): the initials of each character, those of a surname among them.']
for (const [readings, ones] of [...together].sort(([a], [b]) => (a < b ? -1 : 1))) lines.push(`${readings} ${ones}`)
writeFileSync(new URL('initials.txt', import.meta.url), `${lines.join('\n')}\n`)
