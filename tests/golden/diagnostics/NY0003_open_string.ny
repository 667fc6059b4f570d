let title = "web  #~ NY0003@13 this string has no closing `"` on its line  #~ help end it with `"`, or use """…""" for a text of several lines
let other = "a ${title  #~ NY0003@13 this string has no closing `"` on its line  #~ help end it with `"`, or use """…""" for a text of several lines
let good = 1
