let count = 3
print(cuont)  #~ NY0201@7 nothing here is called `cuont`  #~ help did you mean `count`?
