# Arithmetic, comparison, precedence.
print(1 + 2 * 3, (1 + 2) * 3, 2 ** 3 ** 2, -2 ** 2)        #> 7 9 512 -4
print(7 / 2, 8 / 2, 7 // 2, -7 // 2, 7 % 3, -7 % 3)        #> 3.5 4 3 -4 1 2
print(1.5 + 1, 0.1 + 0.2, 1e3, 10.0)                       #> 2.5 0.30000000000000004 1000.0 10.0
print(6 & 3, 6 | 3, 6 ^ 3, ~5, 1 << 4, 256 >> 4)           #> 2 7 5 -6 16 16
print(0xFF, 0o17, 0b101, 1_000_000)                        #> 255 15 5 1000000
print(1 < 2, 2 <= 1, 1 == 1.0, "a" < "b", "1" == 1)        #> true false true true false
print(true && false, true || false, !true, not false)      #> false true false true
print(null ?? 5, 0 ?? 5, 1 and 2, 0 or "x")                #> 5 0 2 x
print(2 in [1, 2], 3 not in [1, 2], "b" in "abc", "k" in {k: 1}, 5 in 0..5)   #> true true true true false
x = 5
x += 2; x -= 1; x *= 3; x /= 2; x %= 5
print(x)                                                   #> 4
x = 6; x |= 1; x &= 5; x ^= 2; x <<= 3; x >>= 1
print(x)                                                   #> 28
print(2 GiB, 1.5 KiB, 100 ms, 1 Gbit/s, 2.4 GHz)           #> 2 GiB 1536 B 100 ms 1 Gbit/s 2400 MHz
print(2 GiB / 512 MiB, 1 GiB * 2, 1 GiB / 4, 1 s + 500 ms, 3 KiB > 2 KiB)   #> 4 2 GiB 256 MiB 1500 ms true
print("ab" + 1 + null, "ab" * 3, [1] + [2], [0] * 3)       #> ab1null ababab [1, 2] [0, 0, 0]
print(4 * 1024**3)                                         #> 4294967296
