# A variable read before it has a value.
if false { later = 1 }
print("so far")          #> so far
print(later)             #! NY0301
