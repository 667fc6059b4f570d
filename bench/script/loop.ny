fn main() {
    let mut total = 0
    for (i = 0; i < 5000000; i++) { if i % 3 == 0 { total += i } }
    print(total)
}
main()
