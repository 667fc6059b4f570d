"""A TPM 2.0 in software: PCR banks, non-volatile storage, handles, and the commands on them (TCG TPM 2.0 Library, part 3).

A TPM2_Device computes what it is asked by a script. This build attaches no TPM to a guest: `.with_tpm()` is refused when it is built.
SHA-256 is computed here; other algorithms are refused when they are used."""
import vm_core

# Command codes (part 2, table 12)
const TPM_CMD_NV_UNDEFINE_SPACE = 0x122
const TPM_CMD_CLEAR = 0x126
const TPM_CMD_NV_DEFINE_SPACE = 0x12A
const TPM_CMD_PCR_ALLOCATE = 0x12B
const TPM_CMD_CREATE_PRIMARY = 0x131
const TPM_CMD_NV_WRITE = 0x137
const TPM_CMD_PCR_RESET = 0x13D
const TPM_CMD_SEQUENCE_COMPLETE = 0x13E
const TPM_CMD_SELF_TEST = 0x143
const TPM_CMD_STARTUP = 0x144
const TPM_CMD_SHUTDOWN = 0x145
const TPM_CMD_STIR_RANDOM = 0x146
const TPM_CMD_NV_READ = 0x14E
const TPM_CMD_CREATE = 0x153
const TPM_CMD_LOAD = 0x157
const TPM_CMD_QUOTE = 0x158
const TPM_CMD_SIGN = 0x15D
const TPM_CMD_UNSEAL = 0x15E
const TPM_CMD_SEQUENCE_UPDATE = 0x15C
const TPM_CMD_FLUSH_CONTEXT = 0x165
const TPM_CMD_NV_READ_PUBLIC = 0x169
const TPM_CMD_READ_PUBLIC = 0x173
const TPM_CMD_GET_CAPABILITY = 0x17A
const TPM_CMD_GET_RANDOM = 0x17B
const TPM_CMD_HASH = 0x17D
const TPM_CMD_PCR_READ = 0x17E
const TPM_CMD_PCR_EXTEND = 0x182
const TPM_CMD_SEQUENCE_START = 0x186

# Response codes (part 2, table 16)
const TPM_RC_SUCCESS = 0x000
const TPM_RC_INITIALIZE = 0x100
const TPM_RC_COMMAND_CODE = 0x143
const TPM_RC_NV_RANGE = 0x146
const TPM_RC_NV_DEFINED = 0x14C
const TPM_RC_VALUE = 0x084
const TPM_RC_HASH = 0x083
const TPM_RC_HANDLE = 0x08B

# Algorithms (part 2, table 9), and the sizes of their digests
const TPM_ALG_SHA256 = 0x00B
const TPM_ALG_SHA384 = 0x00C
const TPM_ALG_SHA512 = 0x00D
const TPM_ALGORITHMS = {
    "sha256": TPM_ALG_SHA256, "sha384": TPM_ALG_SHA384, "sha512": TPM_ALG_SHA512
}
const TPM_DIGEST_BYTES = {"sha256": 32, "sha384": 48, "sha512": 64}
const TPM_PCR_COUNT = 24
const TPM_NV_INDEX_FIRST = 0x1000000
const TPM_NV_INDEX_LAST = 0x1FFFFFF

class TPMError {
    """What a command throws that the TPM refuses."""
    code: int
    message: string
}

class TPM2_PCRBank {
    """24 registers of one algorithm, which can only be extended."""
    algorithm: string = "sha256"
    registers: array<array<int>> = []

    fn init(self, algorithm: string = "sha256") {
        if !TPM_DIGEST_BYTES.has(algorithm) {
            throw TPMError(TPM_RC_HASH, "a TPM has no algorithm `${algorithm}`")
        }
        self.algorithm = algorithm
        for index in 0..TPM_PCR_COUNT { self.registers.push(self._reset_value(index)) }
    }
    fn _reset_value(self, index: int) -> array<int> {
        # PCR 17 to 22 begin with all ones (PC Client Platform TPM Profile, section 4.6.2)
        let mut fill = 0
        if index >= 17 && index <= 22 { fill = 0xFF }
        return array(TPM_DIGEST_BYTES[self.algorithm], fill)
    }
    fn _check(self, index: int) {
        if index < 0 || index >= TPM_PCR_COUNT {
            throw TPMError(TPM_RC_VALUE, "a TPM has PCR 0 to 23, not ${index}")
        }
    }
    fn read(self, index: int) -> array<int> {
        self._check(index)
        return copy(self.registers[index])
    }
    fn extend(self, index: int, digest: array<int>) -> array<int> {
        """The register becomes the hash of itself and the digest."""
        self._check(index)
        if len(digest) != TPM_DIGEST_BYTES[self.algorithm] {
            throw TPMError(
                TPM_RC_VALUE,
                "a ${self.algorithm} digest has ${TPM_DIGEST_BYTES[self.algorithm]} bytes",
            )
        }
        if self.algorithm != "sha256" {
            __capability("hash algorithm ${self.algorithm} in scripts")
        }
        self.registers[index] = sha256(copy(self.registers[index]).extend(digest))
        return self.read(index)
    }
    fn reset(self, index: int) {
        """PCR 16 and 23 can be reset by anyone."""
        self._check(index)
        if index != 16 && index != 23 {
            throw TPMError(TPM_RC_VALUE, "PCR ${index} cannot be reset")
        }
        self.registers[index] = self._reset_value(index)
    }
}

