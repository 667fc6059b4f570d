let sizes = [1, 2, 3]
print(size)  #~ NY0201@7 `size` is not defined  #~ help did you mean `sizes`?
