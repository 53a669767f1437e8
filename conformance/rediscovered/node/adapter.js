// Releases of npm packages behind FWT/1: `adapter.js byline-4.1.1`. See libraries.js.
'use strict'
const path = require('path')
const { createInterface } = require('readline')

const home = path.join(__dirname, '../../.installed/rediscovered/node/node_modules', process.argv[2])
const [, name] = process.argv[2].match(/^(.*)-[^-]*$/)
const library = require(home)
const { version } = require(path.join(home, 'package.json'))

function configure (words) {
  const g = Object.fromEntries(words.map(word => word.split('=')))
  for (const key of ['offset', 'width', 'adjust', 'strip', 'max']) g[key] = Number(g[key])
  if ((g.oversize ?? 'close') !== 'close' || (g.reject ?? 'close') !== 'close') throw new Error('an error ends the stream')
  return require('./libraries.js')[name](library, g)
}

// 'data' may come ticks after the write, so the cases of a line go forward in step, one chunk a turn.
async function decode (make, stream, segs) {
  const cases = segs.map(seg => {
    const cuts = seg.replace('~', '').split(',').filter(cut => cut !== '-').map(Number).concat(stream.length)
    const one = { cuts, fed: 0, events: [], failed: false }
    const emit = body => one.failed || one.events.push(`${one.fed}:${body.toString('hex') || '_'}`)
    const fail = e => {
      const reason = /larger/.test(e.message) ? 'frame-too-large' : 'error'
      if (!one.failed) one.events.push(`${one.fed}!${reason} ${String(e.message).replace(/\s/g, ' ')}`)
      one.failed = true
    }
    one.attempt = act => { try { one.failed || act() } catch (e) { fail(e) } }
    one.attempt(() => { one.decoder = make(emit, fail, stream) })
    return one
  })
  const steps = cases.reduce((most, { cuts }) => Math.max(most, cuts.length), 0)
  for (let step = 0; step <= steps; step++) {
    for (const one of cases) {
      if (step < one.cuts.length) one.attempt(() => one.decoder.feed(stream.subarray(one.fed, one.fed = one.cuts[step])))
      if (step === one.cuts.length) one.attempt(() => one.decoder.end())
    }
    await new Promise(setImmediate)
  }
  return cases.map(one => one.events.concat(one.failed ? [] : '?').join('\t') + '\n').join('')
}

async function main () {
  let served = 0
  let make = null
  for await (const line of createInterface({ input: process.stdin })) {
    const [op, first, ...segs] = line.split(' ')
    if (op === 'fwt') {
      try {
        make = configure(segs)
        process.stdout.write(`fwt 1 name=${name} version=${version} language=javascript emits=frame ops=d checks=framing\n`)
      } catch (e) { process.stdout.write(`skip ${e.message}\n`) }
    } else if (op === 'd') {
      process.stdout.write(await decode(make, Buffer.from(first === '_' ? '' : first, 'hex'), segs))
      served += segs.length
    } else if (op === 'q') return process.stdout.write(`bye ${served}\n`)
  }
}

main().then(() => process.exit(0))
