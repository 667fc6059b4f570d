let n = len("abc"))  #~ NY0103@19 nothing is open for this `)`
if n { print(n) } }  #~ NY0103@19 nothing is open for this `}`
