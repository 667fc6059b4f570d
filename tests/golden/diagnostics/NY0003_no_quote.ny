let greeting = "hello  #~ NY0003@16 this string has no closing `"` on its line  #~ help end it with `"`, or use """…""" for a text of several lines
