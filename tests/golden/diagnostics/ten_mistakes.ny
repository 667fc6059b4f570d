machine web {
    memory = 2 GIB  #~ NY0007@16 `GIB` is not a unit  #~ help did you mean `GiB`?
    cpus = = 2  #~ NY0101@12 expected a value, found `=`  #~ help `=` sets a value and stands alone in a statement; `==` compares
    boot = pvh(image: "probe.elf" initrd: "x")  #~ NY0101@35 expected `,` or `)`, found `initrd`
    serial com1 { base = 0x3f8 + }  #~ NY0101@33 expected a value, found `}`
    serial com2 { backend = stdoi }  #~ NY0509@29 `stdoi` is not a choice for `backend`  #~ help did you mean `stdio`?
    debugcon { backend = file("unterminated) }  #~ NY0003@31 this string has no closing `"` on its line  #~ help end it with `"`, or use """…""" for a text of several lines
    require memory >= 1 GiB, "bad \q escape"  #~ NY0004@35 `\q` is not an escape  #~ help the escapes are \n \t \r \0 \a \e \\ \" \' \$ \x41 and \u{1F600}; a backslash itself is \\
}
fn f(a b) { return a }  #~ NY0101@8 expected `,` or `)`, found `b`
if f(1) = 3 { let y = 1 }  #~ NY0101@9 expected `{`, found `=`  #~ help `=` sets a value and stands alone in a statement; `==` compares
let n = 99999999999999999999  #~ NY0006@9 this number is too large
for x xs { }  #~ NY0101@7 expected `in`, found `xs`
let half = n / 0
let zero = 1 / (3 - 3)  #~ NY0301@12 division by zero
print(zero + half)
machine spare { boot = pvh(image: "prob.elf"); cups = 2 }  #~ NY0601@35 there is no file 'prob.elf'  #~ help did you mean 'probe.elf'?  #~ NY0501@48 machine spare has no field `cups`  #~ help did you mean `cpus`?
