print "hello"  #~ NY0101@7 `"hello"` does not fit here  #~ help a call needs parentheses: `print(…)`
let cond = true
let x = cond ? 1 : 2  #~ NY0101@14 expected the end of the statement, found `?`  #~ help Nyx has no `? :`; write `if condition { … } else { … }`
// comment  #~ NY0101@1 comments begin with `#`, not with `//`  #~ help a comment goes from `#` to the end of its line
for (i = 0; i < 3) { }  #~ NY0101@18 expected `;`, found `)`
let y = (1 = 2)  #~ NY0101@12 expected `,` or `)`, found `=`  #~ help `=` sets a value and stands alone in a statement; `==` compares
