-- A frame as it is read: its bytes so far, how far they were understood, and what was found. Offsets are from its first byte.
local Reader = {}
Reader.__index = Reader

-- What is left of a counted range, or of the largest frame; nil where the range's length is absent.
function Reader:left(range)
  if not range then
    return self.most - self.pos
  end
  local claim = self.claims[range]
  return claim and claim - self.pos + (self.from[range] or self.pos)
end

-- The same for what must still follow: never less than nothing.
function Reader:rest(range)
  return math.max(self:left(range) or 0, 0)
end

-- All that a length claims, of a range that has not begun.
function Reader:whole(range)
  return math.max(self.claims[range] or 0, 0)
end

-- What a field may take of a range, the bytes behind it set aside.
function Reader:room(range, tail)
  local left = self:left(range)
  return left and left - tail
end

-- Waits until the frame has bytes up to an offset. Without one: for any byte more.
function Reader:need(stop)
  if not stop then
    error({ kind = "need" }, 0)
  elseif self.have < stop then
    error({ kind = "need", bytes = stop - self.have }, 0)
  end
end

-- The frame is refused by the byte before `stop`, or the last that was looked at before. Returns where it is read on all the same, to learn
-- its size. `more`: what is said besides.
function Reader:refuse(class, stop, cause, more)
  local at = math.max(self.offset + math.max(stop, self.looked), 1) - 1
  local refusal = { kind = "refused", class = class, at = at, cause = cause, start = self.pos }
  refusal.more = more or ""
  if not self.muted then
    self.refusal = refusal
  end
  if not self:reads_on(refusal) then
    error(refusal, 0)
  end
  self.muted = true
  self:over()
end

-- A refused frame is over as soon as its size is known.
function Reader:over()
  if self.muted and self.size then
    self.pos = self.size
    error({ kind = "done" }, 0)
  end
end

-- A value is there. `shown` is what Wireshark is given, where that is not the value.
function Reader:set(name, start, stop, value, shown)
  self.v[name] = value
  self.last, self.there[name] = { start, stop }, start
  local field = fields[name]
  if field then
    table.insert(self.found, { field = field, name = name, start = start, size = stop - start, value = shown or value })
  end
end