class TPM2_NVStorage {
    """Memory that outlives a reset, by index."""
    spaces: map<int, array<int>> = {}
    capacity: int = 16384
    used: int = 0

    fn define(self, index: int, size: int) {
        if index < TPM_NV_INDEX_FIRST || index > TPM_NV_INDEX_LAST {
            throw TPMError(TPM_RC_VALUE, "${hex(index)} is no NV index")
        }
        if self.spaces.has(index) {
            throw TPMError(TPM_RC_NV_DEFINED, "${hex(index)} is defined already")
        }
        if self.used + size > self.capacity {
            throw TPMError(TPM_RC_NV_RANGE, "there is no room for ${size} bytes")
        }
        self.spaces[index] = array(size, 0)
        self.used += size
    }
    fn undefine(self, index: int) {
        self.used -= len(self._space(index))
        self.spaces.remove(index)
    }
    fn _space(self, index: int) -> array<int> {
        if !self.spaces.has(index) {
            throw TPMError(TPM_RC_HANDLE, "NV index ${hex(index)} is not defined")
        }
        return self.spaces[index]
    }
    fn write(self, index: int, data: array<int>, offset: int = 0) {
        let space = self._space(index)
        if offset < 0 || offset + len(data) > len(space) {
            throw TPMError(TPM_RC_NV_RANGE, "${hex(index)} has ${len(space)} bytes")
        }
        for i, byte in data { space[offset + i] = byte & 0xFF }
    }
    fn read(self, index: int, size: int? = null, offset: int = 0) -> array<int> {
        let space = self._space(index)
        let wanted = size ?? len(space) - offset
        if offset < 0 || offset + wanted > len(space) {
            throw TPMError(TPM_RC_NV_RANGE, "${hex(index)} has ${len(space)} bytes")
        }
        return space[offset:offset + wanted]
    }
}

class TPM2_HandleManager {
    """Handles of objects that are loaded."""
    objects: map<int, any> = {}
    next: int = 0x80000000

    fn allocate(self, object) -> int {
        let handle = self.next
        self.next += 1
        self.objects[handle] = object
        return handle
    }
    fn get(self, handle: int) {
        if !self.objects.has(handle) {
            throw TPMError(TPM_RC_HANDLE, "no object has handle ${hex(handle)}")
        }
        return self.objects[handle]
    }
    fn flush(self, handle: int) -> bool { return self.objects.remove(handle) }
}

class TPM2_Device {
    """The TPM: what each command does."""
    vm: vm_core.Machine? = null
    banks: map<string, TPM2_PCRBank> = {}
    nv: TPM2_NVStorage? = null
    handles: TPM2_HandleManager? = null
    started: bool = true
    commands: map<int, fn(map<string, any>) -> any> = {}

