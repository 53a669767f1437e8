// For each npm package: what it cannot serve, then how one decoder is made, fed and ended. What they hand out has no
// delimiter and no length; where strip=0 asks for those they are put back, the content determines them.
'use strict'
const { EventEmitter } = require('events')

class Unservable extends Error {}
const need = (holds, why) => { if (!holds) throw new Unservable(why) }
// A stream that is written to and emits frames on 'data'.
const piped = (stream, emit, fail) => {
  stream.on('data', body => emit(Buffer.from(body))).on('error', fail)
  return { feed: chunk => stream.write(chunk), end: () => stream.end() }
}

module.exports = {
  'binary-split' (lib, g) {
    need(g.framing === 'delimiter' && !g.delimiters.includes(','), 'one delimiter only')
    const end = Buffer.from(g.delimiters, 'hex')
    const kept = g.strip ? Buffer.alloc(0) : end
    return (emit, fail) => piped(lib(end.toString()), body => emit(Buffer.concat([body, kept])), fail)
  },
  'frame-stream' (lib, g) {
    need(g.framing === 'length-field' && g.offset === 0 && g.adjust === 0 && g.signed === '0', 'an unsigned length that counts what follows')
    need(g.endian === 'big' && [1, 2, 4].includes(g.width) && [0, g.width].includes(g.strip), 'a big-endian length of 1, 2 or 4 bytes')
    const head = Buffer.alloc(g.width)
    const whole = body => g.strip ? body : Buffer.concat([head.writeUIntBE(body.length, 0, g.width) && head, body])
    return (emit, fail) => piped((lib.decode ?? lib)({ lengthSize: g.width, maxSize: g.max - g.width }), body => emit(whole(body)), fail)
  },
  jsmodbus (lib, g) {
    need(g.offset === 4 && g.width === 2 && g.strip === 7 && g.adjust === 0, 'PDUs of Modbus TCP only')
    const net = require('net')
    const { Socket } = net
    class Chunks extends EventEmitter { connect () {} } // in the socket's place: the client listens for its 'data'
    let chunks
    return emit => {
      const client = lib.client.tcp.complete({ host: 'none', port: 1, logEnabled: false })
      net.Socket = function () { return (chunks = new Chunks()) }
      client.connect()
      net.Socket = Socket
      client.on('data', emit)
      const socket = chunks
      return { feed: chunk => socket.emit('data', chunk), end: () => {} }
    }
  },
  msgpack5 (lib, g) {
    need(g.framing === 'msgpack', 'MessagePack only')
    return (emit, fail, whole) => {
      const stream = lib().decoder({ header: false, wrap: true })
      const [push, ends] = [stream.push.bind(stream), []]
      let [start, fed] = [0, 0]
      stream.push = value => { // an object's bytes are those that have left the decoder's buffer
        ends.push(fed - stream._chunks.length)
        return push(value)
      }
      stream.on('data', () => emit(whole.subarray(start, start = ends.shift()))).on('error', fail)
      return { feed: chunk => { fed += chunk.length; stream.write(chunk) }, end: () => {} }
    }
  },
  thrift (lib, g) {
    need(g.framing === 'length-field' && g.offset === 0 && g.width === 4 && g.adjust === 0 && g.endian === 'big' && g.strip === 4, 'a frame behind four bytes of length')
    console.log = () => {} // it writes of short reads there
    return emit => ({ feed: lib.TFramedTransport.receiver(transport => emit(transport.inBuf)), end: () => {} })
  }
}