-- A value that stands in no bytes of its own.
function Reader:tell(name, at, value)
  self:set(name, at, at, value)
  self.found[#self.found].generated = true
end

-- A value of the session, with which the frame begins.
function Reader:carry(name)
  self:tell(name, 0, self.session[name])
end

-- Bytes as a number, for up to six of them.
local function unsigned(data, first, count, little)
  local value = 0
  for index = 0, count - 1 do
    value = value * 256 + data:byte(little and first + count - 1 - index or first + index)
  end
  return value
end

-- Seven or eight bytes.
local function wide(data, first, count, little, signed)
  local low = unsigned(data, little and first or first + count - 4, 4, little)
  local high = unsigned(data, little and first + 4 or first, count - 4, little)
  if not signed then
    return UInt64.new(low, high)
  end
  if count == 7 and high >= 0x800000 then
    high = high + 0xff000000
  end
  return Int64.new(low, high)
end

-- The value of an integer of `count` bytes that have come.
function Reader:integer(start, count, little, signed)
  local first = self.base + start + 1
  if count > 6 then
    return wide(self.data, first, count, little, signed)
  end
  local value = unsigned(self.data, first, count, little)
  if signed and value >= 2 ^ (8 * count - 1) then
    return value - 2 ^ (8 * count)
  end
  return value
end

function Reader:int(name, count, little, signed)
  local start = self:take(count)
  self:set(name, start, self.pos, self:integer(start, count, little, signed))
end

-- A bit group. Each part: its name, how far it lies above the lowest bit, its width. Of small groups Wireshark takes the parts itself.
function Reader:bits(count, little, parts)
  local start = self:take(count)
  local group = self:integer(start, count, little, false)
  for _, part in ipairs(parts) do
    local name, shift, width = part[1], part[2], part[3]
    local value
    if count > 6 then
      value = group:lshift(64 - shift - width):rshift(64 - width)
      value = width <= 53 and value:tonumber() or value
    else
      value = math.floor(group / 2 ^ shift) % 2 ^ width
    end
    self:set(name, start, self.pos, value, count <= 4 and group or nil)
  end
end

-- Judged byte by byte.
function Reader:const(name, bytes, value, decides_size)
  local start, stop = self.pos, self.pos + #bytes
  if not self.muted then
    for index = 1, math.min(#bytes, self.have - start) do
      if self.data:byte(self.base + start + index) ~= bytes:byte(index) then
        self:refuse("bad-const", start + index, decides_size and "size-deciding" or "value")
        break
      end
    end
    if not self.muted and self.have < stop then
      self:need()
    end
  end
  self:take(#bytes)
  self:set(name, start, stop, value)
end

-- The next bytes, once they are all there: their offset.
function Reader:take(count)
  local start = self.pos
  self:need(start + count)
  self.pos = start + count
  return start
end

function Reader:bytes(name, count)
  local start = self:take(math.max(count, 0))
  self:set(name, start, self.pos)
end

-- What a length leaves. A fit before has made sure that it is not negative.
function Reader:counted(name, range, tail)
  self:bytes(name, self:room(range, tail) or 0)
end

-- The occurrence of a delimiter that ends first, of two that end at the same byte the longer: one past it, and its size.
local function find_delimiter(data, from, delimiters)
  local best, size
  for _, delimiter in ipairs(delimiters) do
    local _, last = data:find(delimiter, from, true)
    if last and (not best or last < best or last == best and #delimiter > size) then
      best, size = last, #delimiter
    end
  end
  return best, size
end

-- Goes behind a delimiter, and gives its size. The reject of one that is missing is the last byte at which the longest could have ended.
function Reader:behind(delimiters, max, room)
  local start, longest = self.pos, 0
  for _, delimiter in ipairs(delimiters) do
    longest = math.max(longest, #delimiter)
  end
  local goal = start + math.min(math.max(room or math.huge, 0), max and max + longest or math.huge)
  local last, size = find_delimiter(self.data, self.base + start + 1, delimiters)
  local stop = last and last - self.base
  if stop and stop <= goal then
    if max and stop - size - start > max then
      self:refuse("delimiter-too-far", stop, "size")
    end
    self.pos = stop
    return size
  end
  if self.have >= goal then
    self:refuse("delimiter-too-far", goal, "size")
  end
  self:need()
end

function Reader:delimited(name, delimiters, kept, max, room)
  local start = self.pos
  local size = self:behind(delimiters, max, room)
  self:set(name, start, kept and self.pos or self.pos - size)
end

-- The number of a text in a list, from 0 on; how many there are where it is not among them.
local function number_of(text, texts)
  for index, each in ipairs(texts) do
    if each == text then
      return index - 1
    end
  end
  return #texts
end

-- Which of the texts comes next, of those that a range has room for. Nothing is taken. `others`: that it is none of them passes too.
function Reader:peek(name, texts, others, range, decides_size)
  local room, open, size = self:rest(range), {}, 0
  for _, text in ipairs(texts) do
    if #text <= room then
      table.insert(open, text)
    end
  end
  while #open > 0 and #open[1] > size do
    size = size + 1
    self:need(self.pos + size)
    local come, longer = self.data:sub(self.base + self.pos + 1, self.base + self.pos + size), {}
    for _, text in ipairs(open) do
      if text:sub(1, size) == come then
        table.insert(longer, text)
      end
    end
    open = longer
  end
  self.looked = math.max(self.looked, self.pos + size)
  local value = number_of(open[1], texts)
  self:accept(others or value < #texts, "bad-enum", decides_size)
  self:tell(name, self.pos, value)
end

-- Which of the texts comes first. Nothing is taken.
function Reader:peek_until(name, texts, max, range)
  local start = self.pos
  local size = self:behind(texts, max, self:rest(range))
  local found = self.data:sub(self.base + self.pos - size + 1, self.base + self.pos)
  self.looked, self.pos = math.max(self.looked, self.pos), start
  self:tell(name, start, number_of(found, texts))
end

-- What follows the first byte of a MessagePack object: bytes of its size, bytes besides, objects inside for each unit of the size, the size.
local function msgpack_head(byte)
  if byte < 0x80 or byte >= 0xe0 then
    return 0, 0, 0, 0
  elseif byte < 0x90 then
    return 0, 0, 2, byte % 16
  elseif byte < 0xa0 then
    return 0, 0, 1, byte % 16
  elseif byte < 0xc0 then
    return 0, 0, 0, byte % 32
  end
  local heads = {
    [0xc0] = { 0, 0, 0 }, [0xc2] = { 0, 0, 0 }, [0xc3] = { 0, 0, 0 },
    [0xc4] = { 1, 0, 0 }, [0xc5] = { 2, 0, 0 }, [0xc6] = { 4, 0, 0 },
    [0xc7] = { 1, 1, 0 }, [0xc8] = { 2, 1, 0 }, [0xc9] = { 4, 1, 0 },
    [0xca] = { 0, 4, 0 }, [0xcb] = { 0, 8, 0 },
    [0xcc] = { 0, 1, 0 }, [0xcd] = { 0, 2, 0 }, [0xce] = { 0, 4, 0 }, [0xcf] = { 0, 8, 0 },
    [0xd0] = { 0, 1, 0 }, [0xd1] = { 0, 2, 0 }, [0xd2] = { 0, 4, 0 }, [0xd3] = { 0, 8, 0 },
    [0xd4] = { 0, 2, 0 }, [0xd5] = { 0, 3, 0 }, [0xd6] = { 0, 5, 0 }, [0xd7] = { 0, 9, 0 }, [0xd8] = { 0, 17, 0 },
    [0xd9] = { 1, 0, 0 }, [0xda] = { 2, 0, 0 }, [0xdb] = { 4, 0, 0 },
    [0xdc] = { 2, 0, 1 }, [0xdd] = { 4, 0, 1 }, [0xde] = { 2, 0, 2 }, [0xdf] = { 4, 0, 2 },
  }
  local head = heads[byte]
  if head then
    return head[1], head[2], head[3], 0
  end
end

-- One MessagePack object. No object inside is begun that the room cannot hold with all that must still follow.
function Reader:msgpack(name, class, room)
  local start, at, pending = self.pos, self.pos, 1
  local function holds(stop, bytes)
    if room and stop - start + bytes > room then
      self:refuse(class, stop, "size")
    end
  end
  holds(start, 1)
  while pending > 0 do
    self:need(at + 1)
    local size_bytes, more, per_unit, size = msgpack_head(self.data:byte(self.base + at + 1))
    at = at + 1
    if not size_bytes then
      self:refuse("bad-body", at, "size")
    end
    holds(at, size_bytes + more + pending - 1)
    self:need(at + size_bytes)
    size = size_bytes > 0 and unsigned(self.data, self.base + at + 1, size_bytes) or size
    at = at + size_bytes
    local payload = per_unit > 0 and more or more + size
    pending = pending - 1 + size * per_unit
    holds(at, payload + pending)
    at = at + payload
  end
  self:take(at - start)
  self:set(name, start, at)
end

-- Frames inside the frame, read as it is. One inside tells how many it has, and they are read by the one around them all; `inside` of what
-- was found are the first of them, as many as are shown.
function Reader:frames(name, times, deep, read_frame)
  self.times = times
  if times < 1 then
    self:set(name, self.pos, self.pos)
  end
  if self.offset > 0 then
    return
  end
  local at, open, all, shown = self.pos, {}, 0, 0
  local function refuse(class)
    self.pos = at
    self:refuse(class, at, "size")
  end
  local function enter(around)
    if around.times > 0 then
      if #open == deep then
        refuse("bad-body")
      end
      table.insert(open, { around = around, left = around.times, inside = {} })
      all = all + around.times
    end
    if at + all * MIN_FRAME > MAX_FRAME then
      refuse("frame-too-large")
    end
  end
  enter(self)
  while #open > 0 do
    local level = open[#open]
    if level.left == 0 then
      local around = table.remove(open).around
      local start = around.pos
      around.pos = at - around.offset
      around:set(name, start, around.pos)
      around.found[#around.found].inside = level.inside
    else
      level.left, all = level.left - 1, all - 1
      local inner = Reader.new(self.data, self.base + at, at, MAX_FRAME - at - all * MIN_FRAME)
      local read, why = pcall(read_frame, inner)
      if not read then
        -- Those behind it have to come as well.
        if why.kind == "need" then
          why.bytes = (why.bytes or 1) + all * MIN_FRAME
        end
        self.refusal = inner.refusal
        error(why, 0)
      end
      at, shown = at + inner.pos, shown + 1
      if shown <= MOST_SHOWN then
        table.insert(level.inside, inner)
      end
      enter(inner)
    end
  end
end

-- Padding up to the next multiple of `to`.
function Reader:align(to, class, room)
  local count = (to - self.pos % to) % to
  if room and count > room then
    self:refuse(class, self.pos, "size")
  end
  self:take(count)
end

-- A counted range begins here.
function Reader:open(range)
  self.from[range] = self.pos
end

-- A length was read: so many bytes are counted.
function Reader:claim(range, bytes)
  self.claims[range] = bytes
  if bytes < 0 then
    self:refuse("length-too-small", self.pos, "size")
  end
end

-- What is known now must fit into what a range leaves.
function Reader:fit_range(range, tail, exact)
  local room = self:room(range, tail)
  if room and room < 0 then
    self:refuse("length-too-small", self.pos, "size")
  elseif room and exact and room > 0 then
    self:refuse("out-of-range", self.pos, "size")
  end
end

-- What is known now must fit into the largest frame. `exact`: its whole size is known.
function Reader:fit_frame(tail, exact)
  if exact then
    self.size = self.pos + tail
  end
  if self:room(nil, tail) < 0 then
    self:refuse("frame-too-large", self.pos, "fit")
  end
  self:over()
end

-- What a value must be. `decides_size`: the frame's size hangs on it.
function Reader:accept(passes, class, decides_size)
  if not passes and not self.muted then
    self:refuse(class, self.pos, decides_size and "size-deciding" or "value")
  end
end

-- An integer that was read in pieces, some of which are there.
function Reader:whole_of(name, value, pieces)
  local start = self.pos
  for _, piece in ipairs(pieces) do
    start = math.min(start, self.there[piece] or start)
  end
  self:set(name, start, self.pos, value)
end

-- Digits, which were just read as bytes, and the integer that they make. `value` is 0 in what holds it.
function Reader:decimal(name, most, signed, minimal, value, decides_size)
  local text = self:text()
  local digits = signed and text:match("^%-(.*)$") or text
  local good = digits:match("^[0-9]+$") and #digits <= most
  if good then
    for index = 1, #digits do
      value = value * 10 + (digits:byte(index) - 48)
    end
    value = digits == text and value or -value
  end
  self.v[name] = value
  if fields[name] then
    self.found[#self.found].value = value
  end
  if not good then
    if not self.muted or decides_size then
      self:refuse("bad-body", self.pos, self.muted and "size" or decides_size and "size-deciding" or "value")
    end
  elseif minimal and digits:match("^0.") or minimal and digits == "0" and digits ~= text then
    self:accept(false, "non-minimal", decides_size)
  end
end

-- A place that checksums name.
function Reader:mark(number)
  self.marks[number] = self.pos
end

-- The bytes from one mark to another.
function Reader:part(from, to)
  return self.data:sub(self.base + self.marks[from] + 1, self.base + self.marks[to])
end

-- A checksum of bytes, and what the frame has instead: a number. `format` shows either.
function Reader:sum(algorithm, bytes, found, format)
  local right = self.muted and found or algorithm(bytes)
  if right ~= found then
    local more = string.format(": " .. format .. ", should be " .. format, found, right)
    self:refuse("bad-checksum", self.pos, "value", more)
  end
end

-- The same of a digest, of which the frame has the first `size` bytes in a field.
function Reader:digest(algorithm, bytes, name, size)
  local start = self.base + self.there[name]
  local found = self.data:sub(start + 1, start + size)
  local right = self.muted and found or algorithm(bytes):sub(1, size)
  if right ~= found then
    local format = ("%02x"):rep(size)
    local more = string.format(": " .. format, found:byte(1, size)) .. string.format(", should be " .. format, right:byte(1, size))
    self:refuse("bad-checksum", self.pos, "value", more)
  end
end

-- The bytes of the field that was read last: its value, where it was masked.
function Reader:text()
  return self.last[3] or self.data:sub(self.base + self.last[1] + 1, self.base + self.last[2])
end

-- The same bytes, each combined by exclusive or with one of a key's in turn.
local function xor_with(text, key)
  local bytes = {}
  for index = 1, #text do
    bytes[index] = string.char(bit.bxor(text:byte(index), key:byte((index - 1) % #key + 1)))
  end
  return table.concat(bytes)
end

-- The field that was read last is masked with another of so many bytes, if that is there.
function Reader:unmask(key, size)
  local from = self.there[key]
  if from and not self.muted then
    from = self.base + from
    self.last[3] = xor_with(self:text(), self.data:sub(from + 1, from + size))
    self.found[#self.found].unmasked = self.last[3]
  end
end

-- Neither overlong, nor a surrogate, nor behind U+10FFFF.
local function is_utf8(text)
  local at = 1
  while true do
    at = text:find("[\128-\255]", at)
    if not at then
      return true
    end
    local first, second = text:byte(at, at + 1)
    local count = first < 0xc2 and 0 or first < 0xe0 and 1 or first < 0xf0 and 2 or first < 0xf5 and 3 or 0
    local least = first == 0xe0 and 0xa0 or first == 0xf0 and 0x90 or 0x80
    local most = first == 0xed and 0x9f or first == 0xf4 and 0x8f or 0xbf
    if count == 0 or not second or second < least or second > most then
      return false
    end
    if not text:find("^" .. ("[\128-\191]"):rep(count - 1), at + 2) then
      return false
    end
    at = at + count + 1
  end
end

-- One text of RFC 8259, at most 128 deep.
local function is_json(text)
  local at, open = 1, {}
  local function blank()
    at = text:find("[^ \t\r\n]", at) or #text + 1
  end
  local function word(pattern)
    local _, last = text:find("^" .. pattern, at)
    at = last and last + 1 or at
    return last ~= nil
  end
  local function quoted()
    if not word('"') then
      return false
    end
    while true do
      at = text:find('["\\\0-\31]', at)
      if not at then
        return false
      elseif word('"') then
        return true
      elseif not word('\\["\\/bfnrt]') and not word("\\u%x%x%x%x") then
        return false
      end
    end
  end
  local function number()
    word("-")
    if not word("0") and not word("[1-9]%d*") then
      return false
    end
    return (not word("%.") or word("%d+")) and (not word("[eE]") or word("[+-]?%d+"))
  end
  local function key()
    blank()
    if not quoted() then
      return false
    end
    blank()
    return word(":")
  end
  if not is_utf8(text) then
    return false
  end
  while true do
    blank()
    local over = true
    if word("[%[{]") then
      table.insert(open, text:sub(at - 1, at - 1) == "{" and "}" or "]")
      blank()
      over = text:sub(at, at) == open[#open]
      if #open > 128 or not over and open[#open] == "}" and not key() then
        return false
      end
    elseif not (word("true") or word("false") or word("null") or quoted() or number()) then
      return false
    end
    while over do
      blank()
      if #open == 0 then
        return at > #text
      elseif text:sub(at, at) == open[#open] then
        table.remove(open)
        at = at + 1
      elseif not word(",") or open[#open] == "}" and not key() then
        return false
      else
        over = false
      end
    end
  end
end

-- Exactly one MessagePack object.
local function is_msgpack(text)
  local at, pending = 1, 1
  while pending > 0 do
    local size_bytes, more, per_unit, size = msgpack_head(text:byte(at) or 0xc1)
    if not size_bytes or #text < at + size_bytes then
      return false
    end
    size = size_bytes > 0 and unsigned(text, at + 1, size_bytes) or size
    at = at + 1 + size_bytes + more + (per_unit > 0 and 0 or size)
    pending = pending - 1 + size * per_unit
    if at > #text + 1 then
      return false
    end
  end
  return at == #text + 1
end

local function is_raw()
  return true
end

-- Division and remainder truncate towards zero.
local function div(a, b)
  return (a - math.fmod(a, b)) / b
end

local function rem(a, b)
  return math.fmod(a, b)
end

-- Bits of numbers of up to 53 bits; negative ones are taken in two's complement.
local function band(a, b)
  return Int64.new(a):band(Int64.new(b)):tonumber()
end

local function bor(a, b)
  return Int64.new(a):bor(Int64.new(b)):tonumber()
end

local function bxor(a, b)
  return Int64.new(a):bxor(Int64.new(b)):tonumber()
end

-- What a condition counts as.
local function truth(condition)
  return condition and 1 or 0
end
