seed = 42
numbers = []
for i in range(0, 300000):
    seed = (seed * 1103515245 + 12345) % 2147483648
    numbers.append(seed)
a = sorted(numbers)
b = sorted(numbers, key=lambda x: x % 1000)
words = [str(n) for n in numbers]
c = sorted(words)


# A sort written in the language
def quick(xs, low, high):
    while low < high:
        pivot = xs[(low + high) // 2]
        i = low
        j = high
        while i <= j:
            while xs[i] < pivot:
                i += 1
            while xs[j] > pivot:
                j -= 1
            if i <= j:
                swap = xs[i]
                xs[i] = xs[j]
                xs[j] = swap
                i += 1
                j -= 1
        quick(xs, low, j)
        low = i


d = numbers[:100000]
quick(d, 0, len(d) - 1)
print(a[0], a[-1], b[0] % 1000, c[0], d[0], d[99999])
