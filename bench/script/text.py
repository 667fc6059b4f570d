def main():
    parts = []
    for i in range(400000):
        parts.append(f"item {i}: {i * 2}")
    text = ",".join(parts)
    print(len(text), len(text.split(",")), text.upper().find("ITEM 399999"))


main()
