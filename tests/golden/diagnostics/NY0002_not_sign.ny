let reserve = 3 ¬ 1  #~ NY0002@17 `¬` does not belong into a program  #~ help names are made of ASCII letters, digits and `_`; anything else belongs into a string or a comment
