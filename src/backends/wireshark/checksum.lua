-- A cyclic redundancy check by its table of 256 words. A reflected register is the lowest bits of 32, any other the highest; `spare` are those
-- that it does not have. Wireshark has the library `bit` whatever its Lua is; numbers that it gives are signed.
local function crc_of(reflected, spare, start, xorout, words)
  local AND, XOR, SHL, SHR = bit.band, bit.bxor, bit.lshift, bit.rshift
  return function(text)
    local register = start
    for index = 1, #text do
      if reflected then
        register = XOR(SHR(register, 8), words[AND(XOR(register, text:byte(index)), 255) + 1])
      else
        register = XOR(SHL(register, 8), words[XOR(SHR(register, 24), text:byte(index)) + 1])
      end
    end
    return XOR(reflected and register or SHR(register, spare), xorout) % 0x100000000
  end
end

-- The low 8 bits of the sum of all bytes.
local function sum8_of(text)
  local sum = 0
  for index = 1, #text do
    sum = (sum + text:byte(index)) % 256
  end
  return sum
end

-- All bytes, joined by exclusive or.
local function xor8_of(text)
  local joined = 0
  for index = 1, #text do
    joined = bit.bxor(joined, text:byte(index))
  end
  return joined
end

-- SHA-256 (FIPS 180-4): 32 bytes.
local SHA256_WORDS = {
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
}
local function sha256_of(text)
  local AND, NOT, XOR, ROR, SHR, tobit = bit.band, bit.bnot, bit.bxor, bit.ror, bit.rshift, bit.tobit
  local state = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
  }
  local function bytes_of(number)
    return string.char(SHR(number, 24), AND(SHR(number, 16), 255), AND(SHR(number, 8), 255), AND(number, 255))
  end
  local size = bytes_of(math.floor(#text / 2 ^ 29)) .. bytes_of(#text * 8 % 2 ^ 32)
  local padded, words = text .. "\128" .. ("\0"):rep((-#text - 9) % 64) .. size, {}
  for first = 1, #padded, 64 do
    for index = 1, 16 do
      local one, two, three, four = padded:byte(first + 4 * index - 4, first + 4 * index - 1)
      words[index] = one * 0x1000000 + two * 0x10000 + three * 0x100 + four
    end
    for index = 17, 64 do
      local early, late = words[index - 15], words[index - 2]
      early = XOR(ROR(early, 7), ROR(early, 18), SHR(early, 3))
      late = XOR(ROR(late, 17), ROR(late, 19), SHR(late, 10))
      words[index] = tobit(words[index - 16] + early + words[index - 7] + late)
    end
    local a, b, c, d, e, f, g, h = table.unpack(state)
    for index = 1, 64 do
      local chosen = XOR(AND(e, f), AND(NOT(e), g))
      local most = XOR(AND(a, b), AND(a, c), AND(b, c))
      local one = h + XOR(ROR(e, 6), ROR(e, 11), ROR(e, 25)) + chosen + SHA256_WORDS[index] + words[index]
      local two = XOR(ROR(a, 2), ROR(a, 13), ROR(a, 22)) + most
      a, b, c, d, e, f, g, h = tobit(one + two), a, b, c, tobit(d + one), e, f, g
    end
    for index, word in ipairs({ a, b, c, d, e, f, g, h }) do
      state[index] = tobit(state[index] + word)
    end
  end
  local digest = {}
  for index, word in ipairs(state) do
    digest[index] = bytes_of(word)
  end
  return table.concat(digest)
end

-- SHA-256 of the SHA-256.
local function sha256d_of(text)
  return sha256_of(sha256_of(text))
end