    fn init(self, vm: vm_core.Machine? = null) {
        self.vm = vm
        for algorithm in TPM_ALGORITHMS { self.banks[algorithm] = TPM2_PCRBank(algorithm) }
        self.nv = TPM2_NVStorage()
        self.handles = TPM2_HandleManager()
        self._add_commands()
    }
    fn _add_commands(self) {
        self.commands = {
            (TPM_CMD_STARTUP): fn(p) { self.started = true },
            (TPM_CMD_SHUTDOWN): fn(p) { self.started = false },
            (TPM_CMD_SELF_TEST): fn(p) { return TPM_RC_SUCCESS },
            (TPM_CMD_PCR_EXTEND): fn(p) {
                return self._bank(p).extend(p.pcr_index, _bytes(p.value))
            },
            (TPM_CMD_PCR_READ): fn(p) { return self._bank(p).read(p.pcr_index) },
            (TPM_CMD_PCR_RESET): fn(p) { return self._bank(p).reset(p.pcr_index) },
            (TPM_CMD_NV_DEFINE_SPACE): fn(p) { return self.nv.define(p.index, p.size) },
            (TPM_CMD_NV_UNDEFINE_SPACE): fn(p) { return self.nv.undefine(p.index) },
            (TPM_CMD_NV_WRITE): fn(p) {
                return self._write(p.index, _bytes(p.data), p.get("offset", 0))
            },
            (TPM_CMD_NV_READ): fn(p) {
                return self.nv.read(p.index, p.get("size"), p.get("offset", 0))
            },
            (TPM_CMD_NV_READ_PUBLIC): fn(p) {
                return {index: p.index, size: len(self.nv.read(p.index))}
            },
            (TPM_CMD_HASH): fn(p) { return sha256(_bytes(p.data)) },
            (TPM_CMD_SEQUENCE_START): fn(p) { return self.handles.allocate([]) },
            (TPM_CMD_SEQUENCE_UPDATE): fn(p) { self.handles.get(p.handle).extend(_bytes(p.data)) },
            (TPM_CMD_SEQUENCE_COMPLETE): fn(p) { return self._complete(p.handle) },
            (TPM_CMD_FLUSH_CONTEXT): fn(p) { return self.handles.flush(p.handle) },
            (TPM_CMD_GET_CAPABILITY): fn(p) {
                return {
                    pcrs: TPM_PCR_COUNT,
                    algorithms: TPM_ALGORITHMS.keys(),
                    commands: sorted(self.commands.keys()),
                }
            },
        }
    }
    fn execute_command(self, command: int, parameters: map<string, any> = {}) {
        """What the command gives. Throws a TPMError where the TPM refuses; commands that need keys or random numbers are not in this build."""
        if !self.started && command != TPM_CMD_STARTUP {
            throw TPMError(TPM_RC_INITIALIZE, "the TPM is not started")
        }
        let run = self.commands.get(command)
        if run == null { __capability("TPM command ${hex(command)}") }
        return run(parameters)
    }
    fn _bank(self, parameters) -> TPM2_PCRBank {
        let algorithm = parameters.get("hash", "sha256")
        if !self.banks.has(algorithm) {
            throw TPMError(TPM_RC_HASH, "a TPM has no algorithm `${algorithm}`")
        }
        return self.banks[algorithm]
    }
    fn _write(self, index: int, data: array<int>, offset: int) {
        # The classic command defines the index where nobody has
        if !self.nv.spaces.has(index) { self.nv.define(index, offset + len(data)) }
        self.nv.write(index, data, offset)
    }
    fn _complete(self, handle: int) -> array<int> {
        let digest = sha256(self.handles.get(handle))
        self.handles.flush(handle)
        return digest
    }
}

fn _bytes(data) -> array<int> {
    if type(data) == "string" { return [ord(c) & 0xFF for c in data.chars()] }
    return data
}

# ---- SHA-256 (FIPS 180-4)
const _K = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
]
const _MASK = 0xFFFFFFFF

fn _rotate(x: int, n: int) -> int { return (x >> n | x << (32 - n)) & _MASK }

fn _schedule(block) {
    let w = []
    for i in 0..16 {
        w.push(
            block[4 * i] << 24 | block[4 * i + 1] << 16 | block[4 * i + 2] << 8 | block[4 * i + 3],
        )
    }
    for i in 16..64 {
        let a = w[i - 15]
        let b = w[i - 2]
        let s0 = _rotate(a, 7) ^ _rotate(a, 18) ^ (a >> 3)
        let s1 = _rotate(b, 17) ^ _rotate(b, 19) ^ (b >> 10)
        w.push((w[i - 16] + s0 + w[i - 7] + s1) & _MASK)
    }
    return w
}

fn _compress(state, block) {
    let w = _schedule(block)
    let mut v = copy(state)
    for i in 0..64 {
        let e = v[4]
        let a = v[0]
        let s1 = _rotate(e, 6) ^ _rotate(e, 11) ^ _rotate(e, 25)
        let t1 = v[7] + s1 + ((e & v[5]) ^ (~e & _MASK & v[6])) + _K[i] + w[i]
        let s0 = _rotate(a, 2) ^ _rotate(a, 13) ^ _rotate(a, 22)
        let t2 = s0 + ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]))
        v = [(t1 + t2) & _MASK, a, v[1], v[2], (v[3] + t1) & _MASK, e, v[5], v[6]]
    }
    return [(state[i] + v[i]) & _MASK for i in 0..8]
}

fn sha256(data: array<int>) -> array<int> {
    """The 32 bytes of the digest."""
    let message = copy(data)
    let bits = len(data) * 8
    message.push(0x80)
    while len(message) % 64 != 56 { message.push(0) }
    for i in 0..8 { message.push(bits >> (56 - 8 * i) & 0xFF) }
    let mut state = [
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab,
        0x5be0cd19
    ]
    for (start = 0; start < len(message); start += 64) {
        state = _compress(state, message[start:start + 64])
    }
    let digest = []
    for word in state {
        digest.extend([word >> 24 & 0xFF, word >> 16 & 0xFF, word >> 8 & 0xFF, word & 0xFF])
    }
    return digest
}
fn hex_text(bytes: array<int>) -> string {
    """Bytes as hexadecimal digits."""
    return ["${byte:02x}" for byte in bytes].join()
}
