machine web {
    memory = 2 GIB  #~ NY0007@16 `GIB` is not a unit  #~ help did you mean `GiB`?
    cpus = = 2  #~ NY0101@12 expected a value, found `=`  #~ help `=` sets a value and stands alone in a statement; `==` compares
    boot = linux(kernel: "vmlinuz" initrd: "x")  #~ NY0101@36 expected `,` or `)`, found `initrd`
    serial com1 { base = 0x3f8 + }  #~ NY0101@33 expected a value, found `}`
    name = "unterminated  #~ NY0002@69 ``` does not belong into a program  #~ help strings stand between `"`
    tag = "bad \q escape"  #~ NY0004@16 `\q` is not an escape  #~ help the escapes are \n \t \r \0 \a \e \\ \" \' \$ \x41 and \u{1F600}; a backslash itself is \\
}
fn f(a b) { return a }  #~ NY0101@8 expected `,` or `)`, found `b`
if x = 3 { let y = 1 }  #~ NY0101@6 expected `{`, found `=`  #~ help `=` sets a value and stands alone in a statement; `==` compares
let n = 99999999999999999999  #~ NY0006@9 this number is too large
for x xs { }  #~ NY0101@7 expected `in`, found `xs`
