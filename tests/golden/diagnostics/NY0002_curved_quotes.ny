let title = “web”  #~ NY0002@13 `“` does not belong into a program  #~ help use a straight quote: `"`
let größe = 1  #~ NY0002@7 `ö` does not belong into a program  #~ help names are made of ASCII letters, digits and `_`; anything else belongs into a string or a comment
let x = 1 – 2  #~ NY0002@11 `–` does not belong into a program  #~ help use an ASCII minus: `-`
