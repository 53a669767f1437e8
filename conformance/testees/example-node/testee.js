// Any length-field geometry in Node, by hand: the decoder, then the FWT/1 loop around it.
'use strict'

class TooLarge extends Error {}
class TooSmall extends Error {}

class Decoder {
  constructor (geometry) {
    this.geometry = geometry
    this.buf = Buffer.allocUnsafe(256)
    this.held = 0 // bytes of an incomplete frame at the front of buf
  }

  // Calls onFrame for each frame that `chunk` completes; a frame is valid during the call.
  feed (chunk, onFrame) {
    const { header, adjust, strip, max, readLength } = this.geometry
    const end = this.held + chunk.length
    if (end > this.buf.length) this.buf = Buffer.concat([this.buf.subarray(0, this.held)], 2 * end)
    this.buf.set(chunk, this.held)
    let at = 0
    while (end - at >= header) {
      const size = header + readLength(this.buf, at) + adjust
      if (size < header || size < strip) throw new TooSmall(`a frame of ${size} bytes`)
      if (size > max) throw new TooLarge(`a frame of ${size} bytes`)
      if (end - at < size) break
      onFrame(this.buf, at + strip, at + size)
      at += size
    }
    if (at > 0) this.buf.copyWithin(0, at, end)
    this.held = end - at
  }
}

function configure (words) {
  const g = Object.fromEntries(words.map(word => word.split('=')))
  if (g.framing !== 'length-field') throw new Error('framing is not length-field')
  if (g.signed === '1') throw new Error('signed length fields are not read')
  if (g.oversize === 'skip' || (g.reject && g.reject !== 'close')) throw new Error('it closes on every error')
  const offset = Number(g.offset)
  const width = Number(g.width)
  const read = { 1: ['UInt8', 'UInt8'], 2: ['UInt16BE', 'UInt16LE'], 4: ['UInt32BE', 'UInt32LE'] }[width]
  const [be, le] = read ? read.map(name => Buffer.prototype['read' + name]) : []
  const readLength = read
    ? (g.endian === 'little' ? (buf, at) => le.call(buf, at + offset) : (buf, at) => be.call(buf, at + offset))
    : (buf, at) => { // 3, 5, 6, 7 and 8 bytes; past 2^53 any answer is too large
        let value = 0
        for (let i = 0; i < width; i++) value = value * 256 + buf[at + offset + (g.endian === 'little' ? width - 1 - i : i)]
        return value
      }
  return { header: offset + width, adjust: Number(g.adjust), strip: Number(g.strip), max: Number(g.max), readLength }
}

function decode (geometry, stream, seg) {
  const decoder = new Decoder(geometry)
  let reply = ''
  let from = 0
  if (seg[0] === '~') seg = seg.slice(1)
  const cuts = seg === '-' ? [] : seg.split(',')
  for (let i = 0; i <= cuts.length; i++) {
    const to = i < cuts.length ? Number(cuts[i]) : stream.length
    try {
      decoder.feed(stream.subarray(from, to), (buf, start, end) => {
        reply += `${to}:${end > start ? buf.hexSlice(start, end) : '_'}\t`
      })
    } catch (e) {
      const name = e instanceof TooLarge ? 'frame-too-large' : e instanceof TooSmall ? 'length-too-small' : 'error'
      return `${reply}${to}!${name} ${e.message}\n`
    }
    from = to
  }
  return reply + (decoder.held ? '+\n' : '.\n')
}

let geometry = null
let served = 0
let unread = [] // of the line that has not ended; joined once, or long lines take quadratic time
function answer (line) {
  const words = line.split(' ')
  if (words[0] === 'fwt') {
    try {
      geometry = configure(words.slice(2))
      return `fwt 1 name=example-node version=${process.versions.node} language=javascript emits=frame ops=d checks=framing\n`
    } catch (e) { return `skip ${e.message}\n` }
  }
  if (words[0] === 'q') return `bye ${served}\n`
  if (words[0] !== 'd') return '!error unknown request\n'
  const stream = Buffer.from(words[1] === '_' ? '' : words[1], 'hex')
  let replies = ''
  for (let i = 2; i < words.length; i++) replies += decode(geometry, stream, words[i])
  served += words.length - 2
  return replies
}

process.stdin.setEncoding('latin1')
process.stdin.on('data', text => {
  const lines = text.split('\n')
  if (lines.length === 1) return unread.push(text)
  lines[0] = unread.join('') + lines[0]
  unread = [lines.pop()]
  for (const line of lines) {
    process.stdout.write(answer(line))
    if (line === 'q') process.stdin.destroy()
  }
})
