# Locals have the join of what is assigned to them, also further down.
let count = 1                         #: count: int
let mut ratio = 1                     #: ratio: number
ratio = 0.5
let name = "web${count}"              #: name: string
let none = null                       #: none: null
let mut later = null                  #: later: string?
later = "now"
let mut mixed = 1                     #: mixed: unknown
mixed = "text"
let sizes = 2 GiB + 1 MiB             #: sizes: size
let often = 2 * 1 GHz                 #: often: frequency
let share = 3 GiB / 2 GiB             #: share: number
let whole = 7 // 2                    #: whole: int
let divided = 7 / 2                   #: divided: number
let power = 2 ** 10                   #: power: int
let yes = count < 3 && name != ""     #: yes: bool
let either = later ?? "default"       #: either: string
let steps = 0..count                  #: steps: range
let given: float = 2                  #: given: float
let port: u16 = 80                    #: port: u16
let maybe: string? = null             #: maybe: string?
let any_thing: any = 5                #: any_thing: unknown
total = 0                             #: total: int
for i in 0..10 { total += i }         #: i: int; total: int
for letter in name { print(letter) }  #: letter: string
for (k = 0; k < 3; k++) { print(k) }  #: k: int
let a, b = (1, "x")                   #: a: int; b: string
typealias Address = u64
let base: Address = 0x1000            #: base: u64
