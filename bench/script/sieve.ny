fn sieve(n) {
    let composite = array(n + 1, false)
    let mut count = 0
    for (i = 2; i <= n; i++) {
        if !composite[i] {
            count += 1
            for (j = i * i; j <= n; j += i) { composite[j] = true }
        }
    }
    return count
}
print(sieve(2000000))
