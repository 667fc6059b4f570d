let a = True  #~ NY0201@9 nothing here is called `True`  #~ help did you mean `true`?
let b = None  #~ NY0201@9 nothing here is called `None`  #~ help did you mean `null`?
let c = yes  #~ NY0201@9 nothing here is called `yes`  #~ help did you mean `true`?
let d = NULL  #~ NY0201@9 nothing here is called `NULL`  #~ help did you mean `null`?
let e = nil  #~ NY0201@9 nothing here is called `nil`  #~ help did you mean `null`?
