let path = "C:\\machines"
let drive = "\q"  #~ NY0004@14 `\q` is not an escape  #~ help the escapes are \n \t \r \0 \a \e \\ \" \' \$ \x41 and \u{1F600}; a backslash itself is \\
