let ports = [0x3f8, 0x2f8]
print(ports[2])  #~ NY0301@7 index 2 is outside: the length is 2
