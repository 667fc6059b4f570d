# Strings, interpolation, formats, printf.
name = "Nyx"; n = 255
print("Hello ${name}, ${1 + 2} ${n:x} ${n:08b} ${n:#x} ${3.14159:.2f} [${name:>6}] [${name:^7}] [${n:,}]")
#> Hello Nyx, 3 ff 11111111 0xff 3.14 [   Nyx] [  Nyx  ] [255]
printf("%s=%d 0x%04X %.3f %5s|%-5s| %c %%\n", "a", 42, 255, 1.5, "r", "l", 65)   #> a=42 0x00FF 1.500     r|l    | A %
printf("[%s][%s] %s\n", "INFO", "vm", [1, "x"])          #> [INFO][vm] [1, "x"]
s = "Hello, Wörld"
print(len(s), s[0], s[-1], s[7:], s[:5], s[-5:-1])       #> 12 H d Wörld Hello Wörl
print(s.upper(), s.lower(), s.replace("l", "L"))         #> HELLO, WöRLD hello, wörld HeLLo, WörLd
print("a,b,,c".split(","), " a  b ".split(), "-".join(["x", "y"]), ["x", 1].join("+"))   #> ["a", "b", "", "c"] ["a", "b"] x-y x+1
print("  pad ".trim() + "|", "abc".contains("bc"), "abc".starts_with("ab"), "abc".ends_with("x"), s.find("W"))   #> pad| true true false 7
print("tab\tquote\" ${"nested ${n}"}")                   #> tab	quote" nested 255
print('single ' + "x" * 3, ord("A"), chr(233), hex(255), bin(5))   #> single xxx 65 é 0xff 0b101
print(int("42"), int("0x1F"), int("ff", 16), float("2.5"), str(1.0), int(3.9), bool(""))   #> 42 31 255 2.5 1.0 3 false
print(reversed("abc"), "abc".chars(), "b" in "abc")      #> cba ["a", "b", "c"] true
print(type(1), type(1.0), type("s"), type([]), type({}), type(null), type(1 KiB), type(print))   #> int float string array map null size function
print("""triple "quoted" text""")                        #> triple "quoted" text
