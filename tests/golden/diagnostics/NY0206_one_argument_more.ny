fn scale(x, by = 2) { return x * by }  #~ label@4 declared here
print(scale(1, 2, 3))  #~ NY0206@19 `scale` takes 2 arguments, and this is one more
