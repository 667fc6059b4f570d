machine web : staging {  #~ NY0221@15 these machines extend each other in a circle
    boot = pvh(image: "probe.elf")
}
machine staging : web { }  #~ label@19 staging extends web
