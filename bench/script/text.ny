fn main() {
    let mut parts = []
    for i in 0..400000 { parts.push("item ${i}: ${i * 2}") }
    let text = ",".join(parts)
    print(len(text), len(text.split(",")), text.upper().find("ITEM 399999"))
}
main()
