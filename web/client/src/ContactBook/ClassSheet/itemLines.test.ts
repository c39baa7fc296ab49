import { describe, expect, it } from 'vitest'
import { linesToItems } from './itemLines'

const subjects = ['语文', '数学', '英语']

describe('lines that become items', () => {
  it('makes one item of what is typed', () => {
    expect(linesToItems(' 背诵第 2 段 ', 'homework', '语文', subjects)).toEqual([{ kind: 'homework', subject: '语文', text: '背诵第 2 段' }])
  })

  it('makes an item of every line that is pasted, and none of empty ones', () => {
    expect(linesToItems('彩笔\r\n\r\n 运动鞋\n', 'bring', null, subjects).map((one) => one.text)).toEqual(['彩笔', '运动鞋'])
  })

  it('takes the numbering of a pasted list away, and no number that means something', () => {
    const texts = linesToItems('1. 抄写\n2、口算\n（3）朗读\n④ 日记\n- 跳绳\n3 页口算\n1.5 公里慢跑\n10.订正', 'homework', '数学', subjects).map((one) => one.text)
    expect(texts).toEqual(['抄写', '口算', '朗读', '日记', '跳绳', '3 页口算', '1.5 公里慢跑', '订正'])
  })

  it('gives a line to the subject that it names', () => {
    expect(linesToItems('语文：听写\n数学: 第 43 页\n科学：观察', 'homework', '英语', subjects)).toEqual([
      { kind: 'homework', subject: '语文', text: '听写' },
      { kind: 'homework', subject: '数学', text: '第 43 页' },
      { kind: 'homework', subject: '英语', text: '科学：观察' },
    ])
  })

  it('takes a subject on a line of its own for a heading', () => {
    expect(linesToItems('语文\n1. 听写\n2. 背诵\n数学：\n口算', 'homework', null, subjects)).toEqual([
      { kind: 'homework', subject: '语文', text: '听写' },
      { kind: 'homework', subject: '语文', text: '背诵' },
      { kind: 'homework', subject: '数学', text: '口算' },
    ])
  })
})
