def web():  #~ NY0101@10 a block stands in `{ }`, not behind `:`  #~ help write `fn web() { … }`; indentation has no meaning
    return 1
for i in range(3):  #~ NY0101@18 a block stands in `{ }`, not behind `:`  #~ help write `for i in range(3) { … }`; indentation has no meaning
    print(i)
if true:  #~ NY0101@8 a block stands in `{ }`, not behind `:`  #~ help write `if true { … }`; indentation has no meaning
    print(1)
elif false:
    print(2)
else:
    print(3)
