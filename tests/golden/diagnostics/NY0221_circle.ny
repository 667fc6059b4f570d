machine web : staging {
    boot = pvh(image: "probe.elf")
}
machine staging : web { }
