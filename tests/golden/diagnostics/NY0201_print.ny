let sizes = [1, 2, 3]
print(size)  #~ NY0201@7 nothing here is called `size`  #~ help did you mean `sizes`?
