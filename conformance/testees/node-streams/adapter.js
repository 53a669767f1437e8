// Two npm stream decoders behind FWT/1: `adapter.js length-prefixed-stream` and `adapter.js frame-stream`.
// Both are Transforms that hand out bodies on 'data' and take the length off; strip=0 puts it back, the body determines it.
'use strict'
const path = require('path')
const { createInterface } = require('readline')

const library = process.argv[2]
const home = path.join(__dirname, '../../.installed/node-streams/node_modules', library)
const lib = require(home)
const { version } = require(path.join(home, 'package.json'))

class Unservable extends Error {}

const makers = {
  'length-prefixed-stream' (g, width, max) {
    if (width !== 1 || max > 128 || g.adjust !== 0) throw new Unservable('the length is a varint: as long as it is below 128 it equals a u8')
    return () => lib.decode({ limit: max - 1, allowEmpty: true })
  },
  'frame-stream' (g, width, max) {
    if (width > 6) throw new Unservable('a getLength for 7 and 8 bytes would not be exact')
    const getLength = buf => (g.endian === 'little' ? buf.readUIntLE(0, width) : buf.readUIntBE(0, width)) + g.adjust
    const plain = [1, 2, 4].includes(width) && g.endian !== 'little' && g.adjust === 0 // its own getLength serves
    return () => lib.decode({ lengthSize: width, maxSize: max - width, ...(plain ? {} : { getLength }) })
  }
}

function configure (words) {
  const g = Object.fromEntries(words.map(word => word.split('=')))
  for (const key of ['offset', 'width', 'adjust', 'strip', 'max']) g[key] = Number(g[key])
  if (g.framing !== 'length-field') throw new Unservable(`no decoder for framing=${g.framing}`)
  if (g.offset !== 0) throw new Unservable('the length comes first')
  if (g.signed === '1') throw new Unservable('the length is unsigned')
  if (g.strip !== 0 && g.strip !== g.width) throw new Unservable('the length is taken off, no more and no less')
  if ((g.oversize ?? 'close') !== 'close' || (g.reject ?? 'close') !== 'close') throw new Unservable('an error ends the stream')
  const make = makers[library](g, g.width, g.max)
  const head = Buffer.alloc(g.width)
  const prefix = body => {
    if (g.strip) return ''
    return (g.endian === 'little' ? head.writeUIntLE : head.writeUIntBE).call(head, body.length - g.adjust, 0, g.width) && head.toString('hex')
  }
  return { make, prefix }
}

class Case {
  constructor ({ make, prefix }, stream, seg) {
    this.glued = seg[0] === '~'
    this.cuts = seg.replace('~', '').split(',').filter(cut => cut !== '-').map(Number)
    this.cuts.push(stream.length)
    this.fed = 0
    this.events = []
    this.decoder = make()
    this.decoder.on('data', body => this.failed || this.events.push(`${this.fed}:${prefix(body) + body.toString('hex') || '_'}`))
    this.decoder.on('error', e => {
      if (this.failed) return
      this.failed = true
      const name = /larger/.test(e.message) ? 'frame-too-large' : /less than zero/.test(e.message) ? 'length-too-small' : 'error'
      this.events.push(`${this.fed}!${name} ${e.message.replace(/\s/g, ' ')}`)
    })
  }

  feed (stream, step) {
    if (this.failed || step >= this.cuts.length) return
    const chunk = stream.subarray(this.fed, this.fed = this.cuts[step])
    const last = step === this.cuts.length - 1
    if (last && this.glued) return this.decoder.end(chunk)
    this.decoder.write(chunk)
    if (last) this.decoder.end()
  }

  reply () {
    const held = 'buffer' in this.decoder ? (this.decoder.buffer ? '+' : '.') : '?'
    return this.events.concat(this.failed ? [] : held).join('\t') + '\n'
  }
}

// 'data' and 'error' may come ticks after the write, so the cases of a line go forward in step, one chunk a turn.
async function decode (served, stream, segs) {
  const cases = segs.map(seg => new Case(served, stream, seg))
  const steps = cases.reduce((most, { cuts }) => Math.max(most, cuts.length), 0)
  for (let step = 0; step < steps; step++) {
    for (const one of cases) one.feed(stream, step)
    await new Promise(setImmediate)
  }
  return cases.map(one => one.reply()).join('')
}

async function main () {
  let served = 0
  let config = null
  for await (const line of createInterface({ input: process.stdin })) {
    const [op, first, ...segs] = line.split(' ')
    if (op === 'fwt') {
      try {
        config = configure(segs)
        process.stdout.write(`fwt 1 name=${library} version=${version} language=javascript emits=frame ops=d checks=framing\n`)
      } catch (e) { process.stdout.write(`skip ${e.message}\n`) }
    } else if (op === 'd') {
      process.stdout.write(await decode(config, Buffer.from(first === '_' ? '' : first, 'hex'), segs))
      served += segs.length
    } else if (op === 'q') return process.stdout.write(`bye ${served}\n`)
  }
}

main().then(() => process.stdin.destroy())
