# CRC-32 and a xorshift generator: the arithmetic of device models
fn crc_table() {
    let table = []
    for n in 0..256 {
        let mut c = n
        for k in 0..8 { if (c & 1) == 1 { c = 0xEDB88320 ^ (c >> 1) } else { c = c >> 1 } }
        table.push(c)
    }
    return table
}
fn crc(table, data) {
    let mut c = 0xFFFFFFFF
    for byte in data { c = table[(c ^ byte) & 0xFF] ^ (c >> 8) }
    return c ^ 0xFFFFFFFF
}
table = crc_table()
x = 2463534242
data = []
for i in 0..500000 {
    x ^= (x << 13) & 0xFFFFFFFF
    x ^= x >> 17
    x ^= (x << 5) & 0xFFFFFFFF
    data.push(x & 0xFF)
}
print(crc(table, data), crc(table, [1, 2, 3]))
