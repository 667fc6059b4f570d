# What a container holds is a guess: others may put anything into it.
let ports = [80, 443]                       #: ports: array<int>
let first = ports[0]                        #: first: ~int
let empty = []                              #: empty: array<string>
empty.push("a")
let ages = {"a": 1, "b": 2}                 #: ages: map<string, int>
let age = ages["a"]                         #: age: ~int
let age_b = ages.b                          #: age_b: ~int
let names = ages.keys()                     #: names: array<string>
let pair = (1, "x", 2 KiB)                  #: pair: (int, string, size)
let words = "a b".split(" ")                #: words: array<string>
for word in words { print(word.upper()) }   #: word: ~string
for k, v in ages { print(k, v) }            #: k: ~string; v: ~int
let doubled = [p * 2 for p in ports]        #: doubled: array<int>; p: ~int
let length = words.length                   #: length: int
let joined = ", ".join(words)               #: joined: string
let taken = ports.pop()                     #: taken: ~int
let some = ports[0:1]                       #: some: array<int>
let mixed = [1, "x"]                        #: mixed: array
let nested = [[1], [2]]                     #: nested: array<array<int>>
let mut loop = []
for i in 0..3 { loop = [loop] }             #: loop: array
let loud = words.map(fn(w) { return w.upper() })   #: w: ~string; loud: array
