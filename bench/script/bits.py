# CRC-32 and a xorshift generator: the arithmetic of device models
def crc_table():
    table = []
    for n in range(0, 256):
        c = n
        for k in range(0, 8):
            if (c & 1) == 1:
                c = 0xEDB88320 ^ (c >> 1)
            else:
                c = c >> 1
        table.append(c)
    return table


def crc(table, data):
    c = 0xFFFFFFFF
    for byte in data:
        c = table[(c ^ byte) & 0xFF] ^ (c >> 8)
    return c ^ 0xFFFFFFFF


table = crc_table()
x = 2463534242
data = []
for i in range(0, 500000):
    x ^= (x << 13) & 0xFFFFFFFF
    x ^= x >> 17
    x ^= (x << 5) & 0xFFFFFFFF
    data.append(x & 0xFF)
print(crc(table, data), crc(table, [1, 2, 3]))
