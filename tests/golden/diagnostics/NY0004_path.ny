let path = "C:\vm\disk.img"  #~ NY0004@15 `\v` is not an escape  #~ help the escapes are \n \t \r \0 \a \e \\ \" \' \$ \x41 and \u{1F600}; a backslash itself is \\
