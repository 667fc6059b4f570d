counts = {}
seed = 1
for i in 0..1000000 {
    seed = (seed * 1103515245 + 12345) % 2147483648
    key = seed % 5000
    if key in counts { counts[key] += 1 } else { counts[key] = 1 }
}
names = {}
for i in 0..200000 {
    name = "key" + str(i % 1000)
    names[name] = names.get(name, 0) + i
}
print(len(counts), sum(counts.values()), names["key7"])
